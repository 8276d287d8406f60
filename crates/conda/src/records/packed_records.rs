//! A packed subdir as the solve asks for it.

use std::sync::OnceLock;

use rattler_conda_types::package::{
    ArchiveIdentifier, BuildString, CondaArchiveType, DistArchiveIdentifier,
};
use rattler_conda_types::{
    NoArchType, PackageRecord, RawNoArchType, RepoDataRecord, Version, VersionWithSource,
    compute_package_url,
};
use serde::Deserialize;
use serde::de::value::{Error as ValueError, I64Deserializer};
use url::Url;

use super::home::Home;
use super::layout::{Cold, Hot, flag};
use super::pack::json;
use super::packed::{Damaged, NameRow, Packed};
use super::source::Repodata;
use crate::{Channel, PackageName, Platform, Record, Records, RecordsError};

/// The records of one subdir, packed: mapped from a cache, or just made. Opening it reads next to nothing.
#[derive(Debug)]
pub struct PackedRecords {
    channel: Channel,
    platform: Platform,
    subdir_url: Url,
    packed: Packed,
    /// The same once more, after a part of the first turned out to be damaged.
    again: OnceLock<Packed>,
    source: Repodata,
    home: Home,
}

/// What choosing among records looks at.
#[derive(Debug)]
pub(crate) struct Light<'a> {
    /// The record's number.
    pub(crate) number: u32,
    pub(crate) version: &'a str,
    pub(crate) build: &'a str,
    pub(crate) build_number: u64,
    /// Numbers of specs.
    pub(crate) depends: Vec<u32>,
    pub(crate) constrains: Vec<u32>,
    pub(crate) is_tracked: bool,
    pub(crate) has_extras: bool,
}

/// Why a record cannot be told.
#[derive(Debug)]
pub(crate) enum Fault {
    Damaged,
    /// What is wrong with it.
    Record(String),
}

impl From<Damaged> for Fault {
    fn from(_: Damaged) -> Self {
        Fault::Damaged
    }
}

impl PackedRecords {
    pub(super) fn new(
        channel: &Channel,
        platform: Platform,
        packed: Packed,
        source: Repodata,
        home: Home,
    ) -> Result<Self, RecordsError> {
        let subdir_url = channel.subdir_url(platform);
        let subdir_url = Url::parse(&subdir_url).map_err(|error| RecordsError {
            channel: channel.clone(),
            platform,
            reason: "its address cannot be made".to_owned(),
            source: Some(Box::new(error)),
        })?;
        Ok(PackedRecords {
            channel: channel.clone(),
            platform,
            subdir_url,
            packed,
            again: OnceLock::new(),
            source,
            home,
        })
    }

    /// How many records there are, of all names.
    pub fn len(&self) -> usize {
        self.current().records() as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows of a name's records.
    pub(crate) fn rows(&self, name: &str) -> Result<Vec<Light<'_>>, RecordsError> {
        self.look(|packed| {
            let Some(row) = self.find(packed, name)? else {
                return Ok(Vec::new());
            };
            let rows = row.records().map(|number| {
                let hot = packed.hot(number)?;
                let (depends, constrains) = packed.lists(&hot)?;
                Ok(Light {
                    number,
                    version: packed.version(hot.version)?,
                    build: packed.text(hot.build)?,
                    build_number: hot.build_number,
                    depends,
                    constrains,
                    is_tracked: hot.flags & flag::TRACKED != 0,
                    has_extras: hot.flags & flag::EXTRAS != 0,
                })
            });
            rows.collect()
        })
    }

    /// How many distinct dependencies there are.
    pub(crate) fn specs(&self) -> usize {
        self.current().specs() as usize
    }

    /// The text of a dependency.
    pub(crate) fn spec(&self, number: u32) -> Result<&str, RecordsError> {
        self.look(|packed| Ok(packed.spec(number)?.0))
    }

    /// The whole record with a number, which is one of a name.
    pub(crate) fn whole(&self, name: &str, number: u32) -> Result<Record, RecordsError> {
        self.look(|packed| self.record(packed, name, number))
    }

    /// The record with a number, if it is one of a name.
    pub(crate) fn numbered(&self, name: &str, number: u32) -> Result<Record, RecordsError> {
        let row = self.look(|packed| self.find(packed, name))?;
        if row.is_some_and(|row| row.records().contains(&number)) {
            self.whole(name, number)
        } else {
            let name = crate::name::printable(name);
            Err(self.error(format!("`{name}` has no such record")))
        }
    }

    /// The number of a record of a name, by its file.
    pub(crate) fn number_of(&self, name: &str, record: &Record) -> Option<u32> {
        let found = self.look(|packed| {
            let Some(row) = self.find(packed, name)? else {
                return Ok(None);
            };
            for number in row.records() {
                let hot = packed.hot(number)?;
                // Whole records are read only of the build in question.
                if packed.text(hot.build)? == record.build()
                    && self.record(packed, name, number)?.file_name() == record.file_name()
                {
                    return Ok(Some(number));
                }
            }
            Ok(None)
        });
        found.ok().flatten()
    }

    fn current(&self) -> &Packed {
        self.again.get().unwrap_or(&self.packed)
    }

    /// Looks something up. Where the stored bytes are found damaged, they are dropped, made again of the repodata, and
    /// looked up there: the numbers of names, records and specs are the same.
    pub(crate) fn look<'s, T>(
        &'s self,
        look: impl Fn(&'s Packed) -> Result<T, Fault>,
    ) -> Result<T, RecordsError> {
        match look(self.current()) {
            Ok(found) => return Ok(found),
            Err(Fault::Record(reason)) => return Err(self.error(reason)),
            Err(Fault::Damaged) => {}
        }
        self.home.forget("a part of it does not fit its checksum");
        let packed = self.home.make(&self.source, &self.channel, self.platform)?;
        match look(self.again.get_or_init(|| packed)) {
            Ok(found) => Ok(found),
            Err(Fault::Record(reason)) => Err(self.error(reason)),
            Err(Fault::Damaged) => {
                Err(self.error("its records cannot be kept in memory unchanged".to_owned()))
            }
        }
    }

    fn error(&self, reason: String) -> RecordsError {
        RecordsError {
            channel: self.channel.clone(),
            platform: self.platform,
            reason,
            source: None,
        }
    }

    /// Where one record of the repodata is wrong.
    fn defect(&self, file: &str, reason: &str) -> Fault {
        let path = self.source.path().display();
        let file = crate::name::printable(file);
        Fault::Record(format!(
            "the record `{file}` of `{path}` is wrong: {reason}"
        ))
    }

    /// The row of a name that has records, or records that are wrong.
    fn find(&self, packed: &Packed, name: &str) -> Result<Option<NameRow>, Fault> {
        let Some(index) = packed.find(name)? else {
            return Ok(None);
        };
        if let Some((file, reason)) = packed.defects(index)?.first() {
            return Err(self.defect(file, reason));
        }
        Ok(Some(packed.name(index)?))
    }

    /// The whole record with a number.
    fn record(&self, packed: &Packed, name: &str, number: u32) -> Result<Record, Fault> {
        let hot = packed.hot(number)?;
        let cold = packed.cold(number)?;
        let inner = self.tell(packed, name, &hot, &cold)?;
        Ok(Record::of_rattler(inner, self.channel.clone()))
    }

    fn tell(
        &self,
        packed: &Packed,
        name: &str,
        hot: &Hot,
        cold: &Cold,
    ) -> Result<RepoDataRecord, Fault> {
        let mut texts = [""; 7];
        for (text, place) in texts.iter_mut().zip(cold.texts) {
            *text = packed.text(place)?;
        }
        let [license, family, arch, platform, stem, rest, tracked] = texts;
        let (version, build) = (packed.version(hot.version)?, packed.text(hot.build)?);
        let identifier = match stem.parse::<ArchiveIdentifier>() {
            Ok(identifier) if !stem.is_empty() => identifier,
            _ => ArchiveIdentifier {
                name: name.to_owned(),
                version: version.to_owned(),
                build_string: build.to_owned(),
            },
        };
        let archive = match hot.flags & flag::TAR_BZ2 {
            0 => CondaArchiveType::Conda,
            _ => CondaArchiveType::TarBz2,
        };
        let identifier = DistArchiveIdentifier::new(identifier, archive);
        let file = identifier.to_file_name();
        let parsed: Version = version
            .parse()
            .map_err(|error| self.defect(&file, &format!("its version: {error}")))?;
        let mut record = if hot.flags & flag::REST == 0 {
            let name = rattler_conda_types::PackageName::new_unchecked(name);
            PackageRecord::new(
                name,
                VersionWithSource::new(parsed, version),
                BuildString::new_unchecked(build),
            )
        } else {
            let named = if rest.contains("\"name\":") {
                String::new()
            } else {
                format!("\"name\":{},", json(name))
            };
            let (version, build) = (json(version), json(build));
            let text = format!(
                "{{{named}\"version\":{version},\"build\":{build},\"build_number\":0,{rest}}}"
            );
            let mut record: PackageRecord = serde_json::from_str(&text).map_err(|error| {
                self.defect(&file, crate::name::printable(&error.to_string()).as_str())
            })?;
            if record.subdir.is_empty() {
                self.platform.as_str().clone_into(&mut record.subdir);
            }
            record
        };
        if hot.flags & flag::REST == 0 {
            self.platform.as_str().clone_into(&mut record.subdir);
        }
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        record.build_number = hot.build_number;
        (record.license, record.license_family) = (some(license), some(family));
        (record.arch, record.platform) = (some(arch), some(platform));
        record.track_features = tracked.split_whitespace().map(str::to_owned).collect();
        record.size = (cold.size != u64::MAX).then_some(cold.size);
        record.sha256 = (hot.flags & flag::SHA256 != 0).then(|| cold.sha256.into());
        record.md5 = (hot.flags & flag::MD5 != 0).then(|| cold.md5.into());
        record.timestamp = (cold.timestamp != i64::MIN)
            .then(|| Deserialize::deserialize(I64Deserializer::<ValueError>::new(cold.timestamp)))
            .transpose()
            .map_err(|error| self.defect(&file, &format!("its timestamp: {error}")))?;
        record.noarch = match hot.flags & flag::NOARCH {
            0 => NoArchType::none(),
            1 => NoArchType(Some(RawNoArchType::GenericV1)),
            2 => NoArchType::generic(),
            _ => NoArchType::python(),
        };
        let (depends, constrains) = packed.lists(hot)?;
        let texts = |specs: Vec<u32>| {
            let texts = specs
                .into_iter()
                .map(|spec| packed.spec(spec).map(|(text, _)| text.to_owned()));
            texts.collect::<Result<Vec<String>, Damaged>>()
        };
        (record.depends, record.constrains) = (texts(depends)?, texts(constrains)?);
        Ok(RepoDataRecord {
            url: compute_package_url(&self.subdir_url, packed.base_url()?, &file),
            channel: Some(self.channel.url().to_owned()),
            package_record: record,
            identifier,
        })
    }
}

impl Records for PackedRecords {
    fn channel(&self) -> &Channel {
        &self.channel
    }

    fn platform(&self) -> Platform {
        self.platform
    }

    /// A name whose records are all wrong is had too: that it is theirs decides which channel counts.
    fn has(&self, name: &PackageName) -> bool {
        let has = self.look(|packed| {
            let Some(index) = packed.find(name.as_str())? else {
                return Ok(false);
            };
            Ok(packed.name(index)?.count > 0 || !packed.defects(index)?.is_empty())
        });
        // What cannot be read is had, so that who asks for it hears why.
        has.unwrap_or(true)
    }

    fn of(&self, name: &PackageName) -> Result<Vec<Record>, RecordsError> {
        self.look(|packed| {
            let Some(row) = self.find(packed, name.as_str())? else {
                return Ok(Vec::new());
            };
            row.records()
                .map(|number| self.record(packed, name.as_str(), number))
                .collect()
        })
    }

    fn names(&self) -> Vec<PackageName> {
        let names = self.look(|packed| {
            let mut names = Vec::new();
            for index in 0..packed.names() {
                let row = packed.name(index)?;
                if row.count > 0 {
                    names.extend(packed.text(row.text)?.parse());
                }
            }
            Ok(names)
        });
        names.unwrap_or_default()
    }

    fn state(&self) -> Option<String> {
        Some(self.home.state().to_owned()).filter(|state| !state.is_empty())
    }

    fn packed(&self) -> Option<&PackedRecords> {
        Some(self)
    }
}
