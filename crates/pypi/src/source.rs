//! What a dependency asks for: versions from an index, or one source that is named outright.

use std::fmt;

use crate::text::visible;
use crate::version::set::VersionSet;

/// Which distributions satisfy a dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constraint {
    /// Any version of a set.
    Versions {
        /// The versions.
        set: VersionSet,
        /// The words in which they were asked for: `^1.6` or `>=1.6,<2`.
        text: String,
    },
    /// This source and no other.
    Source(Source),
}

/// A source that is not an index.
///
/// `Display` writes the direct reference of PEP 508, `git+https://host/repository@v1.0`, with the
/// user part of the URL hidden; the fields have it as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A Git repository.
    Git {
        /// Where it is cloned from.
        url: String,
        /// What is checked out.
        reference: Reference,
        /// The folder of the package in the repository.
        subdirectory: Option<String>,
    },
    /// An archive or anything else at a URL.
    Url {
        /// The URL.
        url: String,
        /// The folder of the package in the archive.
        subdirectory: Option<String>,
    },
    /// A file or folder, relative to the file that names it unless absolute.
    Path {
        /// The path as it was written.
        path: String,
        /// The folder of the package below it.
        subdirectory: Option<String>,
    },
}

/// What is checked out of a repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// The default branch.
    Default,
    /// The head of a branch.
    Branch(String),
    /// A tag.
    Tag(String),
    /// A commit, or anything else Git can resolve.
    Revision(String),
}

impl Reference {
    /// The name as it follows the `@` of a direct reference.
    pub fn name(&self) -> Option<&str> {
        match self {
            Reference::Default => None,
            Reference::Branch(name) | Reference::Tag(name) | Reference::Revision(name) => {
                Some(name)
            }
        }
    }
}

impl fmt::Display for Constraint {
    /// The words as they were written, or the source.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Constraint::Versions { text, .. } => formatter.write_str(&visible(text)),
            Constraint::Source(source) => write!(formatter, "{source}"),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subdirectory = match self {
            Source::Git {
                url,
                reference,
                subdirectory,
            } => {
                let prefix = if url.starts_with("git+") { "" } else { "git+" };
                write!(formatter, "{prefix}{}", presentable(url))?;
                if let Some(name) = reference.name() {
                    write!(formatter, "@{}", visible(name))?;
                }
                subdirectory
            }
            Source::Url { url, subdirectory } => {
                write!(formatter, "{}", presentable(url))?;
                subdirectory
            }
            Source::Path { path, subdirectory } => {
                write!(formatter, "{}", visible(path))?;
                subdirectory
            }
        };
        match subdirectory {
            Some(folder) => write!(formatter, "#subdirectory={}", visible(folder)),
            None => Ok(()),
        }
    }
}

/// A URL without what may be secret in it: a password, and with `http` a user too, because that is
/// where tokens are put. The user of `ssh` is no secret (`git@`).
pub(crate) fn presentable(url: &str) -> String {
    let url = visible(url);
    let Some((scheme, rest)) = url.split_once("://") else {
        return url;
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let Some((user, host)) = authority.rsplit_once('@') else {
        return url;
    };
    match user.split_once(':') {
        None if scheme.ends_with("ssh") => url,
        Some((user, _)) if scheme.ends_with("ssh") => {
            format!("{scheme}://{user}:****@{host}{path}")
        }
        _ => format!("{scheme}://****@{host}{path}"),
    }
}

/// A URL without its user part where that can be a secret, so that it still works for who has the secret; and whether
/// anything was taken away.
///
/// The user of `ssh://git@host/…` is no secret, a password is; for other schemes a lone user is often a token.
pub fn without_secret(url: &str) -> (String, bool) {
    let Some((scheme, rest)) = url.split_once("://") else {
        return (url.to_owned(), false);
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let Some((user, host)) = authority.rsplit_once('@') else {
        return (url.to_owned(), false);
    };
    match user.split_once(':') {
        None if scheme.ends_with("ssh") => (url.to_owned(), false),
        Some((user, _)) if scheme.ends_with("ssh") => {
            (format!("{scheme}://{user}@{host}{path}"), true)
        }
        _ => (format!("{scheme}://{host}{path}"), true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_read_as_direct_references_without_secrets() {
        let git = |url: &str, reference| {
            Source::Git {
                url: url.to_owned(),
                reference,
                subdirectory: Some("python".to_owned()),
            }
            .to_string()
        };
        assert_eq!(
            git(
                "https://host.invalid/api.git",
                Reference::Tag("v3.4.0".to_owned())
            ),
            "git+https://host.invalid/api.git@v3.4.0#subdirectory=python"
        );
        assert_eq!(
            git("https://me:secret@host.invalid/api.git", Reference::Default),
            "git+https://****@host.invalid/api.git#subdirectory=python"
        );
        assert_eq!(
            git("ssh://git@host.invalid/api.git", Reference::Default),
            "git+ssh://git@host.invalid/api.git#subdirectory=python"
        );
        assert_eq!(
            presentable("ssh://git:secret@host.invalid/a@b"),
            "ssh://git:****@host.invalid/a@b"
        );
        assert_eq!(presentable("https://token@h/a"), "https://****@h/a");
        assert_eq!(presentable("https://h/a@b"), "https://h/a@b");
        assert_eq!(presentable("../wheels"), "../wheels");
    }
}
