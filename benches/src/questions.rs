//! The questions that tests and benches ask again and again.

use ayon_model::{
    AddonName, Bundle, EffectiveBundle, Origin, Place, Process, Selected, Studio, System, Target,
    Variant, VersionRange, merge,
};
use ayon_solve::{AddonAsk, LauncherAsk, Question, Wanted};

/// A studio bundle of these pins.
pub fn bundle<'a>(
    name: &str,
    addons: impl IntoIterator<Item = (&'a str, &'a str)>,
    launcher: &str,
) -> Bundle {
    let mut bundle = Bundle::new(name, Place::file(format!("bundles/{name}")));
    bundle.addons = addons
        .into_iter()
        .map(|(name, version)| (name.to_owned(), Some(version.to_owned())))
        .collect();
    bundle.installer_version = Some(launcher.to_owned());
    bundle
}

/// What is effective where `bundle` is live and no project has a bundle of its own.
pub fn effective(studio: &Studio, bundle: &Bundle) -> EffectiveBundle {
    let selected = Selected {
        bundle,
        project_bundle: None,
        variant: Variant::Production,
        notes: Vec::new(),
    };
    merge(studio, &selected)
}

/// The launcher's process on the usual processor of `system`.
pub fn launcher_target(system: System) -> Target {
    use ayon_model::{Architecture, Platform};
    let architecture = if system == System::Darwin {
        Architecture::Arm64
    } else {
        Architecture::X86_64
    };
    Target {
        platform: Platform {
            system,
            architecture,
        },
        process: Process::Launcher,
    }
}

/// `plan ADDON... --launcher RANGE` for the launcher's process on Linux.
pub fn plan(addons: &[&str], launcher: &str) -> Question {
    let addons = addons.iter().map(|name| AddonAsk {
        name: AddonName::from(*name),
        wanted: Wanted::Any,
        oldest: false,
        origin: Origin::request(),
    });
    Question {
        target: launcher_target(System::Linux),
        addons: addons.collect(),
        launcher: LauncherAsk {
            wanted: Wanted::Within(VersionRange::read(launcher)),
            oldest: false,
            origin: Origin::request(),
        },
        python: None,
        is_open: true,
        prereleases: false,
    }
}
