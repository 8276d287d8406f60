//! The list of requests: families, their order, and their lines.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use ayon_backend::spec::{self, Body};
use ayon_backend::{EmitError, Resolution, ResolvedDistribution};
use ayon_model::{Architecture, Platform, Process, System};

use crate::Options;
use crate::versions::{semver_text, version_range};

const FORMAT: &str = "a rez request";

/// Writes one resolution as requests.
pub(crate) fn write(resolution: &Resolution, options: &Options) -> Result<Body, EmitError> {
    let mut requests = Requests {
        options,
        lines: String::new(),
        asked: BTreeMap::new(),
        notes: Vec::new(),
    };
    requests.target(resolution)?;
    for addon in &resolution.addons {
        let family = format!("ayon_addon_{}", addon.name.as_str());
        requests.push(
            &family,
            &format!("=={}", semver_text(&addon.version)),
            &format!("addon {}", addon.name),
        )?;
        if addon.development.is_some() {
            let (name, version) = (&addon.name, &addon.version);
            requests.notes.push(format!(
                "addon {name} is read from a developer's folder; the request is for {version}, which the bundle pins"
            ));
        }
    }
    for distribution in resolution.missing() {
        requests.distribution(distribution)?;
    }
    let usage = "Lines with a number sign are comments: rez-env $(grep -v '^#' FILE)".to_owned();
    Ok(Body {
        usage: vec![usage],
        facts: Vec::new(),
        text: requests.lines,
        notes: requests.notes,
    })
}

struct Requests<'a> {
    options: &'a Options,
    lines: String,
    /// Every family with what it was asked for: two things must not meet in one.
    asked: BTreeMap<String, String>,
    notes: Vec<String>,
}

impl Requests<'_> {
    /// What is fixed by the target.
    fn target(&mut self, resolution: &Resolution) -> Result<(), EmitError> {
        let target = &resolution.target;
        let (system, processor) = rez_words(target.platform);
        self.comment("the target");
        self.push("platform", &format!("-{system}"), "the platform")?;
        self.push("arch", &format!("-{processor}"), "the processor")?;
        self.push(
            "ayon_launcher",
            &format!("=={}", semver_text(&resolution.launcher.version)),
            "the launcher",
        )?;
        let python = &resolution.python;
        self.push(
            "python",
            &format!("-{}", crate::python_text(&python.version)),
            "the interpreter",
        )?;
        if let Process::Host { name, version } = &target.process {
            let text = range_word(version);
            if *text != **version {
                self.notes.push(format!(
                    "host version {version} is requested as {text}, which rez can read"
                ));
            }
            self.push(name, &format!("-{text}"), &format!("host {name}"))?;
        }
        self.comment("the addons");
        Ok(())
    }

    fn distribution(&mut self, distribution: &ResolvedDistribution) -> Result<(), EmitError> {
        let name = &distribution.name;
        let family = match self.options.names.get(name) {
            Some(None) => {
                self.notes.push(format!(
                    "{name} is not requested: the site has no rez package of it"
                ));
                return Ok(());
            }
            Some(Some(family)) => family.clone(),
            None => name.as_str().replace('-', "_"),
        };
        if let Some(source) = &distribution.source {
            let (source, _) = spec::without_secret(&source.to_string());
            self.notes.push(format!(
                "{name} is asked for from {source}; rez cannot say so, the package must be of that"
            ));
        }
        if !distribution.extras.is_empty() {
            let extras: Vec<&str> = distribution
                .extras
                .iter()
                .map(pypi::ExtraName::as_str)
                .collect();
            let extras = extras.join(", ");
            self.notes.push(format!(
                "{name} is asked for with its extras ({extras}); rez cannot say so"
            ));
        }
        let range = version_range(&distribution.set);
        let text = range.text.ok_or_else(|| EmitError::Inexpressible {
            what: format!("{name} {}", distribution.set),
            format: FORMAT,
            reason: "no final release is in it, and rez knows no others in ranges; pin one version exactly".to_owned(),
        })?;
        self.notes
            .extend(range.notes.iter().map(|note| format!("{name}: {note}")));
        self.comment(&spec::who(&distribution.askers));
        let separator = if text.starts_with(|c: char| c.is_ascii_digit()) {
            "-"
        } else {
            ""
        };
        self.push(&family, &format!("{separator}{text}"), name.as_str())
    }

    fn comment(&mut self, text: &str) {
        self.lines.extend(["# ", text, "\n"]);
    }

    /// Appends a request. `rest` is the range with its separator, `what` whatever asks for this family.
    fn push(&mut self, family: &str, rest: &str, what: &str) -> Result<(), EmitError> {
        let family = family_word(
            self.options
                .families
                .get(family)
                .map_or(family, String::as_str),
        );
        self.lines.extend([family.as_str(), rest, "\n"]);
        match self.asked.entry(family) {
            Entry::Vacant(entry) => drop(entry.insert(what.to_owned())),
            Entry::Occupied(entry) => {
                return Err(EmitError::Inexpressible {
                    what: what.to_owned(),
                    format: FORMAT,
                    reason: format!(
                        "its family would be `{}`, which is the one of {} already; give one of them another name",
                        entry.key(),
                        entry.get()
                    ),
                });
            }
        }
        Ok(())
    }
}

/// rez's own words for a platform, as its implicit packages `platform` and `arch` have them.
fn rez_words(platform: Platform) -> (&'static str, &'static str) {
    match (platform.system, platform.architecture) {
        (System::Linux, Architecture::X86_64) => ("linux", "x86_64"),
        (System::Linux, Architecture::Arm64) => ("linux", "aarch64"),
        (System::Windows, Architecture::X86_64) => ("windows", "AMD64"),
        (System::Windows, Architecture::Arm64) => ("windows", "ARM64"),
        (System::Darwin, Architecture::X86_64) => ("osx", "x86_64"),
        (System::Darwin, Architecture::Arm64) => ("osx", "arm64"),
    }
}

/// A family that rez accepts, `[a-zA-Z_0-9](\.?[a-zA-Z0-9_]+)*`: whatever else is in `text` becomes `_`.
fn family_word(text: &str) -> String {
    let mut word = String::new();
    for (index, c) in text.char_indices() {
        // A dot must stand between two other letters.
        let next = text.get(index + 1..).and_then(|rest| rest.chars().next());
        let is_joint = c == '.'
            && !word.is_empty()
            && !word.ends_with('.')
            && next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '_');
        word.push(if c.is_ascii_alphanumeric() || is_joint {
            c
        } else {
            '_'
        });
    }
    if word.is_empty() {
        "_".to_owned()
    } else {
        word
    }
}

/// A version that a rez range can hold, `[0-9a-zA-Z_]+([.-][0-9a-zA-Z_]+)*`: whatever else is in `text` becomes `_`.
fn range_word(text: &str) -> String {
    let parts = text.split(['.', '-']).filter(|part| !part.is_empty());
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let words: Vec<String> = parts
        .map(|part| part.chars().map(plain).collect())
        .collect();
    if words.is_empty() {
        "_".to_owned()
    } else {
        words.join(".")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_those_of_rez() {
        for (text, family) in [
            ("core", "core"),
            ("my-addon x", "my_addon_x"),
            ("backports.tarfile", "backports.tarfile"),
            (".a..b.", "_a_.b_"),
            ("é", "_"),
            ("", "_"),
        ] {
            assert_eq!(family_word(text), family);
        }
    }

    #[test]
    fn host_versions_fit_into_a_range() {
        for (text, word) in [
            ("2025", "2025"),
            ("20.5v3", "20.5v3"),
            ("2025.1+x", "2025.1_x"),
            ("..", "_"),
        ] {
            assert_eq!(range_word(text), word);
        }
    }
}
