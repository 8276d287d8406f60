//! The mapping that the community keeps: which distributions are in which package of conda-forge.
//!
//! Its source is parselmouth, which reads the metadata inside every package; the compressed form is one JSON object of
//! conda names, each with its Python names or `null`. Turned round it is ambiguous wherever a package has copies of others
//! in it, so a package of the distribution's own name wins, and of several others none.

use std::collections::BTreeMap;

use pypi::DistributionName;

/// The largest mapping that is read; the real one has about a megabyte.
const LARGEST: usize = 64 << 20;

/// A mapping, both ways.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommunityNames {
    conda: BTreeMap<DistributionName, Vec<String>>,
    inside: BTreeMap<String, Vec<DistributionName>>,
}

/// A text that is no mapping.
#[derive(Debug, thiserror::Error)]
pub enum CommunityNamesError {
    /// It is far too large.
    #[error("it has {0} bytes, which no mapping of names has")]
    Size(usize),
    /// It is not an object of lists of names.
    #[error("it is not a JSON object that has a list of names, or null, for each conda name")]
    Form(#[from] serde_json::Error),
}

impl CommunityNames {
    /// Reads parselmouth's compressed mapping. A name that is none is passed over.
    ///
    /// # Errors
    /// The bytes are of another form.
    pub fn read(bytes: &[u8]) -> Result<Self, CommunityNamesError> {
        if bytes.len() > LARGEST {
            return Err(CommunityNamesError::Size(bytes.len()));
        }
        let table: BTreeMap<String, Option<Vec<String>>> = serde_json::from_slice(bytes)?;
        let mut names = Self::default();
        for (conda, inside) in table {
            let inside: Vec<DistributionName> = inside
                .into_iter()
                .flatten()
                .filter_map(|name| name.parse().ok())
                .collect();
            for name in &inside {
                let known = names.conda.entry(name.clone()).or_default();
                known.push(conda.clone());
            }
            if !inside.is_empty() {
                names.inside.insert(conda, inside);
            }
        }
        Ok(names)
    }

    /// The package that a distribution is to be taken from, if that is plain.
    pub(crate) fn conda_name(&self, name: &DistributionName) -> Option<&str> {
        let known = self.conda.get(name)?;
        let is_own = |conda: &&String| {
            conda
                .parse::<DistributionName>()
                .is_ok_and(|own| own == *name)
        };
        let own = known.iter().find(is_own);
        match (own, known.as_slice()) {
            (Some(own), _) | (None, [own]) => Some(own),
            _ => None,
        }
    }

    /// The distributions in a package.
    pub(crate) fn inside(&self, conda: &str) -> &[DistributionName] {
        self.inside.get(conda).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_in_other_packages_are_not_taken() {
        let text = r#"{
            "arm_pyart": ["requests", "arm-pyart"], "requests": ["requests"], "zlib": null,
            "typing_extensions": ["typing-extensions"], "a": ["x"], "b": ["x"], "c": ["not a name"]
        }"#;
        let names = CommunityNames::read(text.as_bytes()).unwrap();
        let conda = |text: &str| names.conda_name(&text.parse().unwrap());
        assert_eq!(conda("requests"), Some("requests"));
        assert_eq!(conda("arm_pyart"), Some("arm_pyart"));
        assert_eq!(conda("typing.extensions"), Some("typing_extensions"));
        assert_eq!(conda("x"), None);
        assert_eq!(conda("zlib"), None);
        assert_eq!(names.inside("arm_pyart").len(), 2);
        assert!(names.inside("c").is_empty());
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "[]", r#"{"a": "b"}"#, r#"{"a": [1]}"#] {
            assert!(CommunityNames::read(text.as_bytes()).is_err(), "{text}");
        }
    }
}
