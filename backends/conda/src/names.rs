//! What conda calls a Python distribution.
//!
//! Names differ (`typing-extensions` is `typing_extensions`), mislead (`openexr` is the C++ library, the binding is
//! `openexr-python`), and some distributions are not there at all. `names.toml` lists what is known of the distributions
//! that addons and launchers ask for. What is not listed is unknown, and unknown is not guessed: a package of the same
//! name may be something else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use pypi::DistributionName;
use serde::Deserialize;

/// What is known of one distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CondaName<'a> {
    /// It is carried under this name.
    Is(&'a str),
    /// It is not carried.
    Absent,
    /// Nobody has said.
    Unknown,
}

/// `names.toml`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    absent: BTreeSet<String>,
    same: BTreeSet<String>,
    #[serde(rename = "conda-forge")]
    different: BTreeMap<String, String>,
}

// The file is part of the program and a test reads it: the default, where every name is unknown, is never met.
static TABLE: LazyLock<Table> = LazyLock::new(|| read().unwrap_or_default());

fn read() -> Result<Table, toml::de::Error> {
    toml::from_str(include_str!("../names.toml"))
}

/// Looks `name` up, in the studio's own `names` first; a `None` there says that conda does not carry it.
pub(crate) fn look_up<'a>(
    name: &'a DistributionName,
    names: &'a BTreeMap<DistributionName, Option<String>>,
) -> CondaName<'a> {
    if let Some(known) = names.get(name) {
        return known.as_deref().map_or(CondaName::Absent, CondaName::Is);
    }
    if TABLE.same.contains(name.as_str()) {
        CondaName::Is(name.as_str())
    } else if let Some(other) = TABLE.different.get(name.as_str()) {
        CondaName::Is(other)
    } else if TABLE.absent.contains(name.as_str()) {
        CondaName::Absent
    } else {
        CondaName::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        let table = read().unwrap();
        let all: Vec<&String> = table
            .absent
            .iter()
            .chain(&table.same)
            .chain(table.different.keys())
            .collect();
        assert!(all.len() > 150, "{}", all.len());
        for name in &all {
            assert_eq!(
                name.parse::<DistributionName>().unwrap().as_str(),
                **name,
                "not in PEP 503's spelling"
            );
        }
        assert_eq!(
            all.iter().collect::<BTreeSet<_>>().len(),
            all.len(),
            "a name is listed twice"
        );
        let is_conda = |name: &String| {
            name.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b))
        };
        assert!(table.different.values().all(is_conda));
    }

    #[test]
    fn own_names_come_first() {
        let name = |text: &str| text.parse::<DistributionName>().unwrap();
        let own = BTreeMap::from([
            (name("clique"), Some("ft-clique".to_owned())),
            (name("numpy"), None),
        ]);
        assert_eq!(look_up(&name("clique"), &own), CondaName::Is("ft-clique"));
        assert_eq!(look_up(&name("numpy"), &own), CondaName::Absent);
        assert_eq!(look_up(&name("Pillow"), &own), CondaName::Is("pillow"));
        assert_eq!(
            look_up(&name("typing_extensions"), &own),
            CondaName::Is("typing_extensions")
        );
        assert_eq!(look_up(&name("opentimelineio"), &own), CondaName::Absent);
        assert_eq!(look_up(&name("no-such-thing"), &own), CondaName::Unknown);
    }
}
