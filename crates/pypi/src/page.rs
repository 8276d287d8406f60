//! Pages of indexes: which files there are of a project.
//!
//! An index answers in HTML (PEP 503) or JSON (PEP 691), whichever it likes, and the type of its
//! answer says which. Both become the same [`Project`]. A flat list of files of many projects, as
//! `--find-links` names it, or the listing of a folder by a web server, is HTML too ([`links`]).
//!
//! What is fetched may be anything: the sign-in page of a proxy, an error in JSON, a gigabyte. So
//! sizes are bounded, and a page that holds no file must look like a page of an index before it
//! counts as an empty one.

mod flat;
mod html;
mod json;
mod link;

pub use flat::FlatLinks;

use std::borrow::Cow;

use crate::name::DistributionName;
use crate::project::{FileView, Project, ProjectBuilder, TooLarge};
use crate::source::presentable;
use crate::text::printable;

/// No page that anybody has is near these: the largest are a few megabytes and ten thousand files.
const LARGEST: usize = 128 << 20;
const MOST_FILES: usize = 1 << 18;

/// The only major version of the interface that there is (PEP 629).
const MAJOR_VERSION: &str = "1";

/// What an index answered.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The body, decompressed.
    pub bytes: &'a [u8],
    /// The `Content-Type`, with its parameters; empty if the answer has none.
    pub content_type: &'a str,
    /// Where it came from after all redirects. Relative links are relative to this.
    pub url: &'a str,
}

/// A page that is no page of an index.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{url}: {fault}")]
pub struct PageError {
    url: String,
    fault: Fault,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error(
        "this is not a page of a package index: its type is `{0}`, and neither HTML nor the JSON of \
         PEP 691"
    )]
    Type(String),
    #[error(
        "this is not a page of a package index: it links to no file of a distribution{0}. The URL \
         may be wrong, or something between here and the index may want a login"
    )]
    NoIndex(String),
    #[error("this is not a page of a package index: {0}")]
    Json(String),
    #[error("the index speaks version {0} of its interface, and only version 1 is known")]
    Version(String),
    #[error("it is larger than a page of an index can be")]
    TooLarge,
    #[error("relative links cannot be resolved: it is no absolute URL")]
    Base,
    #[error(transparent)]
    Project(#[from] TooLarge),
}

/// The form of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Html,
    Json,
}

/// Reads a project page. `index` is what [`Project::index`] will say.
///
/// # Errors
/// If this is no page of an index, or one of a version of the interface that is not known. Files
/// that cannot be used are no error: they are counted by [`Project::skipped`].
///
/// ```
/// use pypi::page::{Page, parse};
///
/// let page = Page {
///     bytes: br#"<a href="../../f/clique-2.0.0-py3-none-any.whl#sha256=00"
///                   data-requires-python="&gt;=3.8">clique-2.0.0-py3-none-any.whl</a>"#,
///     content_type: "text/html; charset=utf-8",
///     url: "https://index.invalid/simple/clique/",
/// };
/// let project = parse(&page, &"clique".parse()?, "https://index.invalid/simple")?;
/// assert_eq!(project.version(0).to_string(), "2.0.0");
/// assert_eq!(project.python_ranges()[0].text(), ">=3.8");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parse(page: &Page<'_>, name: &DistributionName, index: &str) -> Result<Project, PageError> {
    let read = || -> Result<Project, Fault> {
        let mut builder = ProjectBuilder::new(name.clone(), index);
        page.files(Some(name), &mut |file| builder.add_view(file))?;
        Ok(builder.build()?)
    };
    read().map_err(|fault| page.error(fault))
}

/// Reads a flat list of files of any projects.
///
/// # Errors
/// As [`parse`].
pub fn links(page: &Page<'_>) -> Result<FlatLinks, PageError> {
    let mut links = FlatLinks::default();
    let read = page.files(None, &mut |file| links.add(file.into()));
    read.map_err(|fault| page.error(fault))?;
    Ok(links)
}

impl Page<'_> {
    fn files(
        &self,
        name: Option<&DistributionName>,
        take: &mut dyn FnMut(&FileView<'_>),
    ) -> Result<(), Fault> {
        if self.bytes.len() > LARGEST {
            return Err(Fault::TooLarge);
        }
        match self.form()? {
            Form::Html => html::files(self, name, take),
            Form::Json => json::files(self, take),
        }
    }

    /// The body as text. Checking whole and repairing only what is broken is much the faster order.
    fn text(&self) -> Cow<'_, str> {
        match std::str::from_utf8(self.bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => String::from_utf8_lossy(self.bytes),
        }
    }

    fn form(&self) -> Result<Form, Fault> {
        let essence = self.content_type.split(';').next().unwrap_or_default();
        match essence.trim().to_ascii_lowercase().as_str() {
            "application/vnd.pypi.simple.v1+json" | "application/json" => Ok(Form::Json),
            "application/vnd.pypi.simple.v1+html" | "text/html" | "application/xhtml+xml" => {
                Ok(Form::Html)
            }
            // A file from a disk has no type.
            "" => match self.bytes.trim_ascii_start().first() {
                Some(b'{') => Ok(Form::Json),
                _ => Ok(Form::Html),
            },
            other => match other.strip_prefix("application/vnd.pypi.simple.v") {
                Some(version) => Err(Fault::Version(printable(version))),
                None => Err(Fault::Type(printable(other))),
            },
        }
    }

    fn error(&self, fault: Fault) -> PageError {
        // A query may hold a signature.
        let url = self.url.split(['?', '#']).next().unwrap_or_default();
        PageError {
            url: presentable(url),
            fault,
        }
    }
}

/// Checks the version of the interface, `1.4`, that a page says it has. An unknown minor version
/// adds what can be left unread.
fn check_version(version: &str) -> Result<(), Fault> {
    let major = version.trim().split('.').next().unwrap_or_default();
    if major == MAJOR_VERSION {
        Ok(())
    } else {
        Err(Fault::Version(printable(version)))
    }
}
