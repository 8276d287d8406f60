//! A project's page as an index writes it, in both forms.

use std::fmt::Write as _;

use pypi::{DistributionName, Version};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::packages::{PythonWorld, Release};

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As PEP 503 has it: links, and attributes of links.
    Html,
    /// As PEP 691 has it.
    Json,
}

impl Form {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Html, Self::Json];

    /// As in a message.
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Json => "json",
        }
    }

    /// What the index says the page is.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Html => "application/vnd.pypi.simple.v1+html; charset=utf-8",
            Self::Json => "application/vnd.pypi.simple.v1+json",
        }
    }
}

/// What a page says of a file beyond its release.
pub(super) struct Listed<'a> {
    /// Its name.
    pub(super) file: String,
    /// Its digest, in hexadecimal.
    pub(super) sha256: String,
    /// What it belongs to.
    pub(super) release: &'a Release,
}

impl PythonWorld {
    /// The page of a project, if there is one. Links are relative: `../../files/NAME`.
    pub fn page(&self, name: &DistributionName, form: Form) -> Option<String> {
        let listed = self.listed(name, placeholder)?;
        Some(write(name, &listed, form))
    }

    /// The files of a project, in ascending order, with digests by `sha256`.
    pub(super) fn listed(
        &self,
        name: &DistributionName,
        sha256: impl Fn(&DistributionName, &Version, &str) -> String,
    ) -> Option<Vec<Listed<'_>>> {
        let mut listed = Vec::new();
        for (version, release) in self.packages.get(name)? {
            listed.extend(release.files(name, version).into_iter().map(|file| Listed {
                sha256: sha256(name, version, &file),
                file,
                release,
            }));
        }
        Some(listed)
    }
}

/// Writes a page.
pub(super) fn write(name: &DistributionName, listed: &[Listed<'_>], form: Form) -> String {
    match form {
        Form::Html => html(name, listed),
        Form::Json => json_page(name, listed).to_string(),
    }
}

fn html(name: &DistributionName, listed: &[Listed<'_>]) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html>\n  <head>\n    <meta name=\"pypi:repository-version\" content=\"1.0\">\n    \
         <title>Links for {name}</title>\n  </head>\n  <body>\n    <h1>Links for {name}</h1>\n"
    );
    for Listed {
        file,
        sha256,
        release,
    } in listed
    {
        let _ = write!(page, "    <a href=\"{}#sha256={sha256}\"", link(file));
        if let Some(python) = &release.requires_python {
            let _ = write!(page, " data-requires-python=\"{}\"", escape(python));
        }
        if release.is_yanked {
            page.push_str(" data-yanked=\"taken back\"");
        }
        let _ = writeln!(page, ">{}</a><br />", escape(file));
    }
    page.push_str("  </body>\n</html>\n");
    page
}

fn json_page(name: &DistributionName, listed: &[Listed<'_>]) -> Value {
    let files = listed.iter().map(|listed| {
        let release = listed.release;
        let mut file = json!({
            "filename": listed.file,
            "url": link(&listed.file),
            "hashes": {"sha256": listed.sha256},
            "yanked": release.is_yanked,
        });
        if let Some(python) = &release.requires_python {
            file["requires-python"] = json!(python);
        }
        file
    });
    json!({
        "meta": {"api-version": "1.0"},
        "name": name.as_str(),
        "files": files.collect::<Vec<_>>(),
    })
}

/// Where a file is, seen from its project's page.
fn link(file: &str) -> String {
    format!("../../files/{}", file.replace('+', "%2B"))
}

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

/// In place of the digest of a file that is not there: that of its name.
fn placeholder(_: &DistributionName, _: &Version, file: &str) -> String {
    sha256(file.as_bytes())
}

/// A digest, in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world() -> PythonWorld {
        let release = Release {
            requires_python: Some(">=3.8,<4".to_owned()),
            is_yanked: true,
            ..Release::default()
        };
        let mut world = PythonWorld::default();
        let versions = world.packages.entry("a".parse().unwrap()).or_default();
        versions.insert("1.0+x".parse().unwrap(), release);
        world
    }

    #[test]
    fn a_page_of_links_escapes_what_it_must() {
        let page = world().page(&"a".parse().unwrap(), Form::Html).unwrap();
        let sha256 = placeholder(
            &"a".parse().unwrap(),
            &"1".parse().unwrap(),
            "a-1.0+x-py3-none-any.whl",
        );
        assert_eq!(sha256.len(), 64);
        let link = format!(
            "<a href=\"../../files/a-1.0%2Bx-py3-none-any.whl#sha256={sha256}\" \
             data-requires-python=\"&gt;=3.8,&lt;4\" data-yanked=\"taken back\">a-1.0+x-py3-none-any.whl</a>"
        );
        assert!(page.contains(&link), "{page}");
    }

    #[test]
    fn a_page_of_json_says_the_same() {
        let page = world().page(&"a".parse().unwrap(), Form::Json).unwrap();
        let page: Value = serde_json::from_str(&page).unwrap();
        let file = &page["files"][0];
        assert_eq!(file["filename"], "a-1.0+x-py3-none-any.whl");
        assert_eq!(file["requires-python"], ">=3.8,<4");
        assert_eq!(file["yanked"], true);
        assert_eq!(world().page(&"b".parse().unwrap(), Form::Json), None);
    }
}
