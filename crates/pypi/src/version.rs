//! A version in the sense of PEP 440.
//!
//! Order and equality are PEP 440's: `1.0` equals `1.0.0`, `1.0.dev1 < 1.0a1 < 1.0 < 1.0+local <
//! 1.0.post1`. The text that [`fmt::Display`] writes is the normalised one (`1.0-Alpha1` becomes
//! `1.0a1`) and keeps trailing zeros, so equal versions can have different texts.

pub(crate) mod cut;
pub(crate) mod set;
pub(crate) mod specifiers;
pub(crate) mod uv;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use crate::text::{has_oversized_number, printable};

/// No version that anybody published is near this length.
const LONGEST: usize = 512;

/// A text that is no PEP 440 version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a version as PEP 440 defines it: {reason}")]
pub struct VersionError {
    text: String,
    reason: String,
}

impl VersionError {
    fn new(text: &str, reason: impl Into<String>) -> Self {
        VersionError {
            text: printable(text),
            reason: reason.into(),
        }
    }

    /// What is wrong, without the text.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// A PEP 440 version, `[epoch!]release[pre][.postN][.devN][+local]`.
///
/// ```
/// use pypi::Version;
///
/// let version: Version = "v1.6-RC1".parse()?;
/// assert_eq!(version.to_string(), "1.6rc1");
/// assert!(version.is_prerelease() && version < "1.6".parse()?);
/// # Ok::<(), pypi::VersionError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Version(uv::Version);

impl Version {
    /// The epoch: 1 in `1!2.0`, 0 where none is written.
    pub fn epoch(&self) -> u64 {
        self.0.epoch()
    }

    /// The numbers of the release, as many as were written: `[1, 6, 0]` for `1.6.0rc1`.
    pub fn release(&self) -> Vec<u64> {
        self.0.release().to_vec()
    }

    /// Whether this is an alpha, beta, release candidate or development release.
    pub fn is_prerelease(&self) -> bool {
        self.0.any_prerelease()
    }

    /// Whether this is a post-release.
    pub fn is_postrelease(&self) -> bool {
        self.0.is_post()
    }

    /// The local label: `cu118` in `2.1.0+cu118`.
    pub fn local(&self) -> Option<String> {
        let local = self.0.local();
        (!local.is_empty()).then(|| local.to_string())
    }

    /// This version without its local label.
    #[must_use]
    pub fn public(&self) -> Version {
        Version(self.0.clone().without_local())
    }

    /// The release alone, cut or filled with zeros to `length` numbers: `1.6` for `1.6.3rc1` at
    /// length 2. The epoch stays. A length of 0 counts as 1.
    #[must_use]
    pub fn release_prefix(&self, length: usize) -> Version {
        let prefix = self.0.only_release_at_precision(length.max(1));
        Version(prefix.unwrap_or_else(|| self.0.clone()))
    }

    /// The final release with the last number one higher: `1.7` for `1.6`.
    pub(crate) fn next_release(&self) -> Version {
        let mut release = self.release();
        if let Some(last) = release.last_mut() {
            *last = last.saturating_add(1);
        }
        Version(self.release_prefix(1).0.with_release(release))
    }

    /// The version of which this release is the next: `1.6` for `1.7`, and for `1.7.0`, which is
    /// the same version. There is none before `0`.
    pub(crate) fn previous_release(&self) -> Option<Version> {
        let mut release = self.release();
        while release.last() == Some(&0) {
            release.pop();
        }
        *release.last_mut()? -= 1;
        Some(Version(self.release_prefix(1).0.with_release(release)))
    }

    /// `V.devN` for this public version `V` that is no development release.
    fn with_dev(&self, number: u64) -> Version {
        // uv has a setter for every part but this one, so it is set by parsing: once for nearly all
        // versions there are.
        if number == 0 && self.epoch() == 0 {
            return self.first_dev();
        }
        Version(parsed(&format!("{self}.dev{number}")))
    }

    /// `V` if this is `V.devN` or a local version of it.
    fn without_dev(&self) -> Version {
        let release = self.release_prefix(self.0.release().len());
        Version(release.0.with_pre(self.0.pre()).with_post(self.0.post()))
    }

    /// `V.dev0`, the lowest of the pre-releases of `V`.
    pub(crate) fn first_dev(&self) -> Version {
        if self.epoch() == 0 {
            let release = FIRST.clone().with_release(self.0.release().iter());
            return Version(release.with_pre(self.0.pre()).with_post(self.0.post()));
        }
        self.without_dev().with_dev(0)
    }

    /// The lowest version above this one and all its local versions: `1.0.post0.dev0` for `1.0`,
    /// `1.0.post2.dev0` for `1.0.post1`, `1.0.dev2` for `1.0.dev1`.
    pub(crate) fn next_public(&self) -> Version {
        match (self.0.dev(), self.0.post()) {
            (Some(dev), _) => self.without_dev().with_dev(dev.saturating_add(1)),
            (None, post) => {
                let next = post.map_or(0, |post| post.saturating_add(1));
                Version(self.0.clone().with_post(Some(next))).first_dev()
            }
        }
    }

    /// The lowest version above this one that is neither a local version nor a post-release of it:
    /// `1.0a2.dev0` for `1.0a1`, and for a post- or development release what follows its local
    /// versions. A final release has no last post-release, and nothing comes next.
    pub(crate) fn past_posts(&self) -> Option<Version> {
        match self.0.pre() {
            _ if self.0.is_dev() || self.0.is_post() => Some(self.next_public()),
            None => None,
            Some(pre) => {
                let number = pre.number.saturating_add(1);
                let next = uv::Prerelease { number, ..pre };
                Some(Version(self.0.clone().with_pre(Some(next))).first_dev())
            }
        }
    }

    /// `0.dev0`, the lowest version there is.
    pub(crate) fn lowest() -> Version {
        Version(FIRST.clone())
    }

    /// `V` if this is `V.post0.dev0`, the first version above `V` and its local versions.
    pub(crate) fn before_first_post(&self) -> Option<Version> {
        (self.0.post() == Some(0) && self.0.dev() == Some(0) && !self.0.is_local())
            .then(|| Version(self.without_dev().0.with_post(None)))
    }

    /// `V` if this is `V.dev0` for a final or post-release `V`: the first version that `<V`, which
    /// leaves out the pre-releases of `V`, does not accept.
    pub(crate) fn without_first_dev(&self) -> Option<Version> {
        (self.0.dev() == Some(0) && !self.0.is_pre() && !self.0.is_local())
            .then(|| self.without_dev())
    }

    pub(crate) fn from_uv(version: uv::Version) -> Version {
        Version(version)
    }

    pub(crate) fn as_uv(&self) -> &uv::Version {
        &self.0
    }
}

/// The lowest version there is.
static FIRST: LazyLock<uv::Version> = LazyLock::new(|| parsed("0.dev0"));

/// A text that was put together here from the parts of versions.
fn parsed(text: &str) -> uv::Version {
    uv::Version::from_str(text).expect("the parts of a version make a version")
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        if text.len() > LONGEST {
            return Err(VersionError::new(text, "it is too long"));
        }
        if has_oversized_number(text) {
            return Err(VersionError::new(text, "a number in it is too large"));
        }
        uv::Version::from_str(text)
            .map(Version)
            .map_err(|error: uv::VersionParseError| {
                VersionError::new(text, printable(&error.to_string()))
            })
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0.to_string())
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn parts_are_read() {
        let full = version("1!2.0rc3.post4.dev5+ubuntu.1");
        assert_eq!(full.epoch(), 1);
        assert_eq!(full.release(), [2, 0]);
        assert!(full.is_prerelease() && full.is_postrelease());
        assert_eq!(full.local().as_deref(), Some("ubuntu.1"));
        assert_eq!(full.public().to_string(), "1!2.0rc3.post4.dev5");
        assert_eq!(full.release_prefix(3).to_string(), "1!2.0.0");
        assert_eq!(version("1.6.3").release_prefix(2).to_string(), "1.6");
        assert_eq!(version("1.6.3").local(), None);
    }

    #[test]
    fn order_is_that_of_pep_440() {
        let ascending = [
            "1.0.dev1",
            "1.0a1.dev1",
            "1.0a1",
            "1.0b2",
            "1.0rc1",
            "1.0",
            "1.0+a",
            "1.0+1",
            "1.0.post0.dev1",
            "1.0.post0",
            "1.0.1",
            "1!0.1",
        ];
        assert!(
            ascending
                .windows(2)
                .all(|pair| version(pair[0]) < version(pair[1]))
        );
        assert_eq!(version("1.0"), version("1.0.0"));
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in [
            "", "latest", "1.*", "1.0-", "1.0+", "^1.0", "1.0 1.1", "1.é",
        ] {
            let error = text.parse::<Version>().unwrap_err();
            assert!(error.to_string().contains("PEP 440"), "{error}");
        }
        for text in ["1.99999999999999999999".to_owned(), "1.".repeat(400) + "0"] {
            assert!(
                text.parse::<Version>()
                    .unwrap_err()
                    .reason()
                    .contains("too l")
            );
        }
    }
}
