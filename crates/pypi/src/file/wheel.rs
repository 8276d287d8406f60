//! The metadata in a wheel, often from its last bytes alone.
//!
//! A wheel is a ZIP file whose directory stands at its end, and tools put the metadata last. So one
//! request for the last 32 KiB of a file of a gigabyte mostly has it all; [`locate`] says which
//! range is missing where it has not. A whole wheel is one part and goes the same way.

use std::ops::Range;

use crate::file::archive::zip::{Entry, Stop, Zip};
use crate::file::archive::{ArchiveError, Fault};
use crate::file::wheel_name::WheelName;
use crate::name::DistributionName;

pub use crate::file::archive::zip::Part;

/// How many bytes at the end of a wheel are worth asking for first: with the metadata of nine wheels
/// of ten in them.
pub const TAIL: u64 = 32 << 10;

/// What a wheel's parts hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The file `METADATA`.
    Metadata(Vec<u8>),
    /// Not enough: this range is needed, in one part. With it among the parts the same question
    /// gets further. Nearly always one range is enough; no archive asks for more than five.
    Range(Range<u64>),
}

/// Looks for the metadata of a wheel of `total` bytes in parts of it.
///
/// ```
/// # fn fetch(_: std::ops::Range<u64>) -> Vec<u8> { Vec::new() }
/// # fn example(total: u64, tail: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
/// use pypi::wheel::{Found, Part, locate};
///
/// let name = "clique-2.0.0-py3-none-any.whl".parse()?;
/// let tail = Part { start: total - tail.len() as u64, bytes: tail };
/// let range = match locate(&[tail], total, &name)? {
///     Found::Metadata(metadata) => return Ok(metadata),
///     Found::Range(range) => range,
/// };
/// let more = fetch(range.clone());
/// let more = Part { start: range.start, bytes: &more };
/// match locate(&[tail, more], total, &name)? {
///     Found::Metadata(metadata) => Ok(metadata),
///     Found::Range(_) => Err("ask again".into()),
/// }
/// # }
/// ```
///
/// # Errors
/// If it is no wheel of this name, or damaged, encrypted, cut in volumes, or larger inside than any
/// wheel is.
pub fn locate(parts: &[Part<'_>], total: u64, name: &WheelName) -> Result<Found, ArchiveError> {
    match find(Zip::new(parts, total), name) {
        Ok(metadata) => Ok(Found::Metadata(metadata)),
        Err(Stop::Needs(range)) => Ok(Found::Range(range)),
        Err(Stop::Fault(fault)) => Err(fault.into()),
    }
}

/// The metadata of a wheel that is there as a whole.
///
/// # Errors
/// As [`locate`].
pub fn metadata_of(wheel: &[u8], name: &WheelName) -> Result<Vec<u8>, ArchiveError> {
    let whole = Part {
        start: 0,
        bytes: wheel,
    };
    match locate(&[whole], wheel.len() as u64, name)? {
        Found::Metadata(metadata) => Ok(metadata),
        // Every range within the file is there.
        Found::Range(_) => Err(Fault::Damaged("an entry is cut off").into()),
    }
}

fn find(zip: Zip<'_>, name: &WheelName) -> Result<Vec<u8>, Stop> {
    let directory = zip.directory()?;
    let mut found: Option<(&str, Entry<'_>)> = None;
    let mut another = None;
    for entry in directory.entries() {
        let entry = entry?;
        let Some(folder) = metadata_folder(entry.name) else {
            continue;
        };
        let is_ours = folder
            .split_once('-')
            .is_some_and(|(found, _)| found.parse::<DistributionName>().as_ref() == Ok(&name.name));
        if !is_ours {
            another = Some(folder);
        } else if let Some((first, _)) = &found {
            let fault = Fault::Ambiguous(path(first), path(folder));
            return Err(fault.into());
        } else {
            found = Some((folder, entry));
        }
    }
    let Some((_, entry)) = found else {
        let expected = format!("{}/METADATA", name.metadata_folder());
        return Err(Stop::Fault(match another {
            Some(folder) => Fault::other(&path(folder), &expected),
            None => Fault::Missing(expected),
        }));
    };
    let later = directory
        .entries()
        .filter_map(Result::ok)
        .map(|other| other.offset());
    let end = later.filter(|offset| *offset > entry.offset()).min();
    zip.contents(&entry, end.unwrap_or(directory.start()))
}

/// `clique-2.0.0` of `clique-2.0.0.dist-info/METADATA`.
fn metadata_folder(path: &[u8]) -> Option<&str> {
    let path = std::str::from_utf8(path).ok()?;
    let folder = path.strip_suffix(".dist-info/METADATA")?;
    (!folder.contains('/')).then_some(folder)
}

fn path(folder: &str) -> String {
    crate::text::printable(&format!("{folder}.dist-info/METADATA"))
}
