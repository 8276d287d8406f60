//! The server's answers around the records: lists whose records are read one by one, and a few small ones.

use ayon_model::{Place, Problem};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{Misshapen, ProjectBundles, from_json, null_is_default};

/// `GET /api/info`, the part that everyone may see.
#[derive(Debug, Deserialize)]
pub(crate) struct Info {
    pub(crate) version: String,
}

/// `GET /api/projects/{project}`, the part about bundles.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Project {
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) data: ProjectData,
}

/// `data` of a project.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ProjectData {
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) bundle: ProjectBundles,
}

/// `GET /api/bundles`.
#[derive(Debug, Deserialize)]
pub(crate) struct Bundles<'a> {
    #[serde(borrow)]
    pub(crate) bundles: Vec<&'a RawValue>,
}

/// `GET /api/desktop/installers`.
#[derive(Debug, Deserialize)]
pub(crate) struct Installers<'a> {
    #[serde(borrow)]
    pub(crate) installers: Vec<&'a RawValue>,
}

/// `GET /api/desktop/dependencyPackages`.
#[derive(Debug, Deserialize)]
pub(crate) struct DependencyPackages<'a> {
    #[serde(borrow)]
    pub(crate) packages: Vec<&'a RawValue>,
}

/// `GET /api/addons`.
#[derive(Debug, Deserialize)]
pub(crate) struct Addons<'a> {
    #[serde(borrow)]
    pub(crate) addons: Vec<&'a RawValue>,
}

/// Reads the records of a list one by one. `name` is the list's name in its document, for the place of a problem.
pub(crate) fn each<T: DeserializeOwned>(
    list: &[&RawValue],
    name: &str,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Vec<T> {
    let read = |(index, raw): (usize, &&RawValue)| match from_json::<T>(raw.get().as_bytes()) {
        Ok(record) => Some(record),
        Err(Misshapen { at, reason, .. }) => {
            let at = if at == "." {
                format!("{name}[{index}]")
            } else {
                format!("{name}[{index}].{at}")
            };
            problems.push(Problem::new(
                place.at(at, None),
                format!("this record cannot be read: {reason}"),
            ));
            None
        }
    };
    list.iter().enumerate().filter_map(read).collect()
}
