//! The tags that a Python on a platform can install, and the order in which installers prefer them.
//!
//! The order is that of `packaging.tags.sys_tags`, which `pip` and `uv` follow: for each pair of
//! Python and binary interface, best first, every platform from the newest down; then the same pairs
//! without a platform. So the list, some thousand tags, is a product, and is never made: a wheel's
//! rank is the place of the best of its pairs times the number of platforms, plus the place of the
//! best of its platforms.

mod mismatch;
mod platforms;

use std::collections::BTreeMap;

use crate::file::wheel_name::WheelTags;
use crate::target::TargetPlatform;
use crate::version::Version;

pub use mismatch::TagMismatch;

/// No version of a Python, C library, or system has had a number near this. What is above is taken
/// for this, so that a floor of 2.65535 is not sixty thousand tags.
const HIGHEST: u16 = 512;

/// The tags of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SupportedTags {
    /// `cp311` or, for old Pythons, `cp37m`.
    abi: String,
    /// Pairs of Python and interface that go with a platform, best first.
    pairs: Places,
    /// Pythons that need no interface and no platform, best first.
    pure: Vec<String>,
    /// Platforms, best first, and their places.
    platforms: Vec<String>,
    platform_places: BTreeMap<String, u32>,
    /// The major and minor number of the Python.
    python: (u16, u16),
}

/// By interface and Python: the place of the pair.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Places {
    ordered: Vec<(String, String)>,
    by_abi: BTreeMap<String, BTreeMap<String, u32>>,
}

impl Places {
    fn push(&mut self, python: String, abi: &str) {
        let place = number(self.ordered.len());
        let pythons = self.by_abi.entry(abi.to_owned()).or_default();
        pythons.entry(python.clone()).or_insert(place);
        self.ordered.push((python, abi.to_owned()));
    }
}

impl SupportedTags {
    pub(crate) fn new(platform: TargetPlatform, python: &Version) -> Self {
        let python = minor_version(python);
        let (major, minor) = python;
        let own = format!("cp{major}{minor}");
        let abi = own.clone() + abi_flags(platform, python);

        // Python 3.2 brought the stable interface. What was built for that of an older Python runs.
        let has_stable = python >= (3, 2);
        let mut pairs = Places::default();
        pairs.push(own.clone(), &abi);
        if has_stable {
            pairs.push(own.clone(), "abi3");
        }
        pairs.push(own.clone(), "none");
        if has_stable {
            for older in (2..minor).rev() {
                pairs.push(format!("cp{major}{older}"), "abi3");
            }
        }

        // `py311`, then `py3`, then what is older.
        let mut pure = vec![format!("py{major}{minor}"), format!("py{major}")];
        pure.extend((0..minor).rev().map(|older| format!("py{major}{older}")));
        for generic in &pure {
            pairs.push(generic.clone(), "none");
        }
        pure.insert(0, own);

        let platforms = platforms::of(platform);
        let places = platforms.iter().cloned().zip(0..);
        SupportedTags {
            abi,
            pairs,
            pure,
            platform_places: places.collect(),
            platforms,
            python,
        }
    }

    /// The place of the best tag of a wheel.
    pub(crate) fn rank(&self, tags: &WheelTags) -> Option<u32> {
        let platforms = number(self.platforms.len());
        let platform = self.platform_place(tags);
        let built = platform.and_then(|platform| {
            let pair = self.pair_place(tags)?;
            Some(pair * platforms + platform)
        });
        // A pure tag comes after all others, so it counts only where none of them is there.
        built.or_else(|| {
            let pairs = number(self.pairs.ordered.len());
            Some(pairs * platforms + self.pure_place(tags)?)
        })
    }

    /// The place of the best pair of Python and interface, whatever the platform.
    fn pair_place(&self, tags: &WheelTags) -> Option<u32> {
        let of_abi = |abi| self.pairs.by_abi.get(abi);
        let known = tags.abi().filter_map(of_abi);
        let places = known.flat_map(|pythons| tags.python().filter_map(|tag| pythons.get(tag)));
        places.min().copied()
    }

    /// The place of the best platform other than `any`.
    fn platform_place(&self, tags: &WheelTags) -> Option<u32> {
        let place = |platform| self.platform_places.get(platform);
        tags.platform().filter_map(place).min().copied()
    }

    /// The place among pure tags, if `none` and `any` are among the wheel's.
    fn pure_place(&self, tags: &WheelTags) -> Option<u32> {
        if !tags.is_for_any_platform() || !tags.abi().any(|abi| abi == "none") {
            return None;
        }
        let wanted = |python: &String| tags.python().any(|tag| tag == python);
        self.pure.iter().position(wanted).map(number)
    }

    /// All tags, best first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = String> {
        let built = self.pairs.ordered.iter().flat_map(|(python, abi)| {
            let platforms = self.platforms.iter();
            platforms.map(move |platform| format!("{python}-{abi}-{platform}"))
        });
        let pure = self.pure.iter();
        built.chain(pure.map(|python| format!("{python}-none-any")))
    }
}

/// The letters behind `cp37` in the name of the interface of a usual build: `m` for its allocator
/// until 3.7, `u` for wide characters where the system's builds had them before 3.3.
fn abi_flags(platform: TargetPlatform, python: (u16, u16)) -> &'static str {
    match platform {
        _ if python >= (3, 8) => "",
        TargetPlatform::Linux { .. } if python < (3, 3) => "mu",
        _ => "m",
    }
}

/// The first two numbers of a version.
fn minor_version(python: &Version) -> (u16, u16) {
    let release = python.release();
    let at = |index| {
        let number = release.get(index).copied().unwrap_or(0);
        u16::try_from(number).map_or(HIGHEST, |number| number.min(HIGHEST))
    };
    (at(0), at(1))
}

/// A place. Bounded by the product of [`HIGHEST`] pairs and platforms.
fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
