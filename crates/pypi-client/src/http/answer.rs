//! What comes back: pages and files.

use std::fmt::Write as _;
use std::io::Read as _;
use std::ops::Range;
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use reqwest::header::{
    CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED,
};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::exchange::Answer;
use super::fault::{HttpError, HttpFault};
use super::freshness;
use transport::line;

/// What a server said of an answer's identity, to be told back to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

impl Validators {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let text = |name: HeaderName| Some(headers.get(name)?.to_str().ok()?.to_owned());
        Self {
            etag: text(ETAG),
            last_modified: text(LAST_MODIFIED),
        }
    }

    /// Whether there is nothing to ask with.
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// The answer to a page.
#[derive(Debug)]
pub enum PageAnswer {
    /// The page.
    Page(Box<Page>),
    /// The page that the validators are of still stands.
    NotModified {
        /// As [`Page::fresh_for`].
        fresh_for: Option<Duration>,
    },
    /// There is none: 404 or 410.
    Missing,
}

/// A page of an index.
#[derive(Debug)]
pub struct Page {
    /// The bytes, as they came.
    pub body: Body,
    /// `Content-Type` in lower case, without parameters; empty if there is none.
    pub content_type: String,
    /// Where it came from after redirects, without a user part: what its links are relative to.
    pub final_url: String,
    /// How long the server says that it stays as it is. `None`: it does not say.
    pub fresh_for: Option<Duration>,
    /// What to ask with the next time.
    pub validators: Validators,
}

impl Page {
    pub(super) fn of(answer: Answer, limit: u64) -> Self {
        let text = |name: HeaderName| answer.headers.get(name).and_then(|text| text.to_str().ok());
        let content_type = text(CONTENT_TYPE).unwrap_or_default();
        let content_type = content_type.split(';').next().unwrap_or_default();
        let encoding = text(CONTENT_ENCODING).unwrap_or("identity");
        Self {
            content_type: content_type.trim().to_ascii_lowercase(),
            fresh_for: freshness::of(&answer.headers),
            validators: Validators::of(&answer.headers),
            body: Body {
                encoding: encoding.trim().to_ascii_lowercase(),
                bytes: answer.body,
                url: answer.url.to_string(),
                limit,
            },
            final_url: answer.url.into(),
        }
    }
}

/// The bytes of a page, perhaps compressed. They are unpacked where they are read, which for the large pages of an index
/// should not be where the next answers wait.
#[derive(Debug)]
pub struct Body {
    bytes: Vec<u8>,
    encoding: String,
    url: String,
    limit: u64,
}

impl Body {
    /// The bytes as the server means them.
    ///
    /// # Errors
    ///
    /// [`HttpFault::Encoding`] if they are not what the server says, [`HttpFault::TooLarge`] if they unpack to more
    /// than is read of any page.
    pub fn read(self) -> Result<Vec<u8>, HttpError> {
        let fault = |fault| HttpError::new(&self.url, fault);
        match self.encoding.as_str() {
            "identity" | "" => return Ok(self.bytes),
            "gzip" | "x-gzip" => {}
            other => {
                let what = format!("it is in `{}`, which was not asked for", line(other));
                return Err(fault(HttpFault::Encoding(what)));
            }
        }
        // Pages are text with much repetition: a tenth is usual.
        let mut bytes = Vec::with_capacity(self.bytes.len().saturating_mul(8).min(16 << 20));
        MultiGzDecoder::new(self.bytes.as_slice())
            .take(self.limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| fault(HttpFault::Encoding(line(&format!("gzip: {error}")))))?;
        if bytes.len() as u64 > self.limit {
            return Err(fault(HttpFault::TooLarge { limit: self.limit }));
        }
        Ok(bytes)
    }
}

/// What is wanted of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// So many bytes of its end, or all if it has fewer.
    Suffix(u64),
    /// These bytes.
    Bytes(Range<u64>),
    /// All.
    Whole,
}

/// The answer to a file.
#[derive(Debug, PartialEq, Eq)]
pub enum FileAnswer {
    /// A part of it, which is what was wanted.
    Part {
        /// The bytes.
        bytes: Vec<u8>,
        /// Where they start.
        start: u64,
        /// How many bytes the file has.
        total: u64,
    },
    /// All of it: because it was wanted, or because the server does not give parts.
    Whole(Vec<u8>),
    /// There is none: 404 or 410.
    Missing,
}

/// What an index says about a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Its size.
    pub size: Option<u64>,
    /// Its hashes: algorithm and hexadecimal digits. Of `sha256`, `sha384` and `sha512` each is checked; what is
    /// weaker proves nothing and is passed over.
    pub hashes: Vec<(String, String)>,
}

impl Expected {
    /// Whether these are the bytes that came from an address.
    ///
    /// # Errors
    ///
    /// [`HttpFault::Mismatch`].
    pub fn check(&self, url: &str, bytes: &[u8]) -> Result<(), HttpError> {
        let checked = self.checked(bytes);
        checked.map_err(|fault| HttpError::new(url, fault))
    }

    fn checked(&self, bytes: &[u8]) -> Result<(), HttpFault> {
        let mismatch = |what: &str, expected: String, found: String| HttpFault::Mismatch {
            what: what.to_owned(),
            expected: line(&expected),
            found,
        };
        let size = bytes.len() as u64;
        if let Some(expected) = self.size.filter(|expected| *expected != size) {
            return Err(mismatch("size", expected.to_string(), size.to_string()));
        }
        for (algorithm, expected) in &self.hashes {
            let found = match algorithm.as_str() {
                "sha256" => hexadecimal(&Sha256::digest(bytes)),
                "sha384" => hexadecimal(&Sha384::digest(bytes)),
                "sha512" => hexadecimal(&Sha512::digest(bytes)),
                _ => continue,
            };
            if !expected.eq_ignore_ascii_case(&found) {
                return Err(mismatch(algorithm, expected.clone(), found));
            }
        }
        Ok(())
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The part that a 206 holds, if it is the one that was wanted. Servers and the caches before them have been seen to say
/// one range and to send another; a wheel read with such a part would be another wheel.
pub(super) fn part(answer: Answer, wanted: &Wanted) -> Option<FileAnswer> {
    let said = answer.headers.get(CONTENT_RANGE)?.to_str().ok()?;
    let (range, total) = said.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (start, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    let total: u64 = total.trim().parse().ok()?;
    let end = last.checked_add(1)?;
    let is_wanted = match wanted {
        Wanted::Suffix(length) => start == total.saturating_sub(*length) && end == total,
        Wanted::Bytes(range) => start == range.start && end == range.end.min(total),
        Wanted::Whole => false,
    };
    let is_whole = start.checked_add(answer.body.len() as u64) == Some(end);
    (is_wanted && is_whole).then_some(FileAnswer::Part {
        bytes: answer.body,
        start,
        total,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    /// A page of this many zeros, in packets that unpack one after the other.
    fn zeros(count: usize, limit: u64) -> Body {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&vec![0; count / 4]).expect("memory");
        let bytes = encoder.finish().expect("memory").repeat(4);
        Body {
            bytes,
            encoding: "gzip".to_owned(),
            url: "https://index.invalid/simple/".to_owned(),
            limit,
        }
    }

    #[test]
    fn a_bomb_does_not_go_off() {
        let bomb = zeros(1 << 20, (1 << 20) - 1);
        assert!(bomb.bytes.len() < 1 << 16, "it is small before");
        let error = bomb.read().expect_err("it is too large");
        let limit = (1 << 20) - 1;
        assert_eq!(*error.fault(), HttpFault::TooLarge { limit });
        let fits = zeros(1 << 20, 1 << 20).read().expect("it fits");
        assert_eq!(fits.len(), 1 << 20);
    }
}
