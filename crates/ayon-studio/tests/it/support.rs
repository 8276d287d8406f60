//! Small helpers: load a source, write a folder, show problems.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use ayon_model::{AddonName, Knowledge, Place, Problem, Studio, Version};
use ayon_studio::stand_in::{KEY, Running};
use ayon_studio::{Credentials, Location, Options, Secret, Source, SourceError, open};

/// Runs a future on a runtime of its own.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

pub(crate) fn sample() -> Studio {
    static SAMPLE: LazyLock<Studio> =
        LazyLock::new(|| run(open(&Location::Sample, Options::default()).unwrap().load()).unwrap());
    SAMPLE.clone()
}

pub(crate) fn load_path(path: &Path) -> Result<Studio, SourceError> {
    let source = open(&Location::Path(path.to_owned()), Options::default())?;
    run(source.load())
}

/// Options that are let in by the stand-in.
pub(crate) fn let_in() -> Options {
    Options {
        credentials: Some(Credentials::ApiKey(Secret::new(KEY))),
        ..Options::default()
    }
}

pub(crate) fn source(server: &Running, options: Options) -> Box<dyn Source> {
    open(&server.url().parse().unwrap(), options).unwrap()
}

/// Every release of a studio.
pub(crate) fn releases(studio: &Studio) -> Vec<(AddonName, Version)> {
    let all = studio
        .addons
        .values()
        .flat_map(|addon| addon.releases.values());
    all.map(|release| (release.name.clone(), release.version.clone()))
        .collect()
}

/// Writes files below a folder. Tests make the mess that the sources are to read.
#[expect(
    clippy::disallowed_methods,
    reason = "a test makes its own fixtures, in a temporary folder"
)]
pub(crate) fn write(root: &Path, files: &[(&str, &[u8])]) {
    for (path, content) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
}

/// The studio of a folder with these files.
pub(crate) fn studio_of(files: &[(&str, &str)]) -> Studio {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(path, text)| (*path, text.as_bytes()))
        .collect();
    write(folder.path(), &files);
    load_path(folder.path()).unwrap()
}

/// Problems, a line each.
pub(crate) fn told(problems: &[Problem]) -> String {
    let line = |problem: &Problem| format!("{}: {}", problem.place, problem.message);
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A studio without what depends on who tells of it: labels, places, and what a server keeps to itself.
pub(crate) fn facts(mut studio: Studio) -> Studio {
    studio.label.clear();
    let nowhere = Place::file("");
    for bundle in &mut studio.bundles {
        bundle.place = nowhere.clone();
    }
    for launcher in studio.launchers.values_mut() {
        launcher
            .builds
            .iter_mut()
            .for_each(|build| build.place = nowhere.clone());
        launcher
            .builds
            .sort_by(|one, other| one.filename.cmp(&other.filename));
    }
    for package in studio.dependency_packages.values_mut() {
        package.place = nowhere.clone();
    }
    for addon in studio.addons.values_mut() {
        let title = addon
            .releases
            .values()
            .last()
            .and_then(|release| release.title.clone());
        for release in addon.releases.values_mut() {
            let release = Arc::make_mut(release);
            release.package_file = nowhere.clone();
            release.host_name = None;
            // The server shows one title for all.
            release.title.clone_from(&title);
            if let Knowledge::Known(relations) = &mut release.relations {
                relations.lines.clear();
                for map in [
                    &mut relations.required,
                    &mut relations.soft_required,
                    &mut relations.compatible,
                ] {
                    map.sort_keys();
                }
            }
            let needs = &mut release.python;
            for origin in needs
                .distributions
                .iter_mut()
                .map(|need| &mut need.origin)
                .chain(needs.interpreter.iter_mut().map(|need| &mut need.origin))
            {
                // The key is the same for all; file and line are not.
                origin.place = origin.place.take().map(|place| nowhere.at(place.key, None));
            }
            needs
                .distributions
                .sort_by_key(|need| need.origin.place.clone());
        }
    }
    studio
}
