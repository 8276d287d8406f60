//! Why a version that exists cannot be used: looked at only when there is no answer.

use std::fmt;

use pypi::{FileKind, Project, TagMismatch, Timestamp, Version};

use crate::candidates::{Judge, Policy, index};
use crate::{Prereleases, Sdists};

/// What rules a version out for everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exclusion {
    /// It was yanked, and nobody asks for just this one. Its author's words, or nothing.
    Yanked(String),
    /// It was uploaded after the cut, or nobody knows when.
    TooNew(Option<Timestamp>),
    /// It is made for other Pythons: these.
    Python(String),
    /// It has wheels, but none for the target.
    Wheels(TagMismatch),
    /// It has only a source distribution, which would have to be built.
    SdistOnly,
    /// It is a pre-release, and those are not to be taken.
    Prerelease,
}

impl Exclusion {
    /// What rules out the version at a position of a project; `None` if nothing does.
    ///
    /// Of several files the one that comes nearest to being usable is told about.
    pub(crate) fn of(
        project: &Project,
        position: u32,
        policy: &Policy,
        yanked: &[Version],
    ) -> Option<Self> {
        let judge = Judge::new(policy, project);
        let at = index(position);
        let files = || project.files(at);
        if let Some(file) = files().find(|file| judge.rank(file).is_some()) {
            if file.is_yanked() && !yanked.contains(project.version(at)) {
                return Some(Self::Yanked(file.yanked_reason().to_owned()));
            }
            let is_refused =
                policy.rules.prereleases == Prereleases::Disallow && project.is_prerelease(at);
            return is_refused.then_some(Self::Prerelease);
        }
        let wheels = || {
            files().filter_map(|file| match file.kind() {
                FileKind::Wheel { tags } => {
                    Some((file, project.wheel_tags().get(usize::from(tags))?))
                }
                FileKind::Sdist => None,
            })
        };
        let fits = |tags: &pypi::WheelTags| policy.target.rank(tags).is_some();
        let sdists = || {
            files().filter(|file| {
                file.kind() == FileKind::Sdist && policy.rules.sdists == Sdists::Allow
            })
        };
        let candidates = || {
            wheels()
                .filter(|(_, tags)| fits(tags))
                .map(|(file, _)| file)
                .chain(sdists())
        };
        let wrong_python = |file: &pypi::File<'_>| {
            let range = file
                .requires_python()
                .filter(|range| !judge.accepts(*range))?;
            project
                .python_ranges()
                .get(usize::from(range))
                .map(|range| range.text().to_owned())
        };
        if let Some(file) = candidates().find(|file| wrong_python(file).is_none()) {
            return Some(Self::TooNew(file.uploaded()));
        }
        if let Some(range) = candidates().find_map(|file| wrong_python(&file)) {
            return Some(Self::Python(range));
        }
        // A version that says it is for another Python has no wheels for this one either: the former is the reason.
        if let Some(range) = files().find_map(|file| wrong_python(&file)) {
            return Some(Self::Python(range));
        }
        let mismatch = policy.target.why_none(wheels().map(|(_, tags)| tags));
        Some(mismatch.map_or(Self::SdistOnly, Self::Wheels))
    }
}

impl fmt::Display for Exclusion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Yanked(reason) if reason.is_empty() => formatter.write_str("yanked"),
            Self::Yanked(reason) => write!(formatter, "yanked: {reason}"),
            Self::TooNew(Some(uploaded)) => write!(formatter, "uploaded {uploaded}, after the cut"),
            Self::TooNew(None) => {
                formatter.write_str("its upload date is not known, and there is a cut")
            }
            Self::Python(range) => write!(formatter, "for Python {range}"),
            Self::Wheels(mismatch) => mismatch.fmt(formatter),
            Self::SdistOnly => formatter.write_str("no wheel, only a source distribution"),
            Self::Prerelease => formatter.write_str("a pre-release"),
        }
    }
}
