//! What conda calls a Python distribution, and back.
//!
//! Names differ (`typing-extensions` is `typing_extensions`), mislead (`openexr` is the C++ library, the binding is
//! `openexr-python`), and some distributions are not there at all. Who knows better is asked first: the studio, then the
//! table of facts about what addons and launchers ask for (`names.toml`), then the community's mapping where there is a
//! copy. What none of them lists is unknown, and unknown is not guessed: a package of the same name may be something else.
//!
//! The way back is for pip, which must not install a second copy of what conda brings. There a wrong guess leaves one
//! copy instead of two, so a package that needs Python is taken for the distribution of its name.

mod community;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use pypi::DistributionName;
use serde::Deserialize;

pub use community::{CommunityNames, CommunityNamesError};

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

/// Everybody who knows names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// What the studio says, over all others; `None` where the channels carry no such package.
    pub studio: BTreeMap<DistributionName, Option<String>>,
    /// The community's mapping, under all others.
    pub community: Option<Arc<CommunityNames>>,
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

impl Names {
    /// Looks a distribution up.
    pub(crate) fn look_up<'a>(&'a self, name: &'a DistributionName) -> CondaName<'a> {
        if let Some(known) = self.studio.get(name) {
            return known.as_deref().map_or(CondaName::Absent, CondaName::Is);
        }
        if TABLE.same.contains(name.as_str()) {
            CondaName::Is(name.as_str())
        } else if let Some(other) = TABLE.different.get(name.as_str()) {
            CondaName::Is(other)
        } else if TABLE.absent.contains(name.as_str()) {
            CondaName::Absent
        } else {
            let community = self.community.as_deref();
            let known = community.and_then(|community| community.conda_name(name));
            known.map_or(CondaName::Unknown, CondaName::Is)
        }
    }

    /// The distributions that are in a conda package. `needs_python` says whether it depends on an interpreter.
    pub(crate) fn inside(&self, conda: &str, needs_python: bool) -> BTreeSet<DistributionName> {
        let is_conda = |known: &Option<String>| known.as_deref() == Some(conda);
        let studio = self.studio.iter().filter(|(_, known)| is_conda(known));
        let mut names: BTreeSet<DistributionName> = studio.map(|(name, _)| name.clone()).collect();
        let different = TABLE.different.iter().filter(|(_, known)| *known == conda);
        names.extend(different.filter_map(|(name, _)| name.parse().ok()));
        if let Some(community) = &self.community {
            names.extend(community.inside(conda).iter().cloned());
        }
        let same: Option<DistributionName> = conda.parse().ok();
        if let Some(same) = same
            && (needs_python || TABLE.same.contains(conda))
            && match self.look_up(&same) {
                CondaName::Is(name) => name == conda,
                // Whatever is said of channels that are known: this one carries it.
                CondaName::Absent | CondaName::Unknown => true,
            }
        {
            names.insert(same);
        }
        // What the studio says of a name goes for it alone.
        names.retain(|name| self.studio.get(name).is_none_or(is_conda));
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> DistributionName {
        text.parse().unwrap()
    }

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
    fn who_knows_better_comes_first() {
        let community = r#"{"studio-numpy": ["numpy"], "gazu-conda": ["gazu"], "rich": ["rich"]}"#;
        let names = Names {
            studio: BTreeMap::from([
                (name("clique"), Some("ft-clique".to_owned())),
                (name("numpy"), None),
            ]),
            community: Some(Arc::new(
                CommunityNames::read(community.as_bytes()).unwrap(),
            )),
        };
        for (text, known) in [
            ("clique", CondaName::Is("ft-clique")),
            ("numpy", CondaName::Absent),
            ("Pillow", CondaName::Is("pillow")),
            ("typing_extensions", CondaName::Is("typing_extensions")),
            ("opentimelineio", CondaName::Absent),
            ("gazu", CondaName::Absent),
            ("rich", CondaName::Is("rich")),
            ("no-such-thing", CondaName::Unknown),
        ] {
            assert_eq!(names.look_up(&name(text)), known, "{text}");
        }
        assert_eq!(Names::default().look_up(&name("rich")), CondaName::Unknown);
    }

    #[test]
    fn what_conda_brings_is_known_by_its_python_names() {
        let community = r#"{"rich": ["rich", "rich-vendored"], "numpy": ["numpy"]}"#;
        let names = Names {
            studio: BTreeMap::from([(name("clique"), Some("ft-clique".to_owned()))]),
            community: Some(Arc::new(
                CommunityNames::read(community.as_bytes()).unwrap(),
            )),
        };
        let inside = |conda: &str, needs_python| -> Vec<String> {
            let found = names.inside(conda, needs_python);
            found.iter().map(ToString::to_string).collect()
        };
        assert_eq!(inside("ft-clique", true), ["clique", "ft-clique"]);
        assert_eq!(
            inside("pyside6", true),
            [
                "pyside6",
                "pyside6-addons",
                "pyside6-essentials",
                "shiboken6"
            ]
        );
        assert_eq!(inside("rich", true), ["rich", "rich-vendored"]);
        assert_eq!(inside("httplib2", true), ["httplib2"]);
        assert_eq!(inside("zlib", false), [""; 0]);
        // The C++ library has the name of a distribution that is in another package.
        assert_eq!(inside("openexr", true), [""; 0]);
        assert_eq!(
            inside("openexr-python", true),
            ["openexr", "openexr-python"]
        );
    }
}
