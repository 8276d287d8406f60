//! The caller's own things as records of the solver.

use rattler_conda_types::package::{
    ArchiveIdentifier, BuildString, CondaArchiveType, DistArchiveIdentifier,
};
use rattler_conda_types::{MatchSpec, PackageName, PackageRecord, RepoDataRecord, Version};
use url::Url;

use crate::{Ask, OwnRecord, Spec};

/// The caller's own things as records: in a channel of their own, under names that no channel can have.
pub(crate) struct OwnRecords {
    pub(crate) records: Vec<RepoDataRecord>,
    names: Vec<PackageName>,
}

impl OwnRecords {
    pub(crate) fn of(ask: &Ask) -> Self {
        let names: Vec<PackageName> = ask.own.iter().enumerate().map(name).collect();
        Self {
            records: ask
                .own
                .iter()
                .enumerate()
                .filter_map(|(place, own)| record(own, names[place].clone(), &names))
                .collect(),
            names,
        }
    }

    /// What makes the solver take them.
    pub(crate) fn specs(&self) -> Vec<MatchSpec> {
        self.names.iter().cloned().map(MatchSpec::from).collect()
    }
}

/// A text of the solver's with the caller's own words for what is the caller's: there these have names and versions of records.
pub(crate) fn in_own_words(ask: &Ask, text: &str) -> String {
    let mut text = text.to_owned();
    for (place, own) in ask.own.iter().enumerate() {
        let name = format!("{} ", name((place, own)).as_normalized());
        let mut said = String::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once(&name) {
            said.push_str(before);
            said.push_str(&own.name);
            // Behind the name is a version, or `*` for any.
            let end = after.find([' ', ',', '\n']).unwrap_or(after.len());
            rest = &after[end..];
        }
        said.push_str(rest);
        text = said;
    }
    text
}

/// A name that begins with a dot: no channel has one, and none is ever asked for one. It says what it names.
fn name((place, own): (usize, &OwnRecord)) -> PackageName {
    let word = own.name.to_ascii_lowercase();
    let word: String = word
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() {
                character
            } else {
                '-'
            }
        })
        .take(60)
        .collect();
    PackageName::new_unchecked(format!(".{word}.{place}"))
}

fn record(own: &OwnRecord, name: PackageName, names: &[PackageName]) -> Option<RepoDataRecord> {
    let version = own.version.parse().unwrap_or_else(|_| Version::major(0));
    let file_name = ArchiveIdentifier {
        name: name.as_normalized().to_owned(),
        version: "0".to_owned(),
        build_string: "0".to_owned(),
    };
    let mut record = PackageRecord::new(name, version, BuildString::new_unchecked("0"));
    "noarch".clone_into(&mut record.subdir);
    let held = own.holds.iter().filter_map(|place| names.get(*place));
    record.depends = held.map(|name| name.as_normalized().to_owned()).collect();
    record
        .depends
        .extend(own.depends.iter().map(|root| dependency(&root.spec)));
    record.depends.sort();
    record.depends.dedup();
    Some(RepoDataRecord {
        package_record: record,
        identifier: DistArchiveIdentifier::new(file_name, CondaArchiveType::Conda),
        url: Url::parse("own:/record").ok()?,
        channel: Some("own:".to_owned()),
    })
}

/// A spec in words that mean the same to whoever reads dependencies, which is by the lenient rules.
fn dependency(spec: &Spec) -> String {
    let inner = spec.rattler();
    inner
        .to_canonical_string()
        .unwrap_or_else(|_| inner.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Platform, Target};

    #[test]
    fn the_solvers_account_has_the_callers_words() {
        let mut ask = Ask::new(Target::new(Platform::LINUX_64));
        for name in ["bundle staging", "addon slack 1.3.1", "addon slack 1.3.1"] {
            ask.own.push(OwnRecord {
                name: name.to_owned(),
                version: String::new(),
                holds: Vec::new(),
                depends: Vec::new(),
            });
        }
        let said = |text: &str| in_own_words(&ask, text);
        assert_eq!(
            said(".addon-slack-1-3-1.1 * cannot be\n└─ .addon-slack-1-3-1.1 0 would require"),
            "addon slack 1.3.1 cannot be\n└─ addon slack 1.3.1 would require"
        );
        assert_eq!(
            said("└─ .bundle-staging.0 0, which"),
            "└─ bundle staging, which"
        );
        assert_eq!(said(".addon-slack-1-3-1.2 *"), "addon slack 1.3.1");
        assert_eq!(said(".addon-slack-1-3-1.12 *"), ".addon-slack-1-3-1.12 *");
        assert_eq!(said("six 0"), "six 0");
    }
}
