//! What a studio may say about its conda.

use ayon_model::Floors;
use conda::{Moment, Platform, Priority, Strategy, Target, VirtualPackage};

use crate::Names;

/// How environments are solved and written.
#[derive(Clone, Debug)]
pub struct Options {
    /// The channels as a person names them, the first the most important.
    pub channels: Vec<String>,
    /// Conda's names of distributions.
    pub names: Names,
    /// What it means that a channel comes first.
    pub priority: Priority,
    /// The oldest systems that must be served.
    pub floors: Floors,
    /// What the machines have beyond that: `__cuda=12.4`.
    pub virtual_packages: Vec<VirtualPackage>,
    /// Only records from before this are looked at.
    pub exclude_newer: Option<Moment>,
    /// Which versions are better.
    pub strategy: Strategy,
    /// Whether what no channel carries is refused instead of left to pip.
    pub no_pip: bool,
    /// Whether what addons ask for and the process has already is in the environment too.
    pub with_provided: bool,
    /// How what is left to pip is chosen.
    pub pip: ayon_backend_venv::Options,
}

impl Default for Options {
    /// conda-forge, strictly, for the usual machines, and pip for what it does not carry.
    fn default() -> Self {
        Self {
            channels: vec!["conda-forge".to_owned()],
            names: Names::default(),
            priority: Priority::default(),
            floors: Floors::default(),
            virtual_packages: Vec::new(),
            exclude_newer: None,
            strategy: Strategy::default(),
            no_pip: false,
            with_provided: false,
            pip: ayon_backend_venv::Options::default(),
        }
    }
}

impl Options {
    /// The machines of a platform that are solved for.
    pub fn target(&self, platform: Platform) -> Target {
        let mut target = Target::new(platform);
        // A floor is two numbers, which every grammar of versions has.
        if platform.is_linux()
            && let Ok(glibc) = self.floors.glibc.to_string().parse()
        {
            target = target.with_glibc(glibc);
        }
        if platform.is_macos()
            && let Ok(macos) = self.floors.macos.to_string().parse()
        {
            target = target.with_macos(macos);
        }
        let others = self.virtual_packages.iter().cloned();
        others.fold(target, Target::with_virtual_package)
    }
}
