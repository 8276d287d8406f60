//! Project pages in JSON: PEP 691, with the fields of PEP 700 and PEP 714.
//!
//! A file that lacks its name or place makes the page none of an index. What else a file says in a
//! way that is not understood (a time that is none) is not known of it, and the rest stays.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::link::Resolver;
use super::{Fault, MOST_FILES, Page, check_version};
use crate::project::NewFile;
use crate::text::printable;

pub(super) fn files(page: &Page<'_>, take: &mut dyn FnMut(NewFile)) -> Result<(), Fault> {
    let mut seen = Seen {
        resolver: Resolver::new(page.url)?,
        take,
        version: None,
        count: None,
    };
    let mut source = serde_json::Deserializer::from_slice(page.bytes);
    let result = Whole(&mut seen)
        .deserialize(&mut source)
        .and_then(|()| source.end());
    if seen.count.is_some_and(|count| count > MOST_FILES) {
        return Err(Fault::TooLarge);
    }
    result.map_err(|error| Fault::Json(printable(&error.to_string())))?;
    match (&seen.version, seen.count) {
        (Some(version), Some(_)) => check_version(version),
        (Some(version), None) => {
            check_version(version)?;
            Err(Fault::Json("it has no `files`".to_owned()))
        }
        (None, _) => Err(Fault::Json("it has no `meta.api-version`".to_owned())),
    }
}

/// What has been read of a page.
struct Seen<'t> {
    resolver: Resolver,
    take: &'t mut dyn FnMut(NewFile),
    version: Option<String>,
    count: Option<usize>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "api-version")]
    api_version: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct JsonFile<'a> {
    #[serde(borrow)]
    filename: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
    #[serde(default)]
    hashes: BTreeMap<String, String>,
    #[serde(default)]
    requires_python: Option<String>,
    #[serde(default)]
    yanked: Option<FlagOr<String>>,
    #[serde(default)]
    size: Option<u64>,
    #[serde(borrow, default)]
    upload_time: Option<Cow<'a, str>>,
    #[serde(default)]
    core_metadata: Option<FlagOr<BTreeMap<String, String>>>,
    #[serde(default)]
    dist_info_metadata: Option<FlagOr<BTreeMap<String, String>>>,
}

/// Yes, no, or yes with something to say about it.
#[derive(Deserialize)]
#[serde(untagged)]
enum FlagOr<T> {
    Flag(bool),
    Value(T),
}

impl<T> FlagOr<T> {
    /// Nothing for no; what `say` makes of the value, or an empty text, for yes.
    fn text(self, say: impl Fn(T) -> String) -> Option<String> {
        match self {
            FlagOr::Flag(flag) => flag.then(String::new),
            FlagOr::Value(value) => Some(say(value)),
        }
    }
}

impl JsonFile<'_> {
    /// The file, unless its place is none.
    fn into_file(self, resolver: &mut Resolver) -> Option<NewFile> {
        let link = resolver.link(&self.url)?;
        let mut file = NewFile::new(self.filename, link.location);
        file.hashes = self.hashes;
        file.requires_python = self.requires_python;
        file.yanked = self.yanked.and_then(|yanked| yanked.text(|reason| reason));
        file.size = self.size;
        file.uploaded = self.upload_time.and_then(|time| time.parse().ok());
        // PEP 714: the new name goes first, and the old one counts only without it.
        let metadata = self.core_metadata.or(self.dist_info_metadata);
        file.core_metadata = metadata.and_then(|metadata| {
            metadata.text(|mut hashes| hashes.remove("sha256").unwrap_or_default())
        });
        Some(file)
    }
}

/// The whole page. Its files are handed over one by one and never held together.
struct Whole<'s, 't>(&'s mut Seen<'t>);

impl<'de> DeserializeSeed<'de> for Whole<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        source.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a project page")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            match key.as_ref() {
                "meta" => self.0.version = Some(map.next_value::<Meta>()?.api_version),
                "files" => {
                    self.0.count.get_or_insert(0);
                    map.next_value_seed(Files(self.0))?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct Files<'s, 't>(&'s mut Seen<'t>);

impl<'de> DeserializeSeed<'de> for Files<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        source.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Files<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of files")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut sequence: S) -> Result<(), S::Error> {
        while let Some(file) = sequence.next_element::<JsonFile<'_>>()? {
            let count = self.0.count.get_or_insert(0);
            *count += 1;
            if *count > MOST_FILES {
                return Err(S::Error::custom("too many files"));
            }
            if let Some(file) = file.into_file(&mut self.0.resolver) {
                (self.0.take)(file);
            }
        }
        Ok(())
    }
}
