//! A lock as the hashed `requirements.txt` of pip, for tools that read no `pylock.toml`.
//!
//! Made for `pip install --require-hashes --no-deps --only-binary :all: -r requirements.txt`. One line without a hash
//! makes pip refuse the whole file, and so does a source that has none: such a lock has no form here.
//!
//! Options that name an index are not written: they may hold secrets. For the wheels of a folder, name the folder with
//! `--find-links`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::{FileLocation, Lock, LockError, LockedFile, LockedPackage, Origin};
use crate::name::DistributionName;
use crate::source::without_secret;
use crate::text::visible;

/// Everything that is written for one requirement.
#[derive(Default)]
struct Line {
    targets: BTreeSet<usize>,
    /// `sha256:…`
    hashes: BTreeSet<String>,
    comments: BTreeSet<String>,
}

/// Writes one lock, or several in one file, each line with the marker of the targets that it is for, unless it is for all.
///
/// # Errors
/// A file has no hash, or a package comes from a repository or a source tree.
pub fn write(locks: &[Lock]) -> Result<String, LockError> {
    let mut locks: Vec<&Lock> = locks.iter().collect();
    locks.sort_by_key(|lock| &lock.target.marker);
    let mut lines: BTreeMap<(&DistributionName, String), Line> = BTreeMap::new();
    for (number, lock) in locks.iter().enumerate() {
        for package in &lock.packages {
            let (requirement, files) = requirement(package)?;
            let line = lines.entry((&package.name, requirement)).or_default();
            line.targets.insert(number);
            for file in files {
                if file.hashes.is_empty() {
                    return Err(LockError::NoHash {
                        package: package.title(),
                        file: file.name.clone(),
                    });
                }
                let hashes = file.hashes.iter();
                line.hashes
                    .extend(hashes.map(|(algorithm, digits)| format!("{algorithm}:{digits}")));
            }
            line.comments.extend(comments(package));
        }
    }
    let mut out = String::new();
    for ((_, requirement), line) in &lines {
        out.push_str(requirement);
        if line.targets.len() < locks.len() {
            let markers: Vec<&str> = line
                .targets
                .iter()
                .map(|number| locks[*number].target.marker.as_str())
                .collect();
            let marker = match markers.as_slice() {
                [only] => (*only).to_owned(),
                several => format!("({})", several.join(") or (")),
            };
            let _ = write!(out, " ; {marker}");
        }
        for hash in &line.hashes {
            let _ = write!(out, " \\\n    --hash={hash}");
        }
        out.push('\n');
        for comment in &line.comments {
            let _ = writeln!(out, "    # {}", visible(comment));
        }
    }
    Ok(out)
}

/// A package without its hashes, and the files that may be installed.
fn requirement(package: &LockedPackage) -> Result<(String, Vec<&LockedFile>), LockError> {
    let not_hashable = |origin: String| LockError::NotHashable {
        package: package.title(),
        origin,
    };
    match &package.origin {
        Origin::Files { wheels, sdist } => {
            let files: Vec<&LockedFile> = wheels.iter().chain(sdist).collect();
            match &package.version {
                Some(version) if !files.is_empty() => {
                    Ok((format!("{}=={version}", package.name), files))
                }
                _ => Err(LockError::NoFile {
                    package: package.title(),
                }),
            }
        }
        Origin::Archive { file, subdirectory } => {
            let url = match &file.location {
                FileLocation::Url(url) => escaped(&without_secret(url).0),
                FileLocation::Path(path) => {
                    let text = path
                        .to_str()
                        .ok_or_else(|| LockError::NotText { path: path.clone() })?;
                    let text = text.replace('\\', "/");
                    // A path that begins with a drive has no `/` of its own.
                    let root = if text.starts_with('/') { "" } else { "/" };
                    escaped(&format!("file://{root}{}", text.replace('%', "%25")))
                }
            };
            let fragment = subdirectory
                .as_ref()
                .map(|folder| format!("#subdirectory={}", escaped(folder)));
            let fragment = fragment.unwrap_or_default();
            Ok((format!("{} @ {url}{fragment}", package.name), vec![file]))
        }
        Origin::Git { url, .. } => Err(not_hashable(format!("git, {}", without_secret(url).0))),
        Origin::Directory { path, .. } => {
            Err(not_hashable(format!("a folder, {}", path.display())))
        }
    }
}

/// A URL in which nothing ends the requirement or begins a comment.
fn escaped(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for letter in url.chars() {
        if letter.is_whitespace() || letter.is_control() {
            let mut bytes = [0; 4];
            for byte in letter.encode_utf8(&mut bytes).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        } else {
            out.push(letter);
        }
    }
    out
}

/// Who asks, and what is held back.
fn comments(package: &LockedPackage) -> impl Iterator<Item = String> {
    let via = package
        .wanted_by
        .iter()
        .map(|wanted| format!("via {}", wanted.who));
    let held_back = package.held_back.iter().map(|held_back| {
        let by = held_back.by.join(", ");
        format!("held back from {} by {by}", held_back.newest)
    });
    held_back.chain(via)
}
