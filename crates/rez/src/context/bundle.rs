//! Where a context lies: files, rez bundles, and the paths in them.
//!
//! A rez bundle is a folder with a `bundle.yaml`, a `context.rxt` and a repository of its own, which can be moved as a
//! whole; so the locations in its context are relative. Everywhere else they are canonical, since rez compares them
//! letter by letter with the location of the repository it has opened.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use super::{Context, ContextError, MAX_BYTES};

impl Context {
    /// Reads an `.rxt` file. Where a `bundle.yaml` lies beside it, the locations in it are made absolute.
    ///
    /// # Errors
    /// Where the file cannot be read, and [`ContextError::File`] where what it says is no context.
    pub fn load(path: &Path) -> Result<Self, ContextError> {
        let text = ayon_disk::read_to_string(path, MAX_BYTES as u64)?;
        let mut context = Self::read(&text).map_err(|error| ContextError::File {
            path: path.to_owned(),
            source: Box::new(error),
        })?;
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        if folder.join("bundle.yaml").exists() {
            context.resolve_locations(folder);
        }
        Ok(context)
    }

    /// Makes the relative locations of filesystem repositories canonical, as seen from the folder of a bundle.
    pub fn resolve_locations(&mut self, bundle: &Path) {
        for handle in &mut self.resolved {
            let location = Path::new(&*handle.location);
            if &*handle.repository_type == "filesystem" && location.is_relative() {
                let location = canonical_path(&bundle.join(location));
                handle.location = location.to_string_lossy().into();
            }
        }
    }

    /// Makes the locations that lie within the folder of a bundle relative to it: what a file in that folder has to say.
    pub fn relate_locations(&mut self, bundle: &Path) {
        let bundle = canonical_path(bundle);
        for handle in &mut self.resolved {
            if &*handle.repository_type == "filesystem"
                && let Ok(location) = Path::new(&*handle.location).strip_prefix(&bundle)
                && !location.as_os_str().is_empty()
            {
                handle.location = location.to_string_lossy().into();
            }
        }
    }
}

/// The one name of a path, as rez writes it in handles: links followed as far as the path exists, without `.` and `..`,
/// and in lower case on Windows, where case does not count.
pub fn canonical_path(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let path = normalized(&follow(&path));
    if !cfg!(windows) {
        return path;
    }
    // What Windows calls canonical starts with `\\?\`, which Python leaves out.
    let text = path.to_string_lossy().to_lowercase();
    let text = match text.strip_prefix(r"\\?\unc\") {
        Some(share) => format!(r"\\{share}"),
        None => text.strip_prefix(r"\\?\").unwrap_or(&text).to_owned(),
    };
    PathBuf::from(text)
}

/// Follows the links in the part of a path that exists; the rest is kept.
fn follow(path: &Path) -> PathBuf {
    let mut rest: Vec<OsString> = Vec::new();
    let mut existing = path;
    loop {
        if let Ok(mut found) = existing.canonicalize() {
            found.extend(rest.iter().rev());
            return found;
        }
        match (existing.parent(), existing.components().next_back()) {
            (Some(parent), Some(last)) => {
                rest.push(last.as_os_str().to_owned());
                existing = parent;
            }
            _ => return path.to_owned(),
        }
    }
}

/// A path without `.` and `..`, decided by its text alone.
fn normalized(path: &Path) -> PathBuf {
    let mut normalized = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normalized.pop();
            }
            other => normalized.push(other),
        }
    }
    normalized
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_canonical_path_follows_links_and_knows_no_dots() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().canonicalize().unwrap().join("packages");
        ayon_disk::create_dir_all(&real).unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&real, &link).unwrap();

        for path in [&link, &link.join("./"), &link.join("../packages")] {
            assert_eq!(canonical_path(path), real, "{}", path.display());
        }
        // What does not exist is kept, behind what does.
        assert_eq!(
            canonical_path(&link.join("maya/./x/../2024")),
            real.join("maya/2024")
        );
        assert_eq!(
            canonical_path(Path::new("/nowhere/../else/")),
            Path::new("/else")
        );
    }
}
