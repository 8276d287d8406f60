//! One requirement in the ways people write it: PEP 508, a path, a URL.

use std::path::Path;

use pypi::{Constraint, DistributionName, Requirement, Source};

/// See [`super::requirement`].
pub(super) fn requirement(text: &str, base: &Path) -> Result<Requirement, String> {
    let text = text.trim();
    let is_scheme_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let is_url = text
        .split_once("://")
        .is_some_and(|(scheme, _)| scheme.chars().all(is_scheme_letter));
    if is_url {
        return url(text);
    }
    let is_path = text.starts_with(['.', '/', '\\'])
        || Path::new(text)
            .extension()
            .is_some_and(|ending| ending == "whl")
            && !text.contains('@')
        || text.as_bytes().get(1) == Some(&b':');
    if is_path {
        return path(text, base);
    }
    Ok(absolute(read(text)?, base))
}

fn read(text: &str) -> Result<Requirement, String> {
    text.parse()
        .map_err(|error: pypi::RequirementError| error.to_string())
}

/// `name @ file:wheels/x.whl`: such a path is seen from the file that names it.
fn absolute(mut requirement: Requirement, base: &Path) -> Requirement {
    if let Constraint::Source(Source::Url { url, subdirectory }) = &requirement.constraint
        && let Some(path) = url.strip_prefix("file:")
        && !path.starts_with('/')
    {
        requirement.constraint = Constraint::Source(Source::Path {
            path: base.join(path).to_string_lossy().into_owned(),
            subdirectory: subdirectory.clone(),
        });
    }
    requirement
}

/// A URL that stands alone: it must say the name itself.
fn url(text: &str) -> Result<Requirement, String> {
    let (reference, marker) = match text.split_once(" ;") {
        Some((reference, marker)) => (reference.trim_end(), Some(marker)),
        None => (text, None),
    };
    let (plain, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let parts = || fragment.split('&').filter(|part| !part.is_empty());
    let egg = parts().find_map(|part| part.strip_prefix("egg="));
    let (egg, extras) = match egg {
        Some(egg) => egg.split_at(egg.find('[').unwrap_or(egg.len())),
        None => ("", ""),
    };
    let name = match plain.rsplit('/').next().and_then(name_of_wheel) {
        Some(name) if egg.is_empty() => Some(name),
        _ => egg.parse().ok(),
    };
    let Some(name) = name else {
        return Err("a URL must say which package it is: write `NAME @ URL`".to_owned());
    };
    // What is left of the fragment is the folder and the hashes, which have a meaning after `NAME @` too.
    let rest: Vec<&str> = parts().filter(|part| !part.starts_with("egg=")).collect();
    let fragment = if rest.is_empty() {
        String::new()
    } else {
        format!("#{}", rest.join("&"))
    };
    let marker = marker.map_or_else(String::new, |marker| format!(" ;{marker}"));
    read(&format!("{name}{extras} @ {plain}{fragment}{marker}"))
}

/// A wheel on disk.
fn path(text: &str, base: &Path) -> Result<Requirement, String> {
    let (path, extras) = text.split_at(text.find('[').unwrap_or(text.len()));
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let Some(name) = name_of_wheel(file) else {
        return Err(format!(
            "`{}` is no wheel; for any other folder or archive say which package it is: `NAME @ file:///…`",
            ayon_model::printable(text)
        ));
    };
    let mut requirement = read(&format!("{name}{extras}"))?;
    requirement.constraint = Constraint::Source(Source::Path {
        path: base.join(path).to_string_lossy().into_owned(),
        subdirectory: None,
    });
    Ok(requirement)
}

/// The name in `a_b-1.0-py3-none-any.whl`.
fn name_of_wheel(file: &str) -> Option<DistributionName> {
    let wheel: pypi::WheelName = file.parse().ok()?;
    Some(wheel.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_one_is_read() {
        for (text, shown) in [
            ("A_b[x] >=1", "a-b[x]>=1"),
            ("a @ https://h/a.zip", "a @ https://h/a.zip"),
            (
                "https://h/x/A_b-1.0-py3-none-any.whl#sha256=0",
                "a-b @ https://h/x/A_b-1.0-py3-none-any.whl#sha256=0",
            ),
            (
                "git+https://h/x@v1#egg=Ab[c]&subdirectory=d ; os_name == 'nt'",
                "ab[c] @ git+https://h/x@v1#subdirectory=d ; os_name == \"nt\"",
            ),
            (
                "./w/A_b-1.0-py3-none-any.whl[c]",
                "a-b[c] @ /base/./w/A_b-1.0-py3-none-any.whl",
            ),
            ("a @ file:w/a.whl", "a @ /base/w/a.whl"),
        ] {
            let requirement = requirement(text, Path::new("/base")).unwrap();
            assert_eq!(requirement.to_string(), shown);
        }
    }

    #[test]
    fn what_has_no_name_is_refused() {
        for text in ["https://h/x.zip", "./x", "git+ssh://h/x", "a b", "x-1.whl"] {
            assert!(requirement(text, Path::new("/base")).is_err(), "{text}");
        }
    }
}
