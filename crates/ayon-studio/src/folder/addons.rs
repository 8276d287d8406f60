//! Addons as a server's addons folder lays them out: `{name}/{version}/` with a package file, and zips of the same.

use std::sync::Arc;

use ayon_model::{
    Addon, AddonName, AddonRelease, Knowledge, Place, Problem, PythonNeeds, Studio, Subject,
    Version, printable,
};
use semver::{BuildMetadata, Prerelease};
use serde::Deserialize;

use super::{below, list};
use crate::archive;
use crate::files::Files;
use crate::package_file::{self, Format, Package};

/// In the order in which the server looks for them in a folder.
const IN_FOLDERS: [(&str, Format); 3] = [
    ("package.py", Format::Python),
    ("package.yml", Format::Yaml),
    ("package.yaml", Format::Yaml),
];
/// In the order in which it looks for them in a zip.
const IN_ZIPS: [(&str, Format); 3] = [
    ("package.yaml", Format::Yaml),
    ("package.yml", Format::Yaml),
    ("package.py", Format::Python),
];
/// Where the client's requirements stand: packaged, or as in a source repository.
const PYPROJECTS: [&str; 2] = ["private/pyproject.toml", "client/pyproject.toml"];

/// Reads all addons below `root` into `studio`.
pub(super) fn read(files: &Files, root: &str, git_suffix: bool, studio: &mut Studio) {
    let mut reading = Reading {
        files,
        git_suffix,
        studio,
    };
    for entry in list(files, root, &mut reading.studio.problems) {
        let path = below(root, &entry.name);
        if entry.is_folder {
            reading.addon(&path, &entry.name);
        } else if entry.is_file("zip") {
            reading.zip(&path);
        }
    }
}

struct Reading<'a> {
    files: &'a Files,
    git_suffix: bool,
    studio: &'a mut Studio,
}

impl Reading<'_> {
    fn problem(&mut self, place: Place, message: impl Into<String>) {
        self.studio.problems.push(Problem::new(place, message));
    }

    /// The folder of an addon: its releases, and zips of them.
    fn addon(&mut self, path: &str, name: &str) {
        if let Some((file, _)) = IN_FOLDERS
            .iter()
            .find(|(file, _)| self.files.exists(&below(path, file)))
        {
            let message = "a package file stands here without a folder for its version; a server reads \
                           `NAME/VERSION/package.py` only";
            self.problem(Place::file(below(path, file)), message);
            return;
        }
        for entry in list(self.files, path, &mut self.studio.problems) {
            let path = below(path, &entry.name);
            if entry.is_folder {
                self.folder(&path, name, &entry.name);
            } else if entry.is_file("zip") {
                self.zip(&path);
            }
        }
    }

    /// One release as a folder.
    fn folder(&mut self, path: &str, name: &str, version: &str) {
        if self.files.exists(&below(path, "__init__.py")) {
            self.legacy(path, name, version);
            return;
        }
        let found = IN_FOLDERS
            .into_iter()
            .find(|(file, _)| self.files.exists(&below(path, file)));
        let Some((file, format)) = found else {
            // Other folders are no business of ours; one that is called like a version was meant to be a release.
            if Version::parse(version).is_ok() {
                self.problem(
                    Place::file(path),
                    "there is no package file here (package.py); the server skips this folder",
                );
            }
            return;
        };
        let place = Place::file(below(path, file));
        let bytes = match self.files.read(&place.file, package_file::MAX_BYTES) {
            Ok(bytes) => bytes.unwrap_or_default(),
            Err(reason) => {
                return self.problem(place, format!("the file cannot be read: {reason}"));
            }
        };
        let Some(mut package) =
            package_file::read(format, &bytes, &place, &mut self.studio.problems)
        else {
            return;
        };
        let declared = package.version.to_string();
        if package.name != name || declared != version {
            let message = format!(
                "the folder says {} {}, the file says {} {declared}; the server believes the file",
                printable(name),
                printable(version),
                printable(&package.name),
            );
            self.problem(place.clone(), message);
        }
        if self.git_suffix && self.files.exists(&below(path, ".git")) {
            package.version.pre = Prerelease::EMPTY;
            // "git" is valid build metadata; were it not, the declared version would stay.
            package.version.build = BuildMetadata::new("git").unwrap_or(BuildMetadata::EMPTY);
        }
        let python = self.python_in_folder(path, &package);
        self.add(package, python, place);
    }

    fn python_in_folder(&mut self, path: &str, package: &Package) -> PythonNeeds {
        for pyproject in PYPROJECTS {
            let place = Place::file(below(path, pyproject));
            match self.files.read(&place.file, super::MAX_TEXT) {
                Ok(None) => {}
                Ok(Some(bytes)) => return self.python(&bytes, package, &place),
                Err(reason) => self.problem(place, format!("the file cannot be read: {reason}")),
            }
        }
        PythonNeeds::default()
    }

    fn python(&mut self, bytes: &[u8], package: &Package, place: &Place) -> PythonNeeds {
        let subject = Subject::Addon {
            name: package.name.as_str().into(),
            version: package.version.clone(),
        };
        crate::pyproject::read(bytes, &subject, place, &mut self.studio.problems)
    }

    /// A package of the old kind: its name and version are attributes of a Python class, so the folders' names stand in.
    fn legacy(&mut self, path: &str, name: &str, version: &str) {
        let place = Place::file(below(path, "__init__.py"));
        match Version::parse(version) {
            Ok(version) => self.add(legacy_package(name, version), PythonNeeds::default(), place),
            Err(error) => {
                let message = format!(
                    "the version of this legacy addon cannot be told: its folder `{}` is no semantic version ({error})",
                    printable(version)
                );
                self.problem(place, message);
            }
        }
    }

    /// One release as a zip.
    fn zip(&mut self, path: &str) {
        if let Err(reason) = self.read_zip(path) {
            self.problem(Place::file(path), reason);
        }
    }

    fn read_zip(&mut self, path: &str) -> Result<(), String> {
        let mut zip = archive::Package::open(self.files.open(path)?)?;
        let inside = |file: &str| Place::file(format!("{path}/{file}"));
        if let Some(bytes) = zip.read("manifest.json")? {
            let manifest: Manifest = crate::wire::from_json(&bytes).map_err(|misshapen| {
                format!(
                    "`manifest.json` cannot be read at `{}`: {}",
                    misshapen.at, misshapen.reason
                )
            })?;
            let version = Version::parse(&manifest.addon_version).map_err(|error| {
                format!(
                    "version `{}` is no semantic version ({error})",
                    printable(&manifest.addon_version)
                )
            })?;
            self.add(
                legacy_package(&manifest.addon_name, version),
                PythonNeeds::default(),
                inside("manifest.json"),
            );
            return Ok(());
        }
        let found = IN_ZIPS.into_iter().find(|(file, _)| zip.has(file));
        let Some((file, format)) = found else {
            return Err("there is no package file (package.py) at the root of this zip; it is no server package".to_owned());
        };
        let place = inside(file);
        let bytes = zip.read(file)?.unwrap_or_default();
        let Some(package) = package_file::read(format, &bytes, &place, &mut self.studio.problems)
        else {
            return Ok(());
        };
        let expected = format!("{}-{}.zip", package.name, package.version);
        if path.rsplit('/').next() != Some(&expected) {
            let message = format!(
                "the package inside is {}; the server believes the package",
                printable(&expected)
            );
            self.problem(Place::file(path), message);
        }
        let mut python = PythonNeeds::default();
        for pyproject in PYPROJECTS {
            if let Some(bytes) = zip.read(pyproject)? {
                python = self.python(&bytes, &package, &inside(pyproject));
                break;
            }
        }
        self.add(package, python, place);
        Ok(())
    }

    fn add(&mut self, package: Package, python: PythonNeeds, place: Place) {
        let name = AddonName::from(package.name);
        let addon = self
            .studio
            .addons
            .entry(name.clone())
            .or_insert_with(|| Addon {
                name: name.clone(),
                releases: std::collections::BTreeMap::new(),
            });
        if let Some(other) = addon.releases.get(&package.version) {
            let message = format!(
                "{name} {} is also in {}, which is used",
                package.version, other.package_file
            );
            return self.problem(place, message);
        }
        let release = AddonRelease {
            name,
            version: package.version.clone(),
            title: package.title,
            host_name: package.host_name,
            project_can_override: package.project_can_override,
            relations: package.relations,
            python,
            broken: None,
            package_file: place,
        };
        addon.releases.insert(package.version, Arc::new(release));
    }
}

/// `manifest.json` of a legacy zip.
#[derive(Deserialize)]
struct Manifest {
    addon_name: String,
    addon_version: String,
}

fn legacy_package(name: &str, version: Version) -> Package {
    Package {
        name: name.to_owned(),
        version,
        title: None,
        host_name: None,
        project_can_override: false,
        relations: Knowledge::Legacy,
    }
}
