//! One package that a channel offers.

use std::fmt;
use std::sync::Arc;

use rattler_conda_types::package::{BuildString, DistArchiveIdentifier};
use rattler_conda_types::{NoArchType, PackageRecord, RepoDataRecord, VersionWithSource};

use crate::name::printable;
use crate::{Channel, Md5, Moment, PackageName, Platform, Sha256, Version};

/// A package that a channel offers: everything its index says of it. Cheap to clone. Displays as
/// `channel/platform::name-version-build`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    channel: Channel,
    inner: Arc<RepoDataRecord>,
}

/// What one must know to make a [`Record`] of one's own. [`RecordFacts::new`] leaves all out that may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordFacts {
    /// What it is called.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its build.
    pub build: String,
    /// The newer of two builds of a version is the one with the larger number.
    pub build_number: u64,
    /// `name-version-build.conda` if empty.
    pub file_name: String,
    /// What it needs.
    pub depends: Vec<String>,
    /// What must hold of others if they are there.
    pub constrains: Vec<String>,
    /// Names that make it less wanted than others.
    pub track_features: Vec<String>,
    /// In bytes.
    pub size: Option<u64>,
    /// Of the file.
    pub sha256: Option<Sha256>,
    /// Of the file.
    pub md5: Option<Md5>,
    /// When it was built.
    pub timestamp: Option<Moment>,
    /// Under which it may be used.
    pub license: Option<String>,
    /// Whether it is the same on every platform, and then `python` or `generic`.
    pub noarch: Option<String>,
}

/// Facts that are none of a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record {record}: {reason}")]
pub struct RecordError {
    record: String,
    reason: String,
}

impl RecordFacts {
    /// A record that needs nothing.
    pub fn new(name: &str, version: &str, build: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            build: build.to_owned(),
            ..Self::default()
        }
    }

    /// The record that a subdirectory of a channel offers with these facts.
    ///
    /// # Errors
    /// If the name, version or file name is none.
    pub fn at(self, channel: &Channel, platform: Platform) -> Result<Record, RecordError> {
        let refuse = |reason: String| RecordError {
            record: printable(&format!("{}-{}-{}", self.name, self.version, self.build)),
            reason,
        };
        let name: PackageName = self
            .name
            .parse()
            .map_err(|error| refuse(format!("{error}")))?;
        let version: Version = self
            .version
            .parse()
            .map_err(|error| refuse(format!("{error}")))?;
        let file_name = if self.file_name.is_empty() {
            format!("{name}-{version}-{}.conda", self.build)
        } else {
            self.file_name.clone()
        };
        let identifier = DistArchiveIdentifier::try_from_filename(&file_name).ok_or_else(|| {
            refuse(format!(
                "`{}` is not the name of a package file",
                printable(&file_name)
            ))
        })?;
        let url = channel
            .parsed_url()
            .join(&format!("{platform}/{file_name}"))
            .map_err(|error| refuse(error.to_string()))?;
        let build = BuildString::new_unchecked(self.build);
        let mut record = PackageRecord::new(name.to_rattler(), version.0, build);
        record.build_number = self.build_number;
        record.subdir = platform.to_string();
        record.depends = self.depends;
        record.constrains = self.constrains;
        record.track_features = self.track_features;
        record.size = self.size;
        record.sha256 = self.sha256.map(|digest| digest.0.into());
        record.md5 = self.md5.map(|digest| digest.0.into());
        record.timestamp = self.timestamp.map(|time| time.to_rattler().into());
        record.license = self.license;
        record.noarch = match self.noarch.as_deref() {
            Some("python") => NoArchType::python(),
            Some(_) => NoArchType::generic(),
            None => NoArchType::none(),
        };
        let inner = RepoDataRecord {
            package_record: record,
            identifier,
            url,
            channel: Some(channel.url().to_owned()),
        };
        Ok(Record::of_rattler(inner, channel.clone()))
    }
}

impl Record {
    /// A record that `conda-client` was given by rattler: the one place where a type of it comes in from another crate.
    #[doc(hidden)]
    pub fn from_rattler(inner: RepoDataRecord, channel: &Channel) -> Self {
        Self::of_rattler(inner, channel.clone())
    }

    /// Whose `channel` and `url` become those of the channel: canonical and without secrets.
    pub(crate) fn of_rattler(mut inner: RepoDataRecord, channel: Channel) -> Self {
        if inner.channel.as_deref() != Some(channel.url()) {
            inner.channel = Some(channel.url().to_owned());
        }
        Self {
            channel,
            inner: Arc::new(inner),
        }
    }

    pub(crate) fn rattler(&self) -> &RepoDataRecord {
        &self.inner
    }

    /// Whether both are the same file, which may have moved to another channel.
    pub(crate) fn is_same_file(&self, other: &Record) -> bool {
        match (self.sha256(), other.sha256()) {
            (Some(mine), Some(theirs)) => mine == theirs,
            _ => self.url() == other.url(),
        }
    }

    fn package(&self) -> &PackageRecord {
        &self.inner.package_record
    }

    /// What it is called.
    pub fn name(&self) -> PackageName {
        PackageName::of_rattler(&self.package().name)
    }

    /// Its version.
    pub fn version(&self) -> Version {
        Version(VersionWithSource::clone(&self.package().version))
    }

    /// Its build: who asks for an exact package names this too.
    pub fn build(&self) -> &str {
        self.package().build.as_str()
    }

    /// The newer of two builds of a version is the one with the larger number.
    pub fn build_number(&self) -> u64 {
        self.package().build_number
    }

    /// The subdirectory it is in.
    pub fn subdir(&self) -> &str {
        &self.package().subdir
    }

    /// The channel it is from.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// Where its file is, without secrets.
    pub fn url(&self) -> &str {
        self.inner.url.as_str()
    }

    /// What its file is called.
    pub fn file_name(&self) -> String {
        self.inner.identifier.to_file_name()
    }

    /// Of the file, in bytes.
    pub fn size(&self) -> Option<u64> {
        self.package().size
    }

    /// Of the file.
    pub fn sha256(&self) -> Option<Sha256> {
        self.package().sha256.map(|digest| Sha256(digest.into()))
    }

    /// Of the file.
    pub fn md5(&self) -> Option<Md5> {
        self.package().md5.map(|digest| Md5(digest.into()))
    }

    /// What it needs, in the words of the channel.
    pub fn depends(&self) -> &[String] {
        &self.package().depends
    }

    /// What must hold of others if they are there, in the words of the channel.
    pub fn constrains(&self) -> &[String] {
        &self.package().constrains
    }

    /// When it came into the channel, or when it was built where that is not known.
    pub fn timestamp(&self) -> Option<Moment> {
        let package = self.package();
        let time = package.indexed_timestamp.or(package.timestamp);
        time.map(|time| Moment::of_rattler(time.jiff_timestamp()))
    }

    /// Under which it may be used.
    pub fn license(&self) -> Option<&str> {
        self.package().license.as_deref()
    }
}

impl fmt::Display for Record {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let package = self.package();
        write!(
            formatter,
            "{}/{}::{}-{}-{}",
            self.channel,
            package.subdir,
            package.name.as_normalized(),
            package.version,
            package.build.as_str()
        )
    }
}
