//! What several targets check.

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
    let _ = (project.index(), project.skipped().len(), project.wheel_tags());
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
