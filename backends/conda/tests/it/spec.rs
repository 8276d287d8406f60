//! `environment.yml`: its text, what a YAML reader makes of it, and what is said about what it cannot say.

use ayon_backend::example::{ask, give, resolution, target};
use ayon_backend::{Backend, Emission, EmitError, Format, Resolution};
use ayon_backend_conda::{Conda, Names, Options};
use ayon_model::{GivenPython, Process};
use insta::assert_snapshot;
use saphyr::{LoadableYamlNode, Yaml};
use serde_json::{Value, json};

fn emit(conda: &Conda, resolutions: &[Resolution]) -> Emission {
    conda
        .emit(resolutions, conda.format("spec").unwrap())
        .unwrap()
}

fn text(emission: &Emission) -> &str {
    str::from_utf8(&emission.files[0].content).unwrap()
}

/// The file as a YAML reader sees it.
fn read(emission: &Emission) -> Value {
    let documents = Yaml::load_from_str(text(emission)).unwrap();
    assert_eq!(documents.len(), 1);
    as_json(&documents[0])
}

fn as_json(node: &Yaml<'_>) -> Value {
    if let Some(sequence) = node.as_sequence() {
        sequence.iter().map(as_json).collect()
    } else if let Some(mapping) = node.as_mapping() {
        mapping
            .iter()
            .map(|(key, value)| (key.as_str().unwrap().to_owned(), as_json(value)))
            .collect()
    } else {
        Value::from(node.as_str().expect("every scalar is a text"))
    }
}

/// Everything at once: narrowed, provided, absent, unknown, several in one package, extras, a source.
fn studio() -> Resolution {
    let mut resolution = resolution();
    for (addon, requirement) in [
        ("core", "aiohttp>=3.8"),
        ("core", "clique>=1.6,<1.7"),
        ("core", "pillow>=9.0,!=9.3,<10"),
        ("ftrack", "pillow>=9.5"),
        ("core", "shiboken6<6.9"),
        ("maya", "pyside6-essentials>=6.5"),
        ("ftrack", "requests[socks]>=2,<3"),
        ("ftrack", "studio-tools"),
        (
            "shotgrid",
            "shotgun-api3 @ git+https://me:secret@github.com/shotgunsoftware/python-api.git@v3.4.0",
        ),
        ("ftrack", "typing_extensions"),
    ] {
        ask(&mut resolution, addon, requirement);
    }
    give(&mut resolution, "aiohttp", "3.13.3");
    resolution
}

#[test]
fn a_whole_environment() {
    let emission = emit(&Conda::default(), &[studio()]);
    assert_eq!(emission.files[0].name, "environment.yml");
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
    # provided  1 of 9 distributions asked for is there already, and not listed
    # pip       4 of the packages come from an index by pip
    # note      requests is under pip: it is asked for with extras, which conda does not have
    # note      nobody has told what conda calls studio-tools; it is left to pip
    # note      shotgun-api3: the secret in its URL is left out; give it to git or to the index client

    name: staging-launcher
    channels:
      - conda-forge
    dependencies:
      - python ==3.11.9  # launcher 1.6.3
      - pillow >=9.5,<10a0  # core, ftrack
      - pyside6 >=6.5,<6.9a0  # maya, core
      - typing_extensions  # ftrack
      - pip
      - pip:
          - clique>=1.6,<1.7  # core
          - requests[socks]>=2,<3  # ftrack
          - "shotgun-api3 @ git+https://github.com/shotgunsoftware/python-api.git@v3.4.0"  # shotgrid
          - studio-tools  # ftrack
    "#);
    assert_eq!(emission.notes.len(), 3, "{:#?}", emission.notes);
    assert!(!text(&emission).contains("secret@"));
}

#[test]
fn a_yaml_reader_reads_what_was_meant() {
    assert_eq!(
        read(&emit(&Conda::default(), &[studio()])),
        json!({
            "name": "staging-launcher",
            "channels": ["conda-forge"],
            "dependencies": [
                "python ==3.11.9",
                "pillow >=9.5,<10a0",
                "pyside6 >=6.5,<6.9a0",
                "typing_extensions",
                "pip",
                {"pip": [
                    "clique>=1.6,<1.7",
                    "requests[socks]>=2,<3",
                    "shotgun-api3 @ git+https://github.com/shotgunsoftware/python-api.git@v3.4.0",
                    "studio-tools",
                ]},
            ],
        })
    );
}

#[test]
fn names_from_outside_cannot_break_out_of_the_file() {
    let mut hostile = studio();
    hostile.bundle = Some("no\n- rm: -rf # \u{1b}[2J".into());
    hostile.addons[0].name = "x\ndependencies: []".into();
    hostile.launcher.filename = "a\nb".to_owned();
    let channels = vec!["a: b # c".to_owned(), "2024".to_owned()];
    let emission = emit(
        &Conda::new(Options {
            channels,
            ..Options::default()
        }),
        &[hostile],
    );
    let read = read(&emission);
    assert_eq!(read["name"], "no_-_rm__-rf_____2J-launcher");
    assert_eq!(read["channels"], json!(["a: b # c", "2024"]));
    assert_eq!(read["dependencies"].as_array().map(Vec::len), Some(6));
    assert!(!text(&emission).contains('\u{1b}'));
}

#[test]
fn a_studio_knows_its_own_channels_and_names() {
    let name = |text: &str| text.parse().unwrap();
    let options = Options {
        channels: vec![
            "https://conda.example.org/t/secret/studio".to_owned(),
            "conda-forge".to_owned(),
        ],
        names: Names {
            studio: [
                (name("clique"), Some("clique".to_owned())),
                (name("studio-tools"), Some("studio_tools".to_owned())),
                (name("typing-extensions"), None),
            ]
            .into(),
            ..Names::default()
        },
        ..Options::default()
    };
    let emission = emit(&Conda::new(options), &[studio()]);
    let read = read(&emission);
    assert_eq!(
        read["channels"],
        json!(["https://conda.example.org/studio", "conda-forge"])
    );
    assert_eq!(read["dependencies"][1], "clique >=1.6,<1.7a0");
    assert_eq!(read["dependencies"][4], "studio_tools");
    assert_eq!(read["dependencies"][6]["pip"][2], "typing-extensions");
    assert!(
        emission.notes.iter().any(|note| note.contains("left out")),
        "{:?}",
        emission.notes
    );
}

#[test]
fn several_targets_are_several_files() {
    let mut maya = studio();
    maya.target = target(
        Process::Host {
            name: "maya".into(),
            version: "2025".into(),
        },
        "win-64",
    );
    maya.python = GivenPython::new(&"3.11".parse().unwrap(), maya.python.origin.clone());
    let emission = emit(&Conda::default(), &[studio(), maya.clone(), maya]);
    let names: Vec<&str> = emission
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "environment-launcher-linux-64.yml",
            "environment-maya-2025-win-64.yml",
            "environment-maya-2025-win-64-2.yml"
        ]
    );
    let second = str::from_utf8(&emission.files[1].content).unwrap();
    assert!(
        second.contains("\nname: staging-maya-2025\n") && second.contains("  - python 3.11.*  # "),
        "{second}"
    );
    assert!(
        emission
            .notes
            .iter()
            .any(|note| note.starts_with("maya/2025 on win-64: ")),
        "{:?}",
        emission.notes
    );
}

#[test]
fn what_conda_cannot_order_is_left_to_pip() {
    let mut resolution = resolution();
    ask(&mut resolution, "core", "pillow>=9.0a1,<9.0rc1");
    ask(&mut resolution, "core", "numpy>=2.0rc1");
    let emission = emit(&Conda::default(), &[resolution]);
    let read = read(&emission);
    assert_eq!(read["dependencies"][1], "numpy >=2.0");
    assert_eq!(
        read["dependencies"][3]["pip"],
        json!(["pillow>=9.0a1,<9.0rc1"])
    );
    assert_eq!(emission.notes.len(), 2, "{:?}", emission.notes);
}

#[test]
fn nothing_to_install_is_an_environment_too() {
    let read = read(&emit(&Conda::default(), &[resolution()]));
    assert_eq!(read["dependencies"], json!(["python ==3.11.9"]));
}

#[test]
fn formats_of_others_are_refused() {
    let other = Format {
        name: "pylock",
        summary: "",
        file_name: "x",
        is_solved: true,
    };
    let error = Conda::default().emit(&[resolution()], &other).unwrap_err();
    assert!(
        matches!(&error, EmitError::UnknownFormat { known, .. } if known.len() == 6 && known[0] == "spec"),
        "{error}"
    );
}
