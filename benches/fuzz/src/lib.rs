//! What several targets check.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use conda::{Channel, ChannelBase, Platform, Record, Records};
use pypi::{MarkerEnvironment, Memo, Metadata, OperatingSystem, Project};

/// Holds a project against its packed form, and walks both.
///
/// # Panics
/// If they are not the same.
pub fn check_project(project: &Project) {
    let again = Project::decode(project.encode().to_vec()).expect("what we pack, we unpack");
    assert_eq!(again.encode(), project.encode());
    assert_eq!(again.name(), project.name());
    walk_project(project);
    walk_project(&again);
}

/// Asks a project for everything it has.
pub fn walk_project(project: &Project) {
    for position in 0..project.len() {
        let version = project.version(position);
        assert!(position == 0 || project.version(position - 1) < version);
        assert_eq!(project.position_of(version), Some(position));
        for file in project.files(position) {
            assert_eq!(project.position_of_file(file.id()), position);
            let _ = (file.name(), file.location(), file.kind(), file.size());
            let _ = (file.sha256(), file.uploaded(), file.yanked_reason());
            if let Some(range) = file.requires_python() {
                let _ = project.python_ranges()[usize::from(range)].versions();
            }
            let _ = file.hashes().count();
        }
    }
    let _ = (
        project.index(),
        project.skipped().len(),
        project.wheel_tags(),
    );
}

/// Asks metadata for everything it has.
pub fn check_metadata(metadata: &Metadata) {
    let python = "3.11.4".parse().expect("a version");
    let environment = MarkerEnvironment::new(OperatingSystem::Linux, "x86_64", &python);
    let memo = Memo::default();
    let _ = metadata.needs(&environment, None, &memo);
    for extra in metadata.provides_extras().take(8) {
        let _ = metadata.needs(&environment, Some(&extra), &memo);
    }
    for line in metadata.requirements() {
        let _ = (line.text(), line.guard());
    }
    let _ = (metadata.requires_python(), metadata.static_dependencies());
}

/// A folder for what can only be read from a file, one for each process.
pub static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("ayon-fuzz-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for files");
    folder
});

/// The channel that records are said to be from.
///
/// # Panics
/// Never.
#[must_use]
pub fn channel() -> Channel {
    Channel::parse("conda-forge", &ChannelBase::new("/")).expect("a channel")
}

/// Where in the channel.
pub const SUBDIR: Platform = Platform::LINUX_64;

/// All that can be had of a subdirectory, name by name: the records that can be read, as text, or that they cannot be.
///
/// # Panics
/// If what it says of itself does not hold.
#[must_use]
pub fn check_records(records: &dyn Records) -> Vec<(String, Option<Vec<String>>)> {
    let names = records.names();
    let all = names.iter().map(|name| {
        assert!(records.has(name));
        let found = records.of(name);
        if let Err(error) = &found {
            assert!(!error.to_string().contains('\n'), "{error}");
        }
        let found = found.ok().map(|found| {
            assert!(found.iter().all(|record| record.name() == *name));
            found.iter().map(check_record).collect()
        });
        (name.to_string(), found)
    });
    all.collect()
}

/// Holds a record against what it is kept as, and returns that.
///
/// # Panics
/// If it does not come back.
#[must_use]
pub fn check_record(record: &Record) -> String {
    let text = record.to_text().expect("a record has a form as text");
    let again = Record::from_text(&text).expect("what we write, we read");
    assert_eq!(again.to_text().ok().as_deref(), Some(&*text));
    assert_eq!(again.to_string(), record.to_string());
    let _ = (record.version(), record.timestamp(), record.sha256());
    text
}
