//! Reading an index. Nothing read is trusted: every number is checked where it is used, and what does not fit is as good
//! as not there.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use ayon_disk::Stamp;

use super::super::definition::Format;
use super::super::entry::{Entry, Evidence, Problem, Source};
use super::encode::{KINDS, flag};
use crate::package::{Defect, Definition, Family, Package, PackageKind};
use crate::version::Version;

/// The four-byte number at an offset.
pub(super) fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_le_bytes(four.try_into().ok()?)).ok()
}

/// Walks through the body of one family.
pub(super) struct Cursor<'a, S> {
    rest: &'a [u8],
    /// Gives the string with a number.
    string: S,
}

impl<'a, S: FnMut(usize) -> Option<Arc<str>>> Cursor<'a, S> {
    pub(super) fn new(body: &'a [u8], string: S) -> Self {
        Cursor { rest: body, string }
    }

    /// The whole body; nothing if it makes no sense.
    pub(super) fn entry(mut self, name: Arc<str>) -> Option<Entry> {
        let stamp = self.stamp()?;
        let read_at = UNIX_EPOCH.checked_add(Duration::from_nanos(self.number()?))?;
        let combined = self.string()?;
        let kind = kind(&combined)?;
        let problems = self.list(|cursor| {
            Some(Problem {
                path: PathBuf::from(&*cursor.string()?),
                message: cursor.string()?.as_ref().to_owned(),
            })
        })?;
        let hidden = self.list(|cursor| Some((cursor.string()?, cursor.stamp()?)))?;
        let sources = self.list(|cursor| {
            let file = match cursor.size()? {
                0 => None,
                number => Some((cursor.string)(number - 1)?),
            };
            let stamp = cursor.stamp()?;
            Some(Source { file, stamp })
        })?;
        let packages = self.list(|cursor| cursor.package(&kind))?;
        let expected = match kind {
            PackageKind::Folder => packages.len(),
            PackageKind::Combined { .. } => 0,
        };
        let fits = self.rest.is_empty() && sources.len() == expected;
        fits.then(|| Entry {
            family: Arc::new(Family { name, packages }),
            evaluated: None,
            problems,
            evidence: Evidence {
                stamp,
                read_at,
                combined,
                sources,
                hidden,
                keep: true,
                indexed: true,
            },
        })
    }

    fn package(&mut self, kind: &PackageKind) -> Option<Package> {
        let version = Version::parse(&self.string()?).ok()?;
        let flags = self.byte()?;
        let definition = if flags == flag::DEFECT {
            Err(self.defect()?)
        } else {
            Ok(Arc::new(self.definition(flags)?))
        };
        Some(Package {
            version,
            kind: kind.clone(),
            definition,
        })
    }

    fn definition(&mut self, flags: u8) -> Option<Definition> {
        let has = |flag: u8| flags & flag != 0;
        let mut definition = Definition {
            requires: self.requests()?,
            hashed_variants: has(flag::HASHED),
            ..Definition::default()
        };
        if has(flag::BUILD_REQUIRES) {
            definition.build_requires = self.requests()?;
        }
        if has(flag::VARIANTS) {
            definition.variants = Some(self.list(Self::requests)?);
        }
        if has(flag::TIMESTAMP) {
            definition.timestamp = Some(i64::from_le_bytes(self.take(8)?.try_into().ok()?));
        }
        Some(definition)
    }

    fn requests(&mut self) -> Option<Vec<Arc<str>>> {
        self.list(Self::string)
    }

    fn defect(&mut self) -> Option<Defect> {
        Some(Defect {
            kind: *KINDS.get(self.size()?)?,
            file: PathBuf::from(&*self.string()?),
            line: match self.number()? {
                0 => None,
                line => Some(u32::try_from(line - 1).ok()?),
            },
            message: self.string()?.as_ref().to_owned(),
        })
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.size()?;
        // Each item takes a byte at least, so that no count reserves more than there can be.
        if count > self.rest.len() {
            return None;
        }
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(item(self)?);
        }
        Some(items)
    }

    fn string(&mut self) -> Option<Arc<str>> {
        let number = self.size()?;
        (self.string)(number)
    }

    fn stamp(&mut self) -> Option<Stamp> {
        Some(Stamp::from_bytes(self.take(Stamp::BYTES)?.try_into().ok()?))
    }

    fn size(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            let moved = bits << shift;
            if moved >> shift != bits {
                return None;
            }
            number |= moved;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }
}

/// The kind of a family's packages, from the extension of its one file.
fn kind(combined: &Arc<str>) -> Option<PackageKind> {
    if combined.is_empty() {
        return Some(PackageKind::Folder);
    }
    let known = Format::ALL
        .iter()
        .any(|format| format.extension() == &**combined);
    known.then(|| PackageKind::Combined {
        extension: combined.clone(),
    })
}
