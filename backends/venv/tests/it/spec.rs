//! `requirements.txt`: its text, and that every line reads back as what was asked.

use ayon_backend::example::{ask, give, resolution, target};
use ayon_backend::{Backend, Emission, EmitError, Resolution};
use ayon_backend_venv::Venv;
use ayon_model::Process;
use insta::assert_snapshot;
use pypi::{Constraint, Requirement};

fn emit(resolutions: &[Resolution]) -> Result<Emission, EmitError> {
    let venv = Venv::default();
    venv.emit(resolutions, venv.format("spec")?)
}

fn text(emission: &Emission) -> &str {
    str::from_utf8(&emission.files[0].content).unwrap()
}

/// The lines that are no comments, read as `pip` and `uv` do.
fn requirements(emission: &Emission) -> Vec<Requirement> {
    let lines = text(emission)
        .lines()
        .filter(|line| !line.is_empty() && !line.trim_start().starts_with('#'));
    lines.map(|line| line.parse().unwrap()).collect()
}

fn studio() -> Resolution {
    let mut resolution = resolution();
    for (addon, requirement) in [
        ("core", "aiohttp>=3.8"),
        ("core", "clique>=1.6,<2"),
        ("ftrack", "clique~=1.6.1"),
        ("core", "Pillow>=9.0,!=9.3,<10"),
        ("ftrack", "requests[socks,use-chardet-on-py3]>=2,<3"),
        (
            "shotgrid",
            "shotgun-api3 @ git+https://me:secret@github.com/shotgunsoftware/python-api.git@v3.4.0",
        ),
        ("maya", "numpy"),
    ] {
        ask(&mut resolution, addon, requirement);
    }
    give(&mut resolution, "aiohttp", "3.13.3");
    resolution
}

#[test]
fn a_whole_file() {
    let emission = emit(&[studio()]).unwrap();
    assert_eq!(emission.files[0].name, "requirements.txt");
    assert_snapshot!(text(&emission), @r#"
    # Specification of bundle staging for launcher on linux-64.
    # What the addons ask for, merged and narrowed over all of them, without what the process has already. Not
    # solved against an index: nobody has looked whether such versions exist, and what these packages need in turn
    # is not listed.
    #
    # bundle    staging
    # target    launcher on linux-64
    # launcher  1.6.3 (AYON-1.6.3-linux-rocky9.tar.gz)
    # python    3.11.9 (launcher 1.6.3)
    # addons    core 1.9.7, ftrack 1.6.4, maya 0.6.5 (from a developer's folder), shotgrid 0.6.4+git
    # provided  1 of 6 distributions asked for is there already, and not listed
    # note      shotgun-api3: the secret in its URL is left out; give it to git or to the index client

    clique>=1.6.1,<1.7
        # via addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:11, tool.poetry.dependencies)
        # via addon ftrack 1.6.4 (addons/ftrack_1.6.4/private/pyproject.toml:12, tool.poetry.dependencies)
    numpy
        # via addon maya 0.6.5 (addons/maya_0.6.5/private/pyproject.toml:15, tool.poetry.dependencies)
    pillow>=9.0,<10,!=9.3
        # via addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:12, tool.poetry.dependencies)
    requests[socks,use-chardet-on-py3]>=2,<3
        # via addon ftrack 1.6.4 (addons/ftrack_1.6.4/private/pyproject.toml:13, tool.poetry.dependencies)
    shotgun-api3 @ git+https://github.com/shotgunsoftware/python-api.git@v3.4.0
        # via addon shotgrid 0.6.4+git (addons/shotgrid_0.6.4+git/private/pyproject.toml:14, tool.poetry.dependencies)
    "#);
    assert!(!text(&emission).contains("secret@"));
}

#[test]
fn every_line_reads_back_as_what_was_asked() {
    let studio = studio();
    let read = requirements(&emit(std::slice::from_ref(&studio)).unwrap());
    let missing: Vec<_> = studio.missing().collect();
    assert_eq!(read.len(), missing.len());
    for (read, asked) in read.iter().zip(missing) {
        assert_eq!((&read.name, &read.extras), (&asked.name, &asked.extras));
        match &read.constraint {
            Constraint::Versions { set, .. } => assert_eq!(*set, asked.set),
            Constraint::Source(_) => assert!(asked.source.is_some()),
        }
    }
}

#[test]
fn either_or_is_narrowed_to_the_newest() {
    let mut resolution = resolution();
    ask(&mut resolution, "core", "clique");
    let either = pypi::VersionSet::from_specifiers("<2").unwrap();
    let or = pypi::VersionSet::from_specifiers(">=3,<4").unwrap();
    resolution
        .distributions
        .values_mut()
        .for_each(|clique| clique.set = either.union(&or));
    let emission = emit(&[resolution]).unwrap();
    let read = requirements(&emission);
    assert!(matches!(&read[0].constraint, Constraint::Versions { set, .. } if *set == or));
    assert_snapshot!(emission.notes.join("\n"), @r#"clique: <2 || >=3,<4 is asked for; one requirement cannot say "or", so only the newest, >=3,<4, is said"#);
    assert!(text(&emission).contains("# note "), "{}", text(&emission));
}

#[test]
fn a_relative_path_is_refused() {
    let mut resolution = resolution();
    ask(&mut resolution, "core", "clique");
    let path = pypi::Source::Path {
        path: "../clique".to_owned(),
        subdirectory: None,
    };
    resolution
        .distributions
        .values_mut()
        .for_each(|clique| clique.source = Some(path.clone()));
    assert_snapshot!(emit(&[resolution]).unwrap_err().to_string(), @"clique from ../clique cannot be written as requirements.txt: a path means something only beside the file that names it; publish the package, or name a git or https URL");
}

#[test]
fn names_from_outside_cannot_add_lines() {
    let mut hostile = studio();
    hostile.bundle = Some("x\n--index-url https://example.org".into());
    hostile.addons[0].name = "x\nevil".into();
    for distribution in hostile.distributions.values_mut() {
        distribution.askers[0].origin.place = Some(ayon_model::Place::file("a\nevil\u{2028}evil"));
    }
    let source = pypi::Source::Url {
        url: "https://example.org/x y\nevil".to_owned(),
        subdirectory: None,
    };
    hostile
        .distributions
        .values_mut()
        .for_each(|one| one.source = Some(source.clone()));
    let emission = emit(&[hostile.clone()]).unwrap();
    assert_eq!(requirements(&emission).len(), hostile.missing().count());
}

#[test]
fn several_targets_are_several_files() {
    let mut maya = studio();
    maya.target = target(
        Process::Host {
            name: "Maya".into(),
            version: "2025/x".into(),
        },
        "win-64",
    );
    let names: Vec<String> = emit(&[studio(), maya])
        .unwrap()
        .files
        .into_iter()
        .map(|file| file.name)
        .collect();
    assert_eq!(
        names,
        [
            "requirements-launcher-linux-64.txt",
            "requirements-Maya-2025_x-win-64.txt"
        ]
    );
}
