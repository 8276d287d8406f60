//! The repository in `fixtures/rez`, as a whole.

use std::path::Path;

use rez::repository::{FilesystemRepository, Repository};

use super::{Folder, shorten, told};

#[test]
fn the_fixture_is_read_as_its_readme_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/rez/packages");
    let repository = FilesystemRepository::open(&path, &Folder::options()).unwrap();
    repository.read_all().unwrap();
    let mut lines = Vec::new();
    for name in repository.family_names().unwrap() {
        let family = repository.family(&name).unwrap().unwrap();
        lines.extend(
            told(&family)
                .iter()
                .map(|package| format!("{name} {package}")),
        );
    }
    let root = path.canonicalize().unwrap();
    let problems = repository.problems();
    lines.extend(
        problems
            .iter()
            .map(|problem| shorten(&root, &problem.to_string())),
    );
    insta::assert_snapshot!(lines.join("\n"), @r"
    broken 1.4 Invalid
    broken 1.3 [python-3]
    broken 1.2 Missing
    broken 1.1 Invalid
    broken 1.0 Invalid
    cmake 3.28.1 []
    ffmpeg 6.1 []
    houdini 20.5.332 [python-3.11]
    houdini 19.5.805 [python-3.9]
    launcher 1.0 NeedsPython
    launcher 0.9 NeedsPython
    launcher 0.8 [python-3]
    lens_tools 2.0 [python-3]
    maya 2025.1 [python-3.11]
    maya 2024.2 [python-3.10]
    nuke 14.1.2 [python-3.9]
    ocio_config 1.2 [python-3]
    ocio_config 2.0 [python-3]
    ocio_config 2.1 [python-3.10+ !nuke-14]
    platform windows []
    platform linux []
    python 3.11.9 []
    python 3.10.11 []
    python 3.9.13 []
    qt 6.5.3 [python-3.10+]
    qt 5.15.2 [python-3]
    render_submitter 1.5.0-rc1 [python-3.10+ .farm.queue-1]
    render_submitter 1.4.0 [python-3 ~maya-2024+ ~nuke-14+ !qt-5]
    site_settings 2023.1 []
    site_settings 2024.1 [studio_environment]
    studio_environment  [python-3.10+]
    twins 1.0 [python-3.11]
    …/twins/1-0: it is the same version as `1.0`, which counts; rez may take either one
    ");
}
