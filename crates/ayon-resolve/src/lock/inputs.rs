//! What of a studio a lock is made from: only what can change what is chosen, so that nothing else makes it stale.
//!
//! Every digest is of texts that are written here, never of how a value happens to be stored: another version of this
//! program, and another way to read the same studio, must come to the same.

use ayon_lock::{Digest, InputKind, InputName, InputState, Inputs};
use ayon_model::{
    AddonRelease, EffectiveBundle, EffectivePin, Host, HostPython, Knowledge, LauncherBuild,
    Process, Studio, Target,
};

/// What `bundle` says, and what is said of everything in it, as far as it concerns these targets.
pub(super) fn of_studio(studio: &Studio, bundle: &EffectiveBundle, targets: &[Target]) -> Inputs {
    let mut inputs = Inputs::new();
    let mut add = |kind, name: &str, value: String, texts: Option<Vec<String>>| {
        let digest = texts.map(|texts| Digest::of_texts(texts.iter().map(String::as_str)));
        let value = Some(value).filter(|value| !value.is_empty());
        inputs.insert(InputName::new(kind, name), InputState { value, digest });
    };
    // The bundle is the subject of the lock; what a project's is laid over is not.
    if bundle.studio_bundle != bundle.name {
        add(
            InputKind::Bundle,
            &bundle.studio_bundle,
            String::new(),
            None,
        );
    }
    for (name, pin) in &bundle.addons {
        let (value, texts) = of_addon(studio, bundle, name, pin);
        add(InputKind::Addon, name.as_str(), value, Some(texts));
    }
    let launcher = bundle.installer_version.clone().unwrap_or_default();
    for target in targets {
        let builds = studio
            .launcher(&launcher)
            .into_iter()
            .flat_map(|launcher| launcher.builds_for(target.platform.system));
        let texts = builds.flat_map(of_build).collect();
        let platform = target.platform.to_string();
        add(
            InputKind::Launcher,
            &platform,
            launcher.clone(),
            Some(texts),
        );
        if let Process::Host { name, version } = &target.process
            && let Some(host) = studio.host(name, version)
        {
            let (value, texts) = of_host(host);
            let name = format!("{name}/{version}");
            add(InputKind::Host, &name, value, Some(texts));
        }
    }
    inputs
}

fn of_addon(
    studio: &Studio,
    bundle: &EffectiveBundle,
    name: &ayon_model::AddonName,
    pin: &EffectivePin,
) -> (String, Vec<String>) {
    let mut value = pin.version.clone();
    let mut texts = Vec::new();
    if let Some(development) = bundle.development.get(name) {
        value.push_str(", from a developer's folder");
        texts.push(format!("folder {}", development.path));
    }
    if let Some(release) = studio.release(name.as_str(), &pin.version) {
        texts.extend(of_release(release));
    }
    (value, texts)
}

/// What a release says of itself.
fn of_release(release: &AddonRelease) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    if let Some(host) = &release.host_name {
        texts.push(format!("host {host}"));
    }
    match &release.relations {
        Knowledge::Known(relations) => {
            for (field, range) in [
                ("server", &relations.server),
                ("launcher", &relations.launcher),
            ] {
                texts.extend(range.iter().map(|range| format!("{field} {range}")));
            }
            let addons = relations.addons().map(|(field, name, range)| {
                let range = range.map_or_else(|| "any".to_owned(), ToString::to_string);
                format!("{field} {name} {range}")
            });
            texts.extend(addons);
        }
        Knowledge::Legacy => texts.push("legacy".to_owned()),
        Knowledge::Unknown(_) => texts.push("unknown".to_owned()),
    }
    let python = &release.python;
    if let Some(interpreter) = &python.interpreter {
        texts.push(format!("python {}", interpreter.text));
    }
    for requirement in &python.distributions {
        let system = requirement.system.map_or("any", |system| system.as_str());
        let half = match requirement.half {
            ayon_model::Half::Dependencies => "dependencies",
            ayon_model::Half::Runtime => "runtime",
        };
        texts.push(format!("{half} {system} {}", requirement.dependency));
        if requirement.dependency.optional {
            texts.push("optional".to_owned());
        }
    }
    let unreadable = python.unreadable.iter();
    texts.extend(unreadable.map(|one| format!("unreadable {}", one.name)));
    // The order in a file says nothing.
    texts.sort();
    texts
}

fn of_build(build: &LauncherBuild) -> Vec<String> {
    let mut texts = vec![format!("build {}", build.filename)];
    texts.extend(build.python.iter().map(|python| format!("python {python}")));
    for (kind, modules) in [
        ("module", &build.modules),
        ("runtime module", &build.runtime_modules),
    ] {
        let modules = modules.iter();
        texts.extend(modules.map(|(name, version)| format!("{kind} {name} {version}")));
    }
    texts
}

fn of_host(host: &Host) -> (String, Vec<String>) {
    let python = match &host.python {
        HostPython::Exact(version) | HostPython::Series(version) => format!("Python {version}"),
        HostPython::NotEmbedded => "no Python of its own".to_owned(),
        HostPython::Unknown => String::new(),
    };
    let modules = host.modules.iter();
    let modules = modules.map(|(name, version)| format!("module {name} {version}"));
    (python, modules.collect())
}
