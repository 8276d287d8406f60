//! Reading a `repodata.json` (CEP 36) in one pass, without keeping any of it.
//!
//! Every field of a record is taken as it comes, whatever its type: one odd record among half a million is a defect of
//! that record, told when somebody asks for its name, and no reason to refuse the channel. Only what is no JSON, or no
//! repodata at all, is refused as a whole, with the place.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::loose::{Any, Kind, Text, Texts, Value};
use super::pack::Packer;
use super::patch::Patches;
use super::row::{Archive, NoArch, Row};

/// Reads all records of a subdir into a packer.
pub(crate) fn read(
    bytes: &[u8],
    subdir: &str,
    patches: &Patches,
    packer: &mut Packer,
) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let whole = Whole {
        subdir,
        patches,
        packer,
    };
    deserializer.deserialize_map(whole)?;
    deserializer.end()
}

/// The whole file.
struct Whole<'p> {
    subdir: &'p str,
    patches: &'p Patches,
    packer: &'p mut Packer,
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the object of a repodata")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        let mut found = false;
        while let Some(key) = map.next_key_seed(Text)? {
            match &*key {
                "packages" | "packages.conda" => {
                    found = true;
                    map.next_value_seed(Packages {
                        whole: &mut Whole {
                            packer: &mut *self.packer,
                            ..self
                        },
                        archive: None,
                    })?;
                }
                "v3" => {
                    found = true;
                    map.next_value_seed(Third(&mut Whole {
                        packer: &mut *self.packer,
                        ..self
                    }))?;
                }
                "removed" => map.next_value_seed(Removed(self.packer))?,
                "info" => {
                    let info: Info = map.next_value()?;
                    if let Some(url) = info.base_url {
                        check_base(&url).map_err(M::Error::custom)?;
                        self.packer.set_base_url(&url);
                    }
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        for file in self.patches.removed() {
            self.packer.remove(file);
        }
        if found {
            Ok(())
        } else {
            Err(M::Error::custom(
                "it lists no packages, so it is no repodata",
            ))
        }
    }
}

#[derive(serde::Deserialize)]
struct Info {
    #[serde(default)]
    base_url: Option<String>,
}

/// Refuses an address that no file's address can be made with.
fn check_base(base: &str) -> Result<(), String> {
    match url::Url::parse(base) {
        Ok(url) if !url.cannot_be_a_base() => Ok(()),
        Err(url::ParseError::RelativeUrlWithoutBase) => Ok(()),
        _ => Err(format!(
            "its base_url is no address: `{}`",
            base.escape_debug()
        )),
    }
}

/// The maps of the third revision, by archive.
struct Third<'w, 'p>(&'w mut Whole<'p>);

impl<'de> DeserializeSeed<'de> for Third<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Third<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of archive formats")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(key) = map.next_key_seed(Text)? {
            let archive = match &*key {
                "conda" => Archive::Conda,
                "tar.bz2" => Archive::TarBz2,
                // Wheels are not installed from channels here, and later formats are unknown.
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            map.next_value_seed(Packages {
                whole: &mut *self.0,
                archive: Some(archive),
            })?;
        }
        Ok(())
    }
}

struct Removed<'p>(&'p mut Packer);

impl<'de> DeserializeSeed<'de> for Removed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Removed<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of file names")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<(), S::Error> {
        while let Some(file) = list.next_element_seed(Text)? {
            self.0.remove(&file);
        }
        Ok(())
    }
}

/// One map of records.
struct Packages<'w, 'p> {
    whole: &'w mut Whole<'p>,
    /// The archive's form where keys do not say it, as in the third revision.
    archive: Option<Archive>,
}

impl<'de> DeserializeSeed<'de> for Packages<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Packages<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of records")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        let Whole {
            subdir,
            patches,
            ref mut packer,
        } = *self.whole;
        let mut row = Row::default();
        while let Some(key) = map.next_key_seed(Text)? {
            row.clear();
            map.next_value_seed(Record(&mut row))?;
            let (stem, archive) = match self.archive {
                Some(archive) => (&*key, archive),
                None => Archive::split(&key).unwrap_or_else(|| {
                    row.wrong(|| "its file is neither a .conda nor a .tar.bz2".to_owned());
                    (&*key, Archive::TarBz2)
                }),
            };
            patches.apply(stem, archive, &mut row);
            packer.push(subdir, stem, archive, self.archive.is_none(), &mut row);
        }
        Ok(())
    }
}

/// One record's fields, into a row.
struct Record<'r, 'a>(&'r mut Row<'a>);

impl<'de> DeserializeSeed<'de> for Record<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// What a record may be instead of an object.
macro_rules! no_object {
    ($($method:ident $type:ty),*) => {$(
        fn $method<E>(self, _: $type) -> Result<(), E> {
            self.0.wrong(|| "it is no object".to_owned());
            Ok(())
        }
    )*};
}

impl<'de> Visitor<'de> for Record<'_, 'de> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a record")
    }

    no_object!(visit_bool bool, visit_i64 i64, visit_u64 u64, visit_f64 f64, visit_str &str);

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.wrong(|| "it is no object".to_owned());
        Ok(())
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<(), S::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        self.visit_unit()
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        let row = self.0;
        while let Some(key) = map.next_key_seed(Text)? {
            match &*key {
                "name" => row.name = text(row, "name", map.next_value_seed(Any)?),
                "version" => row.version = text(row, "version", map.next_value_seed(Any)?),
                "build" => row.build = text(row, "build", map.next_value_seed(Any)?),
                "license" => row.license = text(row, "license", map.next_value_seed(Any)?),
                "license_family" => {
                    row.license_family = text(row, "license_family", map.next_value_seed(Any)?);
                }
                "arch" => row.arch = text(row, "arch", map.next_value_seed(Any)?),
                "platform" => row.platform = text(row, "platform", map.next_value_seed(Any)?),
                "subdir" => row.subdir = text(row, "subdir", map.next_value_seed(Any)?),
                "build_number" => {
                    let number = number(row, "build_number", &map.next_value_seed(Any)?);
                    row.build_number = number.unwrap_or_default();
                }
                "size" => row.size = number(row, "size", &map.next_value_seed(Any)?),
                "timestamp" => {
                    let value = map.next_value_seed(Any)?;
                    row.timestamp = timestamp(row, &value);
                }
                "sha256" => row.sha256 = hash(row, "sha256", &map.next_value_seed(Any)?),
                "md5" => row.md5 = hash(row, "md5", &map.next_value_seed(Any)?),
                "depends" => {
                    row.has_depends = list(row, &mut map, "depends", |row| &mut row.depends)?;
                }
                "constrains" => {
                    list(row, &mut map, "constrains", |row| &mut row.constrains)?;
                }
                "track_features" => features(row, &mut map)?,
                "noarch" => {
                    let value = map.next_value_seed(Any)?;
                    row.noarch = noarch(row, &value);
                }
                key => match KEPT.iter().find(|kept| **kept == key) {
                    Some(kept) => {
                        let value: &RawValue = map.next_value()?;
                        if !matches!(value.get(), "null" | "\"\"" | "[]" | "{}") {
                            row.keep(kept, Cow::Borrowed(value.get()));
                            row.has_extras |= key == "extra_depends";
                        }
                    }
                    None => {
                        map.next_value::<IgnoredAny>()?;
                    }
                },
            }
        }
        Ok(())
    }
}

/// What few records have, and is kept as JSON.
const KEPT: [&str; 10] = [
    "attestations_sha256",
    "extra_depends",
    "features",
    "flags",
    "indexed_timestamp",
    "legacy_bz2_md5",
    "legacy_bz2_size",
    "purls",
    "python_site_packages_path",
    "run_exports",
];

fn text<'a>(row: &mut Row<'a>, key: &str, value: Value<'a>) -> Option<Cow<'a, str>> {
    match value {
        Value::Null => None,
        Value::Text(text) => Some(text),
        _ => {
            row.wrong(|| format!("its {key} is no text"));
            None
        }
    }
}

fn number(row: &mut Row<'_>, key: &str, value: &Value<'_>) -> Option<u64> {
    match value {
        Value::Null => None,
        Value::Number(number) => Some(*number),
        _ => {
            row.wrong(|| format!("its {key} is no whole number"));
            None
        }
    }
}

fn timestamp(row: &mut Row<'_>, value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Null => None,
        Value::Number(number) => i64::try_from(*number).ok(),
        // What is written with a fraction was seconds with one.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "cut to what a number holds"
        )]
        Value::Float(number) => Some(*number as i64),
        _ => {
            row.wrong(|| "its timestamp is no time".to_owned());
            None
        }
    }
}

fn noarch(row: &mut Row<'_>, value: &Value<'_>) -> NoArch {
    match value {
        Value::Null | Value::Bool(false) => NoArch::No,
        Value::Bool(true) => NoArch::Old,
        Value::Text(text) if text == "python" => NoArch::Python,
        Value::Text(text) if text == "generic" => NoArch::Generic,
        // Some servers wrote it so.
        Value::Text(text) if text.is_empty() => NoArch::No,
        _ => {
            row.wrong(|| "its noarch is neither python nor generic".to_owned());
            NoArch::No
        }
    }
}

/// A hash in hexadecimal digits. An empty one is none.
fn hash<const N: usize>(row: &mut Row<'_>, key: &str, value: &Value<'_>) -> Option<[u8; N]> {
    let hash = match value {
        Value::Null => return None,
        Value::Text(text) if text.is_empty() => return None,
        Value::Text(text) => digits(text.as_bytes()),
        _ => None,
    };
    if hash.is_none() {
        row.wrong(|| format!("its {key} is not {} hexadecimal digits", N * 2));
    }
    hash
}

fn digits<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let mut hash = [0; N];
    if text.len() != N * 2 {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(text.chunks_exact(2)) {
        let (high, low) = (DIGITS[usize::from(pair[0])], DIGITS[usize::from(pair[1])]);
        if (high | low) > 15 {
            return None;
        }
        *byte = high << 4 | low;
    }
    Some(hash)
}

/// The value of each byte as a digit, or 255.
const DIGITS: [u8; 256] = {
    let mut values = [255; 256];
    let mut value = 0;
    while value < 16 {
        values[b"0123456789abcdef"[value as usize] as usize] = value;
        values[b"0123456789ABCDEF"[value as usize] as usize] = value;
        value += 1;
    }
    values
};

/// Reads a list of texts into a field of a row, and says whether it is there.
fn list<'de, M: MapAccess<'de>>(
    row: &mut Row<'de>,
    map: &mut M,
    key: &str,
    field: for<'r> fn(&'r mut Row<'de>) -> &'r mut Vec<Cow<'de, str>>,
) -> Result<bool, M::Error> {
    let texts = field(row);
    texts.clear();
    let kind = map.next_value_seed(Texts(texts))?;
    match kind {
        Kind::Texts => return Ok(true),
        Kind::Null => {}
        Kind::Text | Kind::Other => row.wrong(|| format!("its {key} is no list of texts")),
    }
    Ok(false)
}

/// Tracked features: a list, or one text with commas or blanks between them.
fn features<'de, M: MapAccess<'de>>(row: &mut Row<'de>, map: &mut M) -> Result<(), M::Error> {
    row.track_features.clear();
    match map.next_value_seed(Texts(&mut row.track_features))? {
        Kind::Null | Kind::Texts => {}
        Kind::Other => row.wrong(|| "its track_features are no texts".to_owned()),
        Kind::Text => {
            let text = row.track_features.pop().unwrap_or_default();
            let parts = text
                .split([',', ' '])
                .map(|part| Cow::Owned(part.to_owned()));
            row.track_features.extend(parts);
        }
    }
    row.track_features
        .retain(|feature| !feature.trim().is_empty());
    Ok(())
}
