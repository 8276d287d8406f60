//! Places on the line of versions: what a set of versions is bounded by.
//!
//! PEP 440's clauses never cut the line at arbitrary places. `>=1.0` cuts just before `1.0`, `<1.0`
//! just before the first pre-release of `1.0`, `==1.0` just before `1.0` and just after its last
//! local version, `>1.0` after its last post-release. Most of these places are "just before" some
//! version that exists: the last local version of `1.0` is followed by `1.0.post0.dev0`, the first
//! pre-release of `1.0` is `1.0.dev0`. Saying them so makes equal sets equal values. Two kinds of
//! place have no next version: after a single version (`===1.0` without its local versions,
//! `==1.0+local`), and after the post-releases of a release, of which there is no last.

use std::cmp::Ordering;

use crate::version::Version;

/// A place between versions, in canonical form: two cuts that no version separates are equal.
///
/// `Before` and `After` carry a version that exists; `PastPosts` one that is a final release.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Cut {
    /// Just before this version.
    Before(Version),
    /// Just after this very version; local versions of it, if it has none itself, come later.
    After(Version),
    /// After this final release, its local versions and all its post-releases.
    PastPosts(Version),
}

impl Cut {
    /// Whether the version lies after this place.
    pub(crate) fn is_before(&self, version: &Version) -> bool {
        match self {
            Cut::Before(cut) => cut <= version,
            Cut::After(cut) => cut < version,
            Cut::PastPosts(release) => release < version && !shares_release(release, version),
        }
    }

    /// Whether every version lies after this place: it is before `0.dev0`.
    pub(crate) fn is_lowest(&self) -> bool {
        matches!(self, Cut::Before(version) if *version <= Version::lowest())
    }

    fn version(&self) -> &Version {
        match self {
            Cut::Before(version) | Cut::After(version) | Cut::PastPosts(version) => version,
        }
    }
}

/// Whether two versions differ at most behind their release numbers.
fn shares_release(left: &Version, right: &Version) -> bool {
    let (left, right) = (left.as_uv(), right.as_uv());
    let (left_release, right_release) = (left.release(), right.release());
    let longest = left_release.len().max(right_release.len());
    let number = |release: &[u64], index: usize| release.get(index).copied().unwrap_or(0);
    left.epoch() == right.epoch()
        && (0..longest).all(|index| number(&left_release, index) == number(&right_release, index))
}

impl Ord for Cut {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Cut::PastPosts(left), Cut::PastPosts(right)) => left.cmp(right),
            // Nothing lies between a place past the posts of a release and the next version that
            // has another release, so asking on which side that version lies is enough.
            (Cut::PastPosts(_), _) if self.is_before(other.version()) => Ordering::Less,
            (Cut::PastPosts(_), _) => Ordering::Greater,
            (_, Cut::PastPosts(_)) => other.cmp(self).reverse(),
            (Cut::Before(left), Cut::Before(right)) | (Cut::After(left), Cut::After(right)) => {
                left.cmp(right)
            }
            (Cut::Before(left), Cut::After(right)) => left.cmp(right).then(Ordering::Less),
            (Cut::After(left), Cut::Before(right)) => left.cmp(right).then(Ordering::Greater),
        }
    }
}

impl PartialOrd for Cut {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
