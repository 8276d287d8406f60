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
