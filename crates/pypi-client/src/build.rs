//! Building, to learn what a source distribution needs: by the Python that the user named, through its own `pip`, in a
//! temporary folder. Whoever allows that runs code of strangers; nobody else ever does.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use pypi::{DistributionName, WheelName, wheel};

use crate::process;
use crate::state::State;

/// Compilers take their time, but not all of it.
const LIMIT: Duration = Duration::from_mins(15);
/// No wheel that is built for its metadata is larger.
const MAX_WHEEL: u64 = 2 * 1024 * 1024 * 1024;

/// The metadata of the wheel that is built of an archive, as bytes.
pub(crate) fn of_sdist(
    state: &State,
    python: &Path,
    file: &str,
    archive: &[u8],
    subdirectory: Option<&str>,
    name: &DistributionName,
) -> Result<Vec<u8>, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    // The name that an index gives to a file is not to lead elsewhere.
    let file = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let path = folder.path().join(file);
    ayon_disk::write_atomic(&path, archive).map_err(|error| error.to_string())?;
    of_path(state, python, &path, subdirectory, name)
}

/// The metadata of the wheel that is built of a file or folder, as bytes.
pub(crate) fn of_path(
    state: &State,
    python: &Path,
    path: &Path,
    subdirectory: Option<&str>,
    name: &DistributionName,
) -> Result<Vec<u8>, String> {
    if state.options.offline {
        return Err(
            "building may need what is not here, and --offline forbids to fetch it".to_owned(),
        );
    }
    let what = target(path, subdirectory).ok_or("its path is no URL")?;
    let out = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut command = Command::new(python);
    command
        .args([
            "-m",
            "pip",
            "wheel",
            "--no-deps",
            "--no-input",
            "--disable-pip-version-check",
            "--quiet",
        ])
        .arg("--wheel-dir")
        .arg(out.path())
        .arg(what);
    process::run(command, LIMIT, &|| state.is_over())?;
    let entries = ayon_disk::read_dir(out.path()).map_err(|error| error.to_string())?;
    let wheels = entries
        .iter()
        .filter_map(|entry| Some((entry, entry.name.to_str()?.parse::<WheelName>().ok()?)));
    let Some((entry, wheel_name)) = wheels.into_iter().find(|(_, wheel)| wheel.name == *name)
    else {
        return Err(format!("the build made no wheel of {name}"));
    };
    let bytes = ayon_disk::read(&entry.path, MAX_WHEEL).map_err(|error| error.to_string())?;
    wheel::metadata_of(&bytes, &wheel_name).map_err(|error| error.to_string())
}

/// What `pip` is to build: a path, or a URL where only a part is meant.
fn target(path: &Path, subdirectory: Option<&str>) -> Option<OsString> {
    let Some(subdirectory) = subdirectory else {
        return Some(path.as_os_str().to_owned());
    };
    if path.is_dir() {
        return Some(path.join(subdirectory).into_os_string());
    }
    let mut url = reqwest::Url::from_file_path(path).ok()?;
    url.set_fragment(Some(&format!("subdirectory={subdirectory}")));
    Some(String::from(url).into())
}
