//! What there is: packages, versions, files and what they need.

use std::collections::BTreeMap;

use pypi::{DistributionName, Version};

/// Everything an index offers.
#[derive(Clone, Debug, Default)]
pub struct PythonWorld {
    /// By name and version.
    pub packages: BTreeMap<DistributionName, BTreeMap<Version, Release>>,
}

/// A version of every package that is installed.
pub type Choice = BTreeMap<DistributionName, Version>;

/// A version of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Requirements as `Requires-Dist` has them, markers for extras included.
    pub requires: Vec<String>,
    /// The extras that it says it has.
    pub extras: Vec<String>,
    /// Which Pythons it is for.
    pub requires_python: Option<String>,
    /// Whether it was taken back.
    pub is_yanked: bool,
    /// The tags of each of its wheels, such as `py3-none-any`.
    pub wheels: Vec<String>,
    /// Whether there is a source distribution.
    pub has_sdist: bool,
}

impl Default for Release {
    /// One wheel for every platform, and nothing needed.
    fn default() -> Self {
        Self {
            requires: Vec::new(),
            extras: Vec::new(),
            requires_python: None,
            is_yanked: false,
            wheels: vec!["py3-none-any".to_owned()],
            has_sdist: false,
        }
    }
}

impl Release {
    /// Says that an extra needs this as well.
    pub fn require_for(&mut self, extra: &str, requirement: &str) {
        let (what, marker) = match requirement.split_once(';') {
            Some((what, marker)) => (what.trim(), format!("({}) and ", marker.trim())),
            None => (requirement.trim(), String::new()),
        };
        self.requires
            .push(format!("{what} ; {marker}extra == '{extra}'"));
    }

    /// Its files: wheels in order, then the source distribution.
    pub fn files(&self, name: &DistributionName, version: &Version) -> Vec<String> {
        let name = name.with_underscores();
        let wheels = self.wheels.iter();
        let wheels = wheels.map(|tags| format!("{name}-{version}-{tags}.whl"));
        let sdist = self.has_sdist.then(|| format!("{name}-{version}.tar.gz"));
        wheels.chain(sdist).collect()
    }

    /// Its `METADATA`.
    pub fn metadata(&self, name: &DistributionName, version: &Version) -> String {
        let mut text = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
        let mut line = |field: &str, value: &str| {
            text.push_str(field);
            text.push_str(": ");
            text.push_str(value);
            text.push('\n');
        };
        if let Some(python) = &self.requires_python {
            line("Requires-Python", python);
        }
        for extra in &self.extras {
            line("Provides-Extra", extra);
        }
        for requirement in &self.requires {
            line("Requires-Dist", requirement);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_has_files_and_metadata() {
        let mut release = Release {
            requires: vec!["b>1".to_owned()],
            extras: vec!["x".to_owned()],
            requires_python: Some(">=3.8".to_owned()),
            has_sdist: true,
            ..Release::default()
        };
        release.require_for("x", "c");
        release.require_for("x", "d ; os_name == 'nt' or os_name == 'posix'");
        let (name, version) = ("a-b".parse().unwrap(), "1.0+local.1".parse().unwrap());
        assert_eq!(
            release.files(&name, &version),
            ["a_b-1.0+local.1-py3-none-any.whl", "a_b-1.0+local.1.tar.gz"]
        );
        assert_eq!(
            release.metadata(&name, &version),
            "Metadata-Version: 2.1\nName: a-b\nVersion: 1.0+local.1\nRequires-Python: >=3.8\n\
             Provides-Extra: x\nRequires-Dist: b>1\nRequires-Dist: c ; extra == 'x'\n\
             Requires-Dist: d ; (os_name == 'nt' or os_name == 'posix') and extra == 'x'\n"
        );
    }
}
