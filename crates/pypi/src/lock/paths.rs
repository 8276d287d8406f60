//! Paths as they stand in a lock: relative to it, with `/` on every system.

use std::path::{Component, Path, PathBuf};

use super::LockError;
use super::pylock::Options;

/// How `path`, which is absolute, is written.
pub(super) fn written(path: &Path, options: Options<'_>) -> Result<String, LockError> {
    if options.absolute_paths {
        return joined(path, path.components());
    }
    let missing = |reason| LockError::NoRelativePath {
        path: path.to_owned(),
        reason,
    };
    let folder = options
        .folder
        .ok_or_else(|| missing("the lock has no folder"))?;
    let mut from = folder.components().peekable();
    let mut to = path.components().peekable();
    if from.peek() != to.peek() {
        return Err(missing("they are on different drives"));
    }
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    let mut parts = Vec::new();
    for component in from {
        if component == Component::ParentDir {
            return Err(missing("the folder of the lock is not a plain path"));
        }
        parts.push(Component::ParentDir);
    }
    parts.extend(to);
    if parts.is_empty() {
        parts.push(Component::CurDir);
    }
    joined(path, parts)
}

/// The components with `/` between them.
fn joined<'a>(
    path: &Path,
    components: impl IntoIterator<Item = Component<'a>>,
) -> Result<String, LockError> {
    let mut text = String::new();
    for component in components {
        if component == Component::RootDir {
            text.push('/');
            continue;
        }
        if !text.is_empty() && !text.ends_with('/') {
            text.push('/');
        }
        let part = component.as_os_str().to_str();
        text.push_str(part.ok_or_else(|| LockError::NotText {
            path: PathBuf::from(path),
        })?);
    }
    // The prefix of a Windows path may be written with either separator.
    Ok(if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn relative(path: &str, folder: Option<&str>) -> Result<String, LockError> {
        let options = Options {
            tool: "test",
            folder: folder.map(Path::new),
            absolute_paths: false,
        };
        written(Path::new(path), options)
    }

    #[test]
    fn a_path_leads_from_the_lock_to_the_file() {
        for (path, folder, text) in [
            ("/a/b/c.whl", "/a/b", "c.whl"),
            ("/a/b/c.whl", "/a", "b/c.whl"),
            ("/a/b/c.whl", "/a/d/e", "../../b/c.whl"),
            ("/c.whl", "/", "c.whl"),
            ("/a/../b/c.whl", "/a", "../b/c.whl"),
            ("/a", "/a", "."),
        ] {
            assert_eq!(relative(path, Some(folder)).unwrap(), text);
        }
        assert!(relative("/a/c.whl", None).is_err());
        assert!(relative("/a/c.whl", Some("relative")).is_err());
        assert!(relative("/b/c.whl", Some("/a/../b")).is_err());
    }

    #[test]
    fn absolute_paths_are_asked_for() {
        let options = Options {
            tool: "test",
            folder: None,
            absolute_paths: true,
        };
        assert_eq!(
            written(Path::new("/a/b c.whl"), options).unwrap(),
            "/a/b c.whl"
        );
    }
}
