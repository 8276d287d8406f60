//! Reading one small file out of an archive that nobody vouches for.
//!
//! Of a wheel or a source distribution only its metadata is wanted, often out of the last bytes of a
//! file that stays where it is. Everything that an archive says about itself is a claim: how many
//! entries it has, how long a name is, how much comes out of a compressed run. Each claim is compared
//! with the bytes that are there or with a limit, no memory is taken on the strength of one, and what
//! does not add up is an [`ArchiveError`].

pub(crate) mod tar;
pub(crate) mod zip;

use std::io::{self, Read};

use crate::text::printable;

/// No metadata that anybody published is near this length, and more is not taken out.
pub(crate) const LARGEST_METADATA: u64 = 16 << 20;

/// An archive that is damaged, is none, or does not hold what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ArchiveError(Fault);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("it is damaged or cut off: {0}")]
    Damaged(&'static str),
    #[error("it cannot be read: {0}")]
    Unsupported(String),
    #[error("it is larger inside than it should be: {0}")]
    TooLarge(&'static str),
    #[error("it holds no `{0}`")]
    Missing(String),
    #[error("it holds `{found}` where `{expected}` is expected: it is another distribution's")]
    Other { found: String, expected: String },
    #[error("it holds both `{0}` and `{1}`, and it cannot be told which is meant")]
    Ambiguous(String, String),
}

impl Fault {
    pub(crate) fn other(found: &str, expected: &str) -> Self {
        Fault::Other {
            found: printable(found),
            expected: printable(expected),
        }
    }
}

impl From<Fault> for ArchiveError {
    fn from(fault: Fault) -> Self {
        ArchiveError(fault)
    }
}

/// Reads to the end, but never more than metadata may have.
pub(crate) fn read_metadata(source: impl Read) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let read = source.take(LARGEST_METADATA + 1).read_to_end(&mut bytes);
    read.map_err(|_| Fault::Damaged("its compressed data is broken"))?;
    if bytes.len() as u64 > LARGEST_METADATA {
        return Err(Fault::TooLarge("its metadata takes more than 16 MiB"));
    }
    Ok(bytes)
}

/// Skips a number of bytes, of which not all need be there.
pub(crate) fn skip(source: &mut impl Read, count: u64) -> io::Result<()> {
    io::copy(&mut source.take(count), &mut io::sink()).map(|_| ())
}
