//! Who asks, and where it is written: `by`, `file`, `line` and `key` of a line.

use std::sync::Arc;

use ayon_model::{AddonName, Origin, Place, Subject, printable};

use crate::fault::Fault;
use crate::node::{Fields, Making, Node, Table};

/// The fields of an origin.
pub(crate) fn fields(origin: &Origin) -> Table {
    let making = Making::default().text("by", subject_text(&origin.subject));
    match &origin.place {
        None => making,
        Some(place) => making
            .text("file", &place.file)
            .number("line", place.line.map(u64::from))
            .filled("key", &place.key),
    }
    .done()
}

/// The origin in these fields.
pub(crate) fn read(fields: Fields<'_>) -> Result<Origin, Fault> {
    let subject = subject_field(fields)?;
    let Some(file) = fields.maybe("file")? else {
        return Ok(Origin {
            subject,
            place: None,
        });
    };
    let line = fields.number("line")?.map(u32::try_from).transpose();
    Ok(Origin::new(
        subject,
        Place {
            file: Arc::from(file),
            line: line.map_err(|_| fields.fault("`line` is too large"))?,
            key: Arc::from(fields.filled("key")?),
        },
    ))
}

/// A subject as one text, which [`parse_subject`] reads back.
pub(crate) fn subject_text(subject: &Subject) -> String {
    match subject {
        Subject::Request => "request".to_owned(),
        Subject::Bundle(name) => format!("bundle {name}"),
        Subject::Studio(label) => format!("studio {label}"),
        Subject::Launcher(version) => format!("launcher {version}"),
        Subject::Host { name, version } => format!("host {}", host_text(name, version)),
        Subject::Addon { name, version } => format!("addon {} {version}", name.as_str()),
        Subject::DependencyPackage(file) => format!("dependency-package {file}"),
        Subject::Distribution { name, version } => format!("distribution {name} {version}"),
        Subject::Index(words) => format!("index {words}"),
    }
}

/// `name/version`, told apart whatever is in either.
pub(crate) fn host_text(name: &str, version: &str) -> String {
    let escaped = |text: &str| text.replace('%', "%25").replace('/', "%2f");
    format!("{}/{}", escaped(name), escaped(version))
}

/// The host that [`host_text`] wrote.
pub(crate) fn parse_host(text: &str) -> Option<(Arc<str>, Arc<str>)> {
    let (name, version) = text.split_once('/')?;
    let plain = |text: &str| Arc::from(text.replace("%2f", "/").replace("%25", "%"));
    (!version.contains('/')).then(|| (plain(name), plain(version)))
}

fn subject_field(fields: Fields<'_>) -> Result<Subject, Fault> {
    let text = fields.text("by")?;
    parse_subject(text).ok_or_else(|| {
        let at = fields.get("by").map_or(0, |node: &Node| node.at);
        Fault::new(
            at,
            format!("`{}` is nobody who asks: `addon core 1.2.3`, `bundle NAME` or the like is expected", printable(text)),
        )
    })
}

fn parse_subject(text: &str) -> Option<Subject> {
    if text == "request" {
        return Some(Subject::Request);
    }
    let (kind, rest) = text.split_once(' ')?;
    Some(match kind {
        "bundle" => Subject::Bundle(Arc::from(rest)),
        "studio" => Subject::Studio(Arc::from(rest)),
        "launcher" => Subject::Launcher(Arc::from(rest)),
        "host" => {
            let (name, version) = parse_host(rest)?;
            Subject::Host { name, version }
        }
        "addon" => {
            // No version has a space in it; a name may.
            let (name, version) = rest.rsplit_once(' ')?;
            Subject::Addon {
                name: AddonName::from(name),
                version: version.parse().ok()?,
            }
        }
        "dependency-package" => Subject::DependencyPackage(Arc::from(rest)),
        "distribution" => {
            let (name, version) = rest.rsplit_once(' ')?;
            Subject::Distribution {
                name: name.parse().ok()?,
                version: version.parse().ok()?,
            }
        }
        "index" => Subject::Index(Arc::from(rest)),
        _ => return None,
    })
}
