//! A distribution as one PEP 508 requirement, as `pip` and `uv` read it.

use ayon_model::printable;
use pypi::Source;

use crate::{EmitError, ResolvedDistribution};

/// A distribution as a PEP 508 requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// `name[extra]>=1,<2` or `name @ git+https://…@tag`.
    pub text: String,
    /// What could not be said as it was meant.
    pub notes: Vec<String>,
}

/// Writes `distribution` as a PEP 508 requirement.
///
/// A list of PEP 440 clauses is a conjunction: of a set that needs several lists the newest is said, with a note.
///
/// # Errors
/// No version satisfies everybody (a resolution that was solved has none of those), or the source is a relative path,
/// which PEP 508 has no form for.
pub fn requirement(
    distribution: &ResolvedDistribution,
    format: &'static str,
) -> Result<Requirement, EmitError> {
    let mut text = distribution.name.to_string();
    if !distribution.extras.is_empty() {
        let extras: Vec<&str> = distribution
            .extras
            .iter()
            .map(pypi::ExtraName::as_str)
            .collect();
        text = format!("{text}[{}]", extras.join(","));
    }
    let name = &distribution.name;
    let mut notes = Vec::new();
    if let Some(source) = &distribution.source {
        let (url, is_changed) = reference(source).map_err(|reason| EmitError::Inexpressible {
            what: format!("{name} from {source}"),
            format,
            reason: reason.to_owned(),
        })?;
        if is_changed {
            notes.push(format!(
                "{name}: the secret in its URL is left out; give it to git or to the index client"
            ));
        }
        if !distribution.set.is_any() {
            let set = &distribution.set;
            notes.push(format!(
                "{name}: whether its source has one of the versions {set} shows when it is fetched"
            ));
        }
        return Ok(Requirement {
            text: format!("{text} @ {url}"),
            notes,
        });
    }
    let specifiers = distribution.set.specifiers();
    let Some((newest, older)) = specifiers.alternatives().split_last() else {
        return Err(EmitError::Inexpressible {
            what: name.to_string(),
            format,
            reason: "no version satisfies everybody who asks for it".to_owned(),
        });
    };
    text.push_str(newest);
    if !older.is_empty() {
        notes.push(format!(
            "{name}: {specifiers} is asked for; one requirement cannot say \"or\", so only the newest, {newest}, is said"
        ));
    } else if !specifiers.is_exact() {
        notes.push(format!("{name}: PEP 440 has no clause for the exact versions asked for; {newest} leaves out a few"));
    }
    Ok(Requirement { text, notes })
}

/// The direct reference of a source, and whether a secret was taken away.
fn reference(source: &Source) -> Result<(String, bool), &'static str> {
    const RELATIVE: &str = "a path means something only beside the file that names it; publish the package, or name a \
                            git or https URL";
    let (url, is_changed, subdirectory) = match source {
        Source::Git {
            url,
            reference,
            subdirectory,
        } => {
            let url = url.strip_prefix("git+").unwrap_or(url);
            let (url, is_changed) = without_secret(&expanded(url).ok_or(RELATIVE)?);
            let name = reference
                .name()
                .map_or_else(String::new, |name| format!("@{}", printable(name)));
            (format!("git+{url}{name}"), is_changed, subdirectory)
        }
        Source::Url { url, subdirectory } => {
            let (url, is_changed) = without_secret(url);
            (url, is_changed, subdirectory)
        }
        Source::Path { path, subdirectory } if path.starts_with('/') => {
            (format!("file://{}", printable(path)), false, subdirectory)
        }
        Source::Path { .. } => return Err(RELATIVE),
    };
    let fragment = subdirectory
        .as_ref()
        .map(|folder| format!("#subdirectory={}", printable(folder)));
    // A space would end the reference.
    Ok((
        (url + &fragment.unwrap_or_default()).replace(char::is_whitespace, "%20"),
        is_changed,
    ))
}

/// A git URL that begins with a scheme: the short `git@host:folder/name` is one of ssh.
fn expanded(url: &str) -> Option<String> {
    if url.contains("://") {
        return Some(url.to_owned());
    }
    let (host, path) = url.split_once(':')?;
    let is_host = !host.contains(['/', '\\']) && host.len() > 1;
    is_host.then(|| format!("ssh://{host}/{}", path.trim_start_matches('/')))
}

/// A URL without its user part where that can be a secret, and whether anything was taken away.
///
/// The user of `ssh://git@host/…` is no secret, a password is; for other schemes a lone user is often a token.
pub fn without_secret(url: &str) -> (String, bool) {
    let (url, is_changed) = pypi::without_secret(url);
    (printable(&url), is_changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_taken_from_urls() {
        let cases = [
            ("https://example.org/x@1", "https://example.org/x@1", false),
            ("https://token@example.org/x", "https://example.org/x", true),
            (
                "git+https://me:pass@word@example.org/x",
                "git+https://example.org/x",
                true,
            ),
            (
                "git+ssh://git@example.org/x",
                "git+ssh://git@example.org/x",
                false,
            ),
            (
                "ssh://git:secret@example.org/x",
                "ssh://git@example.org/x",
                true,
            ),
            ("../folder", "../folder", false),
        ];
        for (url, safe, is_changed) in cases {
            assert_eq!(without_secret(url), (safe.to_owned(), is_changed));
        }
    }

    #[test]
    fn sources_become_direct_references() {
        let git = |url: &str, reference| {
            let source = Source::Git {
                url: url.to_owned(),
                reference,
                subdirectory: Some("a b".to_owned()),
            };
            super::reference(&source).map(|(url, _)| url)
        };
        let tag = pypi::Reference::Tag("v3.4.0".to_owned());
        assert_eq!(
            git("https://h/x.git", tag).as_deref(),
            Ok("git+https://h/x.git@v3.4.0#subdirectory=a%20b")
        );
        let default = pypi::Reference::Default;
        assert_eq!(
            git("git@h:x/y.git", default.clone()).as_deref(),
            Ok("git+ssh://git@h/x/y.git#subdirectory=a%20b")
        );
        assert!(git("../x", default.clone()).is_err());
        assert!(git("C:\\x", default).is_err());
        let path = |path: &str| {
            super::reference(&Source::Path {
                path: path.to_owned(),
                subdirectory: None,
            })
        };
        assert_eq!(
            path("/wheels/x.whl"),
            Ok(("file:///wheels/x.whl".to_owned(), false))
        );
        assert!(path("../x").is_err());
    }
}
