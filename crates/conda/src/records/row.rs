//! One record of a repodata, as it is read: borrowed texts, nothing parsed.

use std::borrow::Cow;

/// In what form a package is independent of architectures, as the record says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum NoArch {
    #[default]
    No,
    /// `true`, as it was once written.
    Old,
    Generic,
    Python,
}

/// The archive's form. A build that comes in both is taken as `.conda`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Archive {
    Conda,
    TarBz2,
}

impl Archive {
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Archive::Conda => ".conda",
            Archive::TarBz2 => ".tar.bz2",
        }
    }

    /// A file's name without the extension, and what the extension says.
    pub(crate) fn split(file: &str) -> Option<(&str, Archive)> {
        [Archive::Conda, Archive::TarBz2]
            .into_iter()
            .find_map(|archive| Some((file.strip_suffix(archive.extension())?, archive)))
    }
}

/// A record's fields. What few records have stays JSON, in `rest`.
#[derive(Debug, Default)]
pub(crate) struct Row<'a> {
    pub(crate) name: Option<Cow<'a, str>>,
    pub(crate) version: Option<Cow<'a, str>>,
    pub(crate) build: Option<Cow<'a, str>>,
    pub(crate) build_number: u64,
    pub(crate) depends: Vec<Cow<'a, str>>,
    /// Whether there was a list of dependencies at all.
    pub(crate) has_depends: bool,
    pub(crate) constrains: Vec<Cow<'a, str>>,
    pub(crate) track_features: Vec<Cow<'a, str>>,
    pub(crate) noarch: NoArch,
    pub(crate) timestamp: Option<i64>,
    pub(crate) size: Option<u64>,
    pub(crate) sha256: Option<[u8; 32]>,
    pub(crate) md5: Option<[u8; 16]>,
    pub(crate) license: Option<Cow<'a, str>>,
    pub(crate) license_family: Option<Cow<'a, str>>,
    pub(crate) arch: Option<Cow<'a, str>>,
    pub(crate) platform: Option<Cow<'a, str>>,
    pub(crate) subdir: Option<Cow<'a, str>>,
    /// The key and JSON of what has no field here.
    pub(crate) rest: Vec<(&'static str, Cow<'a, str>)>,
    /// Whether some dependencies are for extras only: `rest` has them.
    pub(crate) has_extras: bool,
    /// The first thing that is wrong with it.
    pub(crate) defect: Option<String>,
}

impl<'a> Row<'a> {
    /// Forgets the record before, and keeps what it had allocated.
    pub(crate) fn clear(&mut self) {
        let mut lists = (
            std::mem::take(&mut self.depends),
            std::mem::take(&mut self.constrains),
            std::mem::take(&mut self.track_features),
            std::mem::take(&mut self.rest),
        );
        lists.0.clear();
        lists.1.clear();
        lists.2.clear();
        lists.3.clear();
        *self = Row {
            depends: lists.0,
            constrains: lists.1,
            track_features: lists.2,
            rest: lists.3,
            ..Row::default()
        };
    }

    /// Notes what is wrong, unless something is already.
    pub(crate) fn wrong(&mut self, what: impl FnOnce() -> String) {
        if self.defect.is_none() {
            self.defect = Some(what());
        }
    }

    /// Keeps a field that few records have, instead of what it had.
    pub(crate) fn keep(&mut self, key: &'static str, json: Cow<'a, str>) {
        self.rest.retain(|(kept, _)| *kept != key);
        self.rest.push((key, json));
    }
}
