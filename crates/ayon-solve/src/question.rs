//! What is asked of the core: one target, a list of addons in order of importance, a launcher.
//!
//! The same question serves both uses. A *bundle* pins every addon and closes the world: what it does not name is not
//! there ([`Question::of_bundle`]). A *plan* gives ranges and leaves the world open: what the chosen addons require is
//! chosen too, newest first in the order asked.

use ayon_model::{AddonName, EffectiveBundle, Origin, Target, VersionRange};

/// What to resolve.
#[derive(Clone, Debug)]
pub struct Question {
    /// For which process and platform.
    pub target: Target,
    /// The addons asked for, the most important first.
    pub addons: Vec<AddonAsk>,
    /// The launcher asked for.
    pub launcher: LauncherAsk,
    /// The interpreter, where the asker knows better than the studio.
    pub python: Option<pypi::Version>,
    /// Whether addons nobody asked for may be chosen because others require them.
    pub is_open: bool,
    /// Whether pre-releases and builds such as `1.9.7+dev` rank by their version; else they are chosen last.
    pub prereleases: bool,
}

/// One addon asked for.
#[derive(Clone, Debug)]
pub struct AddonAsk {
    /// Which.
    pub name: AddonName,
    /// In which version.
    pub wanted: Wanted,
    /// The oldest version that will do, instead of the newest.
    pub oldest: bool,
    /// Who asks.
    pub origin: Origin,
}

/// The launcher asked for.
#[derive(Clone, Debug)]
pub struct LauncherAsk {
    /// In which version.
    pub wanted: Wanted,
    /// The oldest version that will do, instead of the newest.
    pub oldest: bool,
    /// Who asks.
    pub origin: Origin,
}

/// Which versions will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// This one, as written.
    Exactly(String),
    /// Those in a range.
    Within(VersionRange),
    /// All.
    Any,
}

impl Question {
    /// The question whether `bundle` works for `target`, just as it is pinned.
    ///
    /// A bundle without a launcher asks for any: whoever calls this decides whether that is an answer.
    pub fn of_bundle(bundle: &EffectiveBundle, target: Target) -> Self {
        let addons = bundle.addons.iter().map(|(name, pin)| AddonAsk {
            name: name.clone(),
            wanted: Wanted::Exactly(pin.version.clone()),
            oldest: false,
            origin: bundle
                .pin_origin(name)
                .unwrap_or_else(|| bundle.origin("addons")),
        });
        let wanted = bundle
            .installer_version
            .clone()
            .map_or(Wanted::Any, Wanted::Exactly);
        Self {
            target,
            addons: addons.collect(),
            launcher: LauncherAsk {
                wanted,
                oldest: false,
                origin: bundle.origin("installerVersion"),
            },
            python: None,
            is_open: false,
            prereleases: true,
        }
    }
}

impl Wanted {
    /// Whether `version` will do. A range with a fault admits nothing beyond it: it is refused before solving.
    pub fn admits(&self, version: &semver::Version) -> bool {
        match self {
            Self::Exactly(text) => {
                semver::Version::parse(text).is_ok_and(|wanted| wanted == *version)
            }
            Self::Within(range) => range.allows(version).unwrap_or(false),
            Self::Any => true,
        }
    }

    /// As written, for people.
    pub fn text(&self) -> String {
        match self {
            Self::Exactly(text) => ayon_model::printable(text),
            Self::Within(range) => range.to_string(),
            Self::Any => "any version".to_owned(),
        }
    }
}
