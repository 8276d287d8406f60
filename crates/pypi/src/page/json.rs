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
use crate::project::FileView;
use crate::text::printable;

pub(super) fn files(page: &Page<'_>, take: &mut dyn FnMut(&FileView<'_>)) -> Result<(), Fault> {
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
    take: &'t mut dyn FnMut(&FileView<'_>),
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
    filename: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow, default)]
    hashes: BTreeMap<Text<'a>, Text<'a>>,
    #[serde(borrow, default)]
    requires_python: Option<Text<'a>>,
    #[serde(borrow, default)]
    yanked: Said<'a>,
    #[serde(default)]
    size: Option<u64>,
    #[serde(borrow, default)]
    upload_time: Option<Text<'a>>,
    #[serde(borrow, default)]
    core_metadata: Said<'a>,
    #[serde(borrow, default)]
    dist_info_metadata: Said<'a>,
}

/// A text that is borrowed from the page where it has no escapes.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Text<'a>(Cow<'a, str>);

/// No, yes, or yes with something to say about it: a reason, or a table of hashes.
#[derive(Default)]
enum Said<'a> {
    #[default]
    Nothing,
    No,
    Yes(Text<'a>),
}

impl Said<'_> {
    fn text(&self) -> Option<&str> {
        match self {
            Said::Nothing | Said::No => None,
            Said::Yes(text) => Some(&text.0),
        }
    }
}

impl JsonFile<'_> {
    /// Hands on the file, unless its place is none.
    fn give(&self, resolver: &mut Resolver, take: &mut dyn FnMut(&FileView<'_>)) {
        let Some(link) = resolver.link(&self.url.0) else {
            return;
        };
        // PEP 714: the new name goes first, and the old one counts only without it.
        let metadata = match self.core_metadata {
            Said::Nothing => &self.dist_info_metadata,
            _ => &self.core_metadata,
        };
        take(&FileView {
            name: &self.filename.0,
            location: link.location(),
            hashes: self
                .hashes
                .iter()
                .map(|(key, digest)| (&*key.0, &*digest.0))
                .collect(),
            requires_python: self.requires_python.as_ref().map(|text| &*text.0),
            yanked: self.yanked.text(),
            size: self.size,
            uploaded: self
                .upload_time
                .as_ref()
                .and_then(|time| time.0.parse().ok()),
            core_metadata: metadata.text(),
        });
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_str(TextVisitor).map(Text)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Said<'a> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_any(SaidVisitor)
    }
}

struct SaidVisitor;

impl<'de> Visitor<'de> for SaidVisitor {
    type Value = Said<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("true, false, a text or a table of hashes")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Said::Nothing)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(if flag {
            Said::Yes(Text("".into()))
        } else {
            Said::No
        })
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Said::Yes(Text(text.into())))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Said::Yes(Text(text.to_owned().into())))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut sha256 = Text("".into());
        while let Some((key, digest)) = map.next_entry::<Text<'de>, Text<'de>>()? {
            if key.0 == "sha256" {
                sha256 = digest;
            }
        }
        Ok(Said::Yes(sha256))
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
        while let Some(key) = map.next_key::<Text<'de>>()? {
            match &*key.0 {
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
            file.give(&mut self.0.resolver, self.0.take);
        }
        Ok(())
    }
}
