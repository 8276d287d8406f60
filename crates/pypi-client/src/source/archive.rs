//! Wheels and archives of source trees that are named outright, and source trees on this machine.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use pypi::lock::{FileLocation, LockedFile, Origin};
use pypi::{DistributionName, Metadata, SdistKind, Source, WheelName, sdist, wheel};
use sha2::{Digest, Sha256};

use super::{Learnt, pinned, tree, without_login};
use crate::build;
use crate::cache::{FileKey, StoredFile};
use crate::http::{Expected, FileAnswer};
use crate::plan::Plan;
use crate::state::{Answer, State};
use crate::wheelhouse::hexadecimal;

/// The largest archive that is read.
const MAX_ARCHIVE: u64 = 2 * 1024 * 1024 * 1024;
/// The largest `pyproject.toml` or `PKG-INFO` that is read.
const MAX_TEXT: u64 = 16 * 1024 * 1024;

/// What the archive at a URL holds, as far as that is remembered.
pub(super) fn at_hand(
    state: &State,
    name: &DistributionName,
    source: &Source,
) -> Option<(StoredFile, Origin)> {
    let Source::Url { url, subdirectory } = source else {
        return None;
    };
    let pin = pinned(state, name, source)?;
    let (hash, size) = pin.split_once(' ')?;
    let says = state.stored(&FileKey::of_hash(hash, subdirectory.as_deref()))?;
    let origin = Origin::Archive {
        file: locked(url, hash.to_owned(), size.parse().ok()?),
        subdirectory: subdirectory.clone(),
    };
    Some((says, origin))
}

/// What the archive at a URL holds, by asking for all of it: a lock needs its hash.
pub(super) async fn fetch(
    plan: &Plan,
    name: &DistributionName,
    source: &Source,
) -> Answer<Result<Learnt, String>> {
    let Source::Url { url, subdirectory } = source else {
        return Ok(Err("it is not looked at here".to_owned()));
    };
    let (address, fragment) = url.split_once('#').unwrap_or((url, ""));
    let hashes = fragment.split('&').filter_map(|part| part.split_once('='));
    let hashes = hashes.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let expected = Expected {
        size: None,
        hashes: hashes.collect(),
    };
    let FileAnswer::Whole(bytes) = plan.http.whole(address, &expected, MAX_ARCHIVE).await? else {
        return Ok(Err("there is no such file".to_owned()));
    };
    let (state, name, url, subdirectory) = (
        Arc::clone(&plan.state),
        name.clone(),
        url.clone(),
        subdirectory.clone(),
    );
    let learn = move || {
        let hash = hexadecimal(&Sha256::digest(&bytes));
        let pin = Some(format!("{hash} {}", bytes.len()));
        let file = locked(&url, hash, bytes.len() as u64);
        let learnt = learn(&state, &name, file, &bytes, subdirectory);
        Ok(learnt.map(|learnt| Learnt { pin, ..learnt }))
    };
    plan.beside(learn).await
}

/// What a file or folder on this machine holds.
pub(super) fn local(
    state: &State,
    name: &DistributionName,
    path: &Path,
    subdirectory: Option<&str>,
) -> Result<Learnt, String> {
    let path = std::path::absolute(path).map_err(|error| error.to_string())?;
    if path.is_dir() {
        let says = folder(state, name, &path, subdirectory)?;
        let subdirectory = subdirectory.map(str::to_owned);
        let origin = Origin::Directory { path, subdirectory };
        return Ok(Learnt {
            origin,
            says,
            kept: Vec::new(),
            pin: None,
        });
    }
    let bytes = ayon_disk::read(&path, MAX_ARCHIVE).map_err(|error| error.source.to_string())?;
    let file = LockedFile {
        name: path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        location: FileLocation::Path(path),
        size: Some(bytes.len() as u64),
        uploaded: None,
        hashes: BTreeMap::from([("sha256".to_owned(), hexadecimal(&Sha256::digest(&bytes)))]),
    };
    let learnt = learn(state, name, file, &bytes, subdirectory.map(str::to_owned))?;
    for (key, stored) in &learnt.kept {
        state.store.keep_file(key, stored);
    }
    Ok(learnt)
}

/// What an archive holds.
fn learn(
    state: &State,
    name: &DistributionName,
    file: LockedFile,
    bytes: &[u8],
    subdirectory: Option<String>,
) -> Result<Learnt, String> {
    let hash = file.hashes.get("sha256").cloned().unwrap_or_default();
    let key = FileKey::of_hash(&hash, subdirectory.as_deref());
    let mut kept = Vec::new();
    let known = state.stored(&key);
    let mut says = known.unwrap_or_else(|| {
        let says = judge(name, &file.name, bytes, subdirectory.is_some());
        kept.push((key.clone(), says.clone()));
        says
    });
    if let (StoredFile::Dynamic, Some(python)) = (&says, &state.options.allow_build) {
        let built = build::of_sdist(
            state,
            python,
            &file.name,
            bytes,
            subdirectory.as_deref(),
            name,
        )?;
        let built = Metadata::parse(&built).map_err(|error| error.to_string())?;
        says = StoredFile::Metadata(built.into());
        kept.push((key.built_by(python), says.clone()));
    }
    let origin = Origin::Archive { file, subdirectory };
    Ok(Learnt {
        origin,
        says,
        kept,
        pin: None,
    })
}

/// What an archive says without being built. That a part of it is meant, only a build can tell.
fn judge(name: &DistributionName, file: &str, bytes: &[u8], is_part: bool) -> StoredFile {
    let bad = |reason: String| StoredFile::Bad(reason);
    if let Ok(wheel_name) = file.parse::<WheelName>() {
        let metadata = wheel::metadata_of(bytes, &wheel_name).map_err(|error| error.to_string());
        let metadata = metadata.and_then(|metadata| {
            let metadata = Metadata::parse(&metadata).map_err(|error| error.to_string())?;
            metadata
                .check(&wheel_name.name, &wheel_name.version)
                .map_err(|error| error.to_string())?;
            Ok(metadata)
        });
        return metadata.map_or_else(bad, |metadata| StoredFile::Metadata(metadata.into()));
    }
    let Some((_, kind)) = SdistKind::of(file) else {
        return bad("it is neither a wheel nor an archive of a source tree".to_owned());
    };
    // What a host packs of a repository has no metadata at all.
    let metadata = sdist::metadata_of(bytes, kind, name)
        .ok()
        .filter(|_| !is_part);
    match metadata.and_then(|metadata| Metadata::parse(&metadata).ok()) {
        Some(metadata) if metadata.static_dependencies() => StoredFile::Metadata(metadata.into()),
        _ => StoredFile::Dynamic,
    }
}

/// What a source tree says.
fn folder(
    state: &State,
    name: &DistributionName,
    path: &Path,
    subdirectory: Option<&str>,
) -> Result<StoredFile, String> {
    let tree = subdirectory.map_or_else(|| path.to_owned(), |subdirectory| path.join(subdirectory));
    let pyproject = ayon_disk::read_to_string(&tree.join("pyproject.toml"), MAX_TEXT);
    if let Some(metadata) = pyproject.ok().and_then(|text| tree::metadata(&text).ok()) {
        return Ok(StoredFile::Metadata(metadata.into()));
    }
    let Some(python) = &state.options.allow_build else {
        return Ok(StoredFile::Dynamic);
    };
    let built = build::of_path(state, python, path, subdirectory, name)?;
    let built = Metadata::parse(&built).map_err(|error| error.to_string())?;
    Ok(StoredFile::Metadata(built.into()))
}

/// The file at a URL as a lock records it.
fn locked(url: &str, hash: String, size: u64) -> LockedFile {
    let url = url.split_once('#').map_or(url, |(address, _)| address);
    let path = url.split_once('?').map_or(url, |(path, _)| path);
    LockedFile {
        name: path
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .replace("%2B", "+")
            .replace("%2b", "+"),
        location: FileLocation::Url(without_login(url)),
        size: Some(size),
        uploaded: None,
        hashes: BTreeMap::from([("sha256".to_owned(), hash)]),
    }
}
