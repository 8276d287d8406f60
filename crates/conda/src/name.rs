//! What packages are called.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The name of a package, in lower case ([CEP 26]). Cheap to clone.
///
/// [CEP 26]: https://conda.org/learn/ceps/cep-0026
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageName(Arc<str>);

/// A text that is no name of a package.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a package name: letters, digits, `-`, `_` and `.` are allowed")]
pub struct NameError {
    text: String,
}

impl PackageName {
    /// In lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it names a property of the machine rather than a package: `__glibc`, `__cuda` ([CEP 30]).
    ///
    /// [CEP 30]: https://conda.org/learn/ceps/cep-0030
    pub fn is_virtual(&self) -> bool {
        self.0.starts_with("__")
    }

    /// The name in front of a spec as records write them, without looking at the rest.
    pub(crate) fn of_dependency(spec: &str) -> Self {
        let name = rattler_conda_types::PackageName::normalized_name_from_matchspec_str(spec);
        Self(Arc::from(&*name))
    }

    pub(crate) fn of_rattler(name: &rattler_conda_types::PackageName) -> Self {
        Self(Arc::from(name.as_normalized()))
    }

    pub(crate) fn to_rattler(&self) -> rattler_conda_types::PackageName {
        rattler_conda_types::PackageName::new_unchecked(&*self.0)
    }

    /// A name that is known to be none of a channel.
    pub(crate) fn unchecked(text: String) -> Self {
        Self(Arc::from(text))
    }
}

impl FromStr for PackageName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let name = rattler_conda_types::PackageName::try_from(text);
        let name = name.ok().filter(|name| !name.as_normalized().is_empty());
        name.map(|name| Self::of_rattler(&name))
            .ok_or_else(|| NameError {
                text: printable(text),
            })
    }
}

impl fmt::Display for PackageName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Borrow<str> for PackageName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// A text from outside as it may be printed: without control characters, and not endless.
pub(crate) fn printable(text: &str) -> String {
    const LONGEST: usize = 200;
    let mut shown: String = text
        .chars()
        .filter(|character| !character.is_control())
        .take(LONGEST)
        .collect();
    if text.chars().count() > LONGEST {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lower_case() {
        let name: PackageName = "PyYAML".parse().unwrap();
        assert_eq!(name.as_str(), "pyyaml");
        assert_eq!(name, "pyyaml".parse().unwrap());
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in ["", "a b", "a/b", "ä", "numpy>=1", "a\u{7}b"] {
            assert!(text.parse::<PackageName>().is_err(), "{text}");
        }
        let error = "a\u{7}b".parse::<PackageName>().unwrap_err();
        assert!(!error.to_string().contains('\u{7}'));
    }

    #[test]
    fn names_of_dependencies_are_cut_off() {
        for text in [
            "numpy",
            "numpy >=1.2",
            "NumPy=1",
            "numpy[version='1']",
            "numpy 1.* *cpu",
        ] {
            assert_eq!(PackageName::of_dependency(text).as_str(), "numpy", "{text}");
        }
    }

    #[test]
    fn virtual_packages_begin_with_two_underscores() {
        assert!("__glibc".parse::<PackageName>().unwrap().is_virtual());
        assert!(!"_openmp_mutex".parse::<PackageName>().unwrap().is_virtual());
    }
}
