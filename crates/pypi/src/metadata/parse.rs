//! Reading the text of core metadata, and sorting its requirements.
//!
//! The format is that of mail headers ([core metadata]): `Field: value`, continued on lines that
//! begin with white space, up to the first empty line; what follows is the description. A line that
//! is neither is passed over, as mail readers do: old releases have descriptions with lines that are
//! not indented.
//!
//! [core metadata]: https://packaging.python.org/en/latest/specifications/core-metadata/

use std::collections::BTreeSet;
use std::fmt;

use super::{MAGIC, Metadata, SECTIONS, head_row, lenient, line_row};
use crate::marker::syntax::MarkerError;
use crate::name::{DistributionName, ExtraName, NameError};
use crate::packed::{Arena, Place, pack, small};
use crate::requirement::RequirementError;
use crate::text::printable;
use crate::version::set::SpecifierError;
use crate::version::{Version, VersionError};

/// No metadata that anybody published is near these.
const LARGEST: usize = 16 << 20;
const MOST_LINES: usize = 1 << 16;

/// Metadata that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("its metadata cannot be used: {0}")]
pub struct MetadataError(Fault);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error("it is larger than any metadata is")]
    TooLarge,
    #[error("the field `{0}` is missing")]
    Missing(&'static str),
    #[error(transparent)]
    Name(#[from] NameError),
    #[error(transparent)]
    Version(#[from] VersionError),
    #[error("`Requires-Dist: {line}`: {reason}")]
    Requirement {
        line: String,
        reason: RequirementError,
    },
    #[error("`Requires-Python: {line}`: {reason}")]
    Python {
        line: String,
        reason: SpecifierError,
    },
    #[error(transparent)]
    Stored(#[from] RequirementError),
    #[error(transparent)]
    StoredMarker(#[from] MarkerError),
    #[error("the {what} in it is `{found}`, the name of the file says `{promised}`")]
    Mismatch {
        what: &'static str,
        found: String,
        promised: String,
    },
}

/// The fields that are read, as they are written.
#[derive(Default)]
struct Fields {
    metadata_version: Option<String>,
    name: Option<String>,
    version: Option<String>,
    requires_python: Option<String>,
    requires: Vec<String>,
    extras: Vec<String>,
    dynamic: Vec<String>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Metadata, MetadataError> {
    if bytes.len() > LARGEST {
        return Err(Fault::TooLarge.into());
    }
    let text = String::from_utf8_lossy(headers(bytes));
    let fields = Fields::read(text.strip_prefix('\u{feff}').unwrap_or(&text));
    if fields.requires.len() > MOST_LINES || fields.extras.len() > MOST_LINES {
        return Err(Fault::TooLarge.into());
    }
    let packed = write(&fields)?.ok_or(Fault::TooLarge)?;
    Ok(Metadata::decode(packed).map_err(|_| Fault::TooLarge)?)
}

/// What stands before the first empty line. The description behind it is nearly all of a file.
fn headers(bytes: &[u8]) -> &[u8] {
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let headers = lines.take_while(|line| !matches!(*line, b"\n" | b"\r\n"));
    &bytes[..headers.map(<[u8]>::len).sum()]
}

impl Fields {
    fn read(text: &str) -> Fields {
        let mut fields = Fields::default();
        let mut field: Option<(&str, String)> = None;
        for line in text.lines() {
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = &mut field {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                let next = (name, value.trim().to_owned());
                if let Some((name, value)) = field.replace(next) {
                    fields.set(name, value);
                }
            }
        }
        if let Some((name, value)) = field {
            fields.set(name, value);
        }
        fields
    }

    fn set(&mut self, name: &str, value: String) {
        let once = match name.trim_end().to_ascii_lowercase().as_str() {
            "metadata-version" => &mut self.metadata_version,
            "name" => &mut self.name,
            "version" => &mut self.version,
            "requires-python" => &mut self.requires_python,
            "requires-dist" => return self.requires.push(value),
            "provides-extra" => return self.extras.push(value),
            "dynamic" => return self.dynamic.push(value.to_ascii_lowercase()),
            _ => return,
        };
        once.get_or_insert(value);
    }

    /// Whether the fields about dependencies hold for whatever is built from this (PEP 643).
    fn is_static(&self) -> bool {
        let version = self.metadata_version.as_deref().unwrap_or_default();
        let mut numbers = version
            .split('.')
            .map(|part| part.parse::<u32>().unwrap_or(0));
        let since = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= (2, 2);
        let is_dynamic = |field: &String| {
            matches!(
                field.as_str(),
                "requires-dist" | "requires-python" | "provides-extra"
            )
        };
        since && !self.dynamic.iter().any(is_dynamic)
    }
}

/// Checks the fields and packs them.
fn write(fields: &Fields) -> Result<Option<Vec<u8>>, MetadataError> {
    let mut arena = Arena::default();
    let name = fields.name.as_deref().ok_or(Fault::Missing("Name"))?;
    let name: DistributionName = name.parse().map_err(Fault::from)?;
    let version = fields.version.as_deref().ok_or(Fault::Missing("Version"))?;
    let version: Version = version.parse().map_err(Fault::from)?;
    let mut flags = if fields.is_static() {
        head_row::IS_STATIC
    } else {
        0
    };
    let mut python = Place::default();
    if let Some(text) = &fields.requires_python {
        lenient::python_versions(text).map_err(|reason| Fault::Python {
            line: printable(text),
            reason,
        })?;
        flags |= head_row::HAS_PYTHON;
        python = arena.keep(text);
    }
    let mut head = Vec::with_capacity(head_row::WIDTH);
    head.extend(arena.keep(name.as_str()).to_bytes());
    head.extend(arena.keep(&version.to_string()).to_bytes());
    head.extend(python.to_bytes());
    head.extend(flags.to_le_bytes());

    let mut guards = Vec::new();
    let mut lines = Vec::with_capacity(fields.requires.len() * line_row::WIDTH);
    for text in &fields.requires {
        write_line(text, &mut arena, &mut guards, &mut lines)?;
    }
    // A name that is none can never be asked for.
    let extras: BTreeSet<ExtraName> = fields.extras.iter().flat_map(|name| name.parse()).collect();
    let names = |arena: &mut Arena, names: &mut dyn Iterator<Item = &ExtraName>| {
        let rows = names.map(|name| arena.keep(name.as_str()).to_bytes());
        rows.collect::<Vec<_>>().concat()
    };
    let extras = names(&mut arena, &mut extras.iter());
    let guards = names(&mut arena, &mut guards.iter());
    let sections: [&[u8]; SECTIONS] = [arena.bytes(), &head, &lines, &extras, &guards];
    Ok(pack(MAGIC, sections))
}

fn write_line(
    text: &str,
    arena: &mut Arena,
    guards: &mut Vec<ExtraName>,
    lines: &mut Vec<u8>,
) -> Result<(), MetadataError> {
    let requirement = lenient::requirement(text).map_err(|reason| Fault::Requirement {
        line: printable(text),
        reason,
    })?;
    let (guard, marker) = requirement.marker.split_extra();
    let number = match guard {
        Some(guard) => {
            let known = guards.iter().position(|known| *known == guard);
            small(known.unwrap_or_else(|| {
                guards.push(guard);
                guards.len() - 1
            }))
        }
        None if marker.names_extra() => line_row::MIXED,
        None => line_row::NO_EXTRA,
    };
    let whole = arena.keep(text);
    let body = whole.prefix(text, &requirement.body);
    let body = body.unwrap_or_else(|| arena.keep(&requirement.body));
    let marker = match marker.to_string() {
        text if text.is_empty() => Place::default(),
        text => arena.keep(&text),
    };
    lines.extend([whole, body, marker].into_iter().flat_map(Place::to_bytes));
    lines.extend(number.to_le_bytes());
    Ok(())
}

impl MetadataError {
    pub(super) fn mismatch(
        what: &'static str,
        found: impl fmt::Display,
        promised: impl fmt::Display,
    ) -> Self {
        MetadataError(Fault::Mismatch {
            what,
            found: found.to_string(),
            promised: promised.to_string(),
        })
    }
}

impl From<Fault> for MetadataError {
    fn from(fault: Fault) -> Self {
        MetadataError(fault)
    }
}

impl From<RequirementError> for MetadataError {
    fn from(error: RequirementError) -> Self {
        MetadataError(error.into())
    }
}

impl From<MarkerError> for MetadataError {
    fn from(error: MarkerError) -> Self {
        MetadataError(error.into())
    }
}
