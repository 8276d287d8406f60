//! The server's JSON, and the way from it to the model.
//!
//! The records are one set of structs for all who speak them: the server's answers, the files of a studio folder, the
//! snapshot, and the stand-in. Unknown fields are passed over, and a field that may be absent may also be null
//! (reference `ayon.md` §1). A record of the wrong shape is a problem of its own; the others are read.

#[cfg(feature = "server")]
mod addon;
#[cfg(feature = "server")]
mod answer;
mod bundle;
#[cfg(any(feature = "server", feature = "stand-in"))]
mod check;
mod dependency_package;
mod launcher;

use ayon_model::{Place, Problem};
use serde::{Deserialize, Deserializer};

#[cfg(feature = "server")]
pub(crate) use addon::Addon;
#[cfg(feature = "server")]
pub(crate) use answer::{Addons, Bundles, DependencyPackages, Info, Installers, Project, each};
pub(crate) use bundle::Bundle;
#[cfg(feature = "server")]
pub(crate) use check::CheckAnswer;
#[cfg(any(feature = "server", feature = "stand-in"))]
pub(crate) use check::{Check, Issue};
pub(crate) use dependency_package::DependencyPackage;
pub(crate) use launcher::Launcher;

/// The bundles a frozen project points to.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ProjectBundles {
    pub(crate) production: Option<String>,
    pub(crate) staging: Option<String>,
}

impl ProjectBundles {
    pub(crate) fn model(self) -> ayon_model::ProjectBundles {
        let named = |name: Option<String>| name.filter(|name| !name.is_empty());
        ayon_model::ProjectBundles {
            production: named(self.production),
            staging: named(self.staging),
        }
    }
}

/// Where a document has another shape than expected, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misshapen {
    /// Such as `bundles[2].addons`; `.` for the document as a whole.
    pub(crate) at: String,
    /// The line of the document, from 1.
    pub(crate) line: Option<u32>,
    pub(crate) reason: String,
}

/// Reads JSON. The reason repeats at most a word or number of the document, never a body.
pub(crate) fn from_json<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Misshapen> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| misshapen(error.path().to_string(), error.inner()))?;
    json.end()
        .map_err(|error| misshapen(".".to_owned(), &error))?;
    Ok(value)
}

fn misshapen(at: String, error: &serde_json::Error) -> Misshapen {
    let line = u32::try_from(error.line()).ok().filter(|line| *line > 0);
    let text = error.to_string();
    // The place stands in fields of its own.
    let reason = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(reason, _)| reason);
    Misshapen {
        at,
        line,
        reason: crate::error::quotable(reason),
    }
}

/// Null as absent.
pub(crate) fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads the system a record names; the record cannot be used without one.
pub(crate) fn system(
    word: &str,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Option<ayon_model::System> {
    if let Ok(system) = word.parse() {
        return Some(system);
    }
    let word = ayon_model::printable(word);
    let message = format!("`{word}` is no platform of AYON; known are linux, windows and darwin");
    problems.push(Problem::new(place.clone(), message));
    None
}

/// Reads a Python version, if there is one.
pub(crate) fn python(
    text: Option<&str>,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Option<pypi::Version> {
    match text?.parse() {
        Ok(version) => Some(version),
        Err(error) => {
            let error: pypi::VersionError = error;
            problems.push(Problem::new(
                place.at("pythonVersion", None),
                error.to_string(),
            ));
            None
        }
    }
}

#[cfg(all(test, feature = "server"))]
mod tests;
