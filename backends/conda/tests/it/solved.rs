//! A bundle, solved and written in every format.

use ayon_backend::example::{ask, resolution, target};
use ayon_backend::{Demander, Resolution};
use ayon_backend_conda::Options;
use ayon_model::Process;
use conda::Answers;
use insta::assert_snapshot;
use pypi_solve::MemoryIndex;

use crate::world::{World, add, bundle, index, solve, solve_after, text, write};

fn on(mut resolution: Resolution, process: Process, platform: &str) -> Resolution {
    resolution.target = target(process, platform);
    resolution
}

fn solved(options: Options) -> (ayon_backend_conda::Conda, Vec<Resolution>) {
    let (conda, solved) = solve(World::usual(), Some(index()), options, vec![bundle()]);
    (conda, solved.unwrap())
}

fn chosen(resolution: &Resolution) -> Vec<String> {
    let artefacts = resolution.artefacts.iter();
    artefacts
        .map(|artefact| format!("{} {}", artefact.name, artefact.version))
        .collect()
}

fn left(resolution: &Resolution) -> Vec<String> {
    let packages = resolution.lock.iter().flat_map(|lock| &lock.packages);
    packages
        .map(|package| format!("{} {}", package.name, package.version.as_ref().unwrap()))
        .collect()
}

#[test]
fn what_was_chosen_before_stays_where_it_fits() {
    let world = |newest: &'static [&'static str]| {
        let base = [
            ("noarch", "pip", "24.0", &["python >=3.8"][..]),
            ("linux-64", "python", "3.11.9", &[]),
        ];
        let versions = newest.iter();
        let versions = versions.map(|version| ("noarch", "typing_extensions", *version, &[][..]));
        let records: Vec<_> = base.into_iter().chain(versions).collect();
        World::default().channel("conda-forge", &records)
    };
    let index = |with_newer: bool| {
        let mut index = index();
        if with_newer {
            add(&mut index, "clique", "1.6.9", &[]);
        }
        Some(index)
    };
    let asking = |words: &str| {
        let mut bundle = resolution();
        ask(&mut bundle, "maya", words);
        ask(&mut bundle, "core", "clique>=1.6,<2");
        vec![bundle]
    };
    let options = Options::default;
    let typing = |solved: &[Resolution]| {
        let artefacts = solved[0].artefacts.iter();
        let mut found = artefacts.filter(|one| one.name == "typing_extensions");
        let version = found.next().map(|one| one.version.clone());
        (version.unwrap(), left(&solved[0]).concat())
    };
    let pair = |one: &str, other: &str| (one.to_owned(), format!("clique {other}"));

    let old = asking("typing-extensions");
    let before = solve(world(&["4.12.2"]), index(false), options(), old.clone())
        .1
        .unwrap();
    assert_eq!(typing(&before), pair("4.12.2", "1.6.1"));
    let both: &[&str] = &["4.12.2", "4.13.0"];
    let anew = solve(world(both), index(true), options(), old.clone())
        .1
        .unwrap();
    assert_eq!(typing(&anew), pair("4.13.0", "1.6.9"));
    let kept = solve_after(world(both), index(true), options(), old, &before)
        .1
        .unwrap();
    assert_eq!(typing(&kept), pair("4.12.2", "1.6.1"));
    // What does not fit any more goes; the rest stays.
    let forced = asking("typing-extensions>=4.13");
    let moved = solve_after(world(both), index(true), options(), forced, &before)
        .1
        .unwrap();
    assert_eq!(typing(&moved), pair("4.13.0", "1.6.1"));
}

#[test]
fn conda_comes_first_and_pip_fits_around_it() {
    let (_, solved) = solved(Options::default());
    // What gazu needs comes from conda too, where a channel has it.
    // The launcher's urllib3 holds conda's; requests comes once, from conda; bidict is held to the launcher's.
    assert_eq!(
        chosen(&solved[0]),
        [
            "openssl 3.3.0",
            "pillow 9.5.0",
            "pip 24.0",
            "python 3.11.9",
            "requests 2.32.3",
            "six 1.16.0",
            "typing_extensions 4.12.2",
            "urllib3 1.26.18"
        ]
    );
    assert_eq!(
        left(&solved[0]),
        [
            "bidict 0.23.1",
            "clique 1.6.1",
            "gazu 0.10.0",
            "python-socketio 5.11.0"
        ]
    );
}

#[test]
fn everybody_who_asks_is_known() {
    let (_, solved) = solved(Options::default());
    let artefact = |name: &str| {
        let mut artefacts = solved[0].artefacts.iter();
        artefacts.find(|artefact| artefact.name == name).unwrap()
    };
    let told = |name: &str| -> Vec<String> {
        let demands = artefact(name).wanted_by.iter();
        demands
            .map(|demand| match &demand.by {
                Demander::Origin(origin) => format!("{origin}: {}", demand.words),
                Demander::Artefact(name) => format!("{name}: {}", demand.words),
            })
            .collect()
    };
    assert_eq!(
        told("pillow"),
        [
            "addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:10, tool.poetry.dependencies): pillow >=9,<11a0"
        ]
    );
    assert_eq!(told("urllib3"), ["requests: urllib3 >=1.21,<3"]);
    assert_eq!(told("pip"), ["bundle staging (what is left to pip): pip"]);
    let file = artefact("openssl").file.clone().unwrap();
    assert_eq!(
        file.url,
        "https://conda.anaconda.org/conda-forge/linux-64/openssl-3.3.0-h1_0.conda"
    );
    assert!(file.sha256.is_some());
}

#[test]
fn an_environment_is_pinned() {
    let (conda, solved) = solved(Options::default());
    let emission = write(&conda, &solved, "environment-yml");
    assert_snapshot!(text(&emission, 0), @r#"
    # Lock of bundle staging for launcher on linux-64.
    # What to install with conda, solved against the channels below: everything that the addons need and the
    # process does not have already, with an interpreter of its own.
    # Install it with `conda env create --file FILE`, micromamba, or `pixi init --import FILE`.
    #
    # bundle    staging
    # target    launcher on linux-64
    # launcher  1.6.3 (AYON-1.6.3-linux-rocky9.tar.gz)
    # python    3.11.9 (launcher 1.6.3)
    # addons    core 1.9.7, ftrack 1.6.4, maya 0.6.5 (from a developer's folder), shotgrid 0.6.4+git
    # provided  0 of 5 distributions asked for are there already, and not listed
    # channel   https://conda.anaconda.org/conda-forge/
    # priority  strict
    # machine   __archspec=1=x86_64 __glibc=2.28=0 __linux=4.18=0 __unix=0=0
    # packages  8 from channels, 4 from an index by pip

    name: staging-launcher
    channels:
      - https://conda.anaconda.org/conda-forge/
    dependencies:
      - openssl ==3.3.0 h1_0
      - pillow ==9.5.0 h1_0  # core
      - pip ==24.0 h1_0  # bundle staging
      - python ==3.11.9 h1_0  # launcher 1.6.3
      - requests ==2.32.3 h1_0  # ftrack
      - six ==1.16.0 h1_0  # gazu 0.10.0
      - typing_extensions ==4.12.2 h1_0  # maya
      - urllib3 ==1.26.18 h1_0
      - pip:
          - "--index-url https://index.invalid/simple"
          - bidict==0.23.1
          - clique==1.6.1
          - gazu==0.10.0
          - python-socketio==5.11.0
    "#);
    assert_eq!(emission.files[0].name, "environment.yml");
}

#[test]
fn an_explicit_list_has_the_rest_beside_it() {
    let (conda, solved) = solved(Options::default());
    let emission = write(&conda, &solved, "explicit");
    assert_snapshot!(text(&emission, 0), @"
    # Lock of bundle staging for launcher on linux-64.
    # What to install with conda, solved against the channels below: everything that the addons need and the
    # process does not have already, with an interpreter of its own.
    # Install it with `conda create --name NAME --file FILE`, of conda 24.9 or newer, or with micromamba; nothing
    # is solved again.
    # Then install 4 more with pip, from the file of requirements beside it.
    #
    # bundle    staging
    # target    launcher on linux-64
    # launcher  1.6.3 (AYON-1.6.3-linux-rocky9.tar.gz)
    # python    3.11.9 (launcher 1.6.3)
    # addons    core 1.9.7, ftrack 1.6.4, maya 0.6.5 (from a developer's folder), shotgrid 0.6.4+git
    # provided  0 of 5 distributions asked for are there already, and not listed
    # channel   https://conda.anaconda.org/conda-forge/
    # priority  strict
    # machine   __archspec=1=x86_64 __glibc=2.28=0 __linux=4.18=0 __unix=0=0
    # packages  8 from channels, 4 from an index by pip
    #
    # platform: linux-64
    @EXPLICIT
    https://conda.anaconda.org/conda-forge/linux-64/openssl-3.3.0-h1_0.conda#sha256:0000000000000000000000000000000000000000000000000000000000000304
    https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0.conda#sha256:00000000000000000000000000000000000000000000000000000000000002a2
    https://conda.anaconda.org/conda-forge/linux-64/pillow-9.5.0-h1_0.conda#sha256:0000000000000000000000000000000000000000000000000000000000000297
    https://conda.anaconda.org/conda-forge/noarch/pip-24.0-h1_0.conda#sha256:0000000000000000000000000000000000000000000000000000000000000149
    https://conda.anaconda.org/conda-forge/noarch/urllib3-1.26.18-h1_0.conda#sha256:00000000000000000000000000000000000000000000000000000000000002bd
    https://conda.anaconda.org/conda-forge/noarch/requests-2.32.3-h1_0.conda#sha256:000000000000000000000000000000000000000000000000000000000000037c
    https://conda.anaconda.org/conda-forge/noarch/six-1.16.0-h1_0.conda#sha256:0000000000000000000000000000000000000000000000000000000000000154
    https://conda.anaconda.org/conda-forge/noarch/typing_extensions-4.12.2-h1_0.conda#sha256:000000000000000000000000000000000000000000000000000000000000074a
    ");
    assert_snapshot!(text(&emission, 1), @r"
    # Lock of what no channel has of bundle staging for launcher on linux-64.
    # What to install with pip beside the conda packages, solved around them.
    # Install it into the conda environment with `pip install --require-hashes --no-deps --only-binary :all: -r
    # FILE`.
    #
    # bundle    staging
    # target    launcher on linux-64
    # launcher  1.6.3 (AYON-1.6.3-linux-rocky9.tar.gz)
    # python    3.11.9 (launcher 1.6.3)
    # addons    core 1.9.7, ftrack 1.6.4, maya 0.6.5 (from a developer's folder), shotgrid 0.6.4+git
    # provided  0 of 5 distributions asked for are there already, and not listed
    # channel   https://conda.anaconda.org/conda-forge/
    # priority  strict
    # machine   __archspec=1=x86_64 __glibc=2.28=0 __linux=4.18=0 __unix=0=0
    # packages  8 from channels, 4 from an index by pip

    bidict==0.23.1 \
        --hash=sha256:00000000000000000000000000000000000000000000000000000000000009d2
        # via python-socketio 5.11.0
    clique==1.6.1 \
        --hash=sha256:00000000000000000000000000000000000000000000000000000000000009b8
        # held back from 2.0.0 by addon core 1.9.7 (clique>=1.6,<2)
        # via addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:11, tool.poetry.dependencies)
    gazu==0.10.0 \
        --hash=sha256:0000000000000000000000000000000000000000000000000000000000000915
        # via addon ftrack 1.6.4 (addons/ftrack_1.6.4/private/pyproject.toml:13, tool.poetry.dependencies)
    python-socketio==5.11.0 \
        --hash=sha256:0000000000000000000000000000000000000000000000000000000000000dc6
        # via gazu 0.10.0
    ");
    let names: Vec<&str> = emission
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!(names, ["explicit.txt", "requirements.txt"]);
}

#[test]
fn queue_environments_get_what_is_asked_for() {
    let (conda, solved) = solved(Options::default());
    let emission = write(&conda, &solved, "deadline");
    assert_snapshot!(text(&emission, 0), @"
    parameterValues:
    - name: CondaPackages
      value: pillow==9.5.0[build=h1_0] python==3.11.9[build=h1_0] requests==2.32.3[build=h1_0] typing_extensions==4.12.2[build=h1_0]
    - name: CondaChannels
      value: https://conda.anaconda.org/conda-forge/
    ");
    assert_snapshot!(emission.notes.join("\n"), @"a queue environment installs nothing with pip, so it lacks bidict, clique, gazu, python-socketio: publish these to a channel");
    // Words of both families' dialects.
    let words = text(&emission, 0)
        .lines()
        .nth(2)
        .unwrap()
        .trim_start_matches("  value: ");
    for word in words.split(' ') {
        for dialect in [conda::Dialect::Strict, conda::Dialect::Lenient] {
            let spec = conda::Spec::parse(word, dialect).unwrap();
            assert_eq!(
                spec.to_string(),
                word.replace("==", " ==")
                    .replace("[build=", " ")
                    .replace(']', "")
            );
        }
    }
}

#[test]
fn targets_share_files_where_the_format_can() {
    let resolutions = vec![
        bundle(),
        on(bundle(), Process::Launcher, "win-64"),
        on(bundle(), Process::Headless, "linux-64"),
    ];
    let (conda, solved) = solve(
        World::usual(),
        Some(index()),
        Options::default(),
        resolutions,
    );
    let solved = solved.unwrap();
    let names = |format: &str| -> Vec<String> {
        let emission = write(&conda, &solved, format);
        emission.files.into_iter().map(|file| file.name).collect()
    };
    assert_eq!(names("pixi-lock"), ["pixi.lock"]);
    assert_eq!(
        names("conda-lock"),
        ["headless.conda-lock.yml", "launcher.conda-lock.yml"]
    );
    assert_eq!(
        names("explicit"),
        [
            "explicit-launcher-linux-64.txt",
            "requirements-launcher-linux-64.txt",
            "explicit-launcher-win-64.txt",
            "requirements-launcher-win-64.txt",
            "explicit-headless-linux-64.txt",
            "requirements-headless-linux-64.txt",
        ]
    );
    let emission = write(&conda, &solved, "pixi-lock");
    let pixi = text(&emission, 0);
    assert!(
        pixi.contains("  launcher:\n") && pixi.contains("  headless:\n"),
        "{pixi}"
    );
    assert!(pixi.contains("- name: win-64\n"), "{pixi}");
    let emission = write(&conda, &solved, "conda-lock");
    assert!(text(&emission, 1).contains("  platforms:\n  - linux-64\n  - win-64\n"));
}

#[test]
fn what_the_process_has_can_be_wanted_too() {
    let mut resolution = bundle();
    ask(&mut resolution, "core", "jsonschema");
    ayon_backend::example::give(&mut resolution, "jsonschema", "4.26.0");
    let resolve = |options| {
        let (_, solved) = solve(
            World::usual(),
            Some(index()),
            options,
            vec![resolution.clone()],
        );
        chosen(&solved.unwrap()[0])
    };
    assert!(!resolve(Options::default()).contains(&"jsonschema 4.26.0".to_owned()));
    let options = Options {
        with_provided: true,
        ..Options::default()
    };
    assert!(resolve(options).contains(&"jsonschema 4.26.0".to_owned()));
}

#[test]
fn what_differs_from_the_process_is_told() {
    let mut resolution = bundle();
    ask(&mut resolution, "core", "jsonschema<3");
    // No channel has these: the first suits requests, the second does not.
    ayon_backend::example::give(&mut resolution, "urllib3", "2.5.0");
    let python = "3.11.4".parse().unwrap();
    resolution.python = ayon_model::GivenPython::new(&python, resolution.python.origin.clone());
    let (conda, solved) = solve(
        World::usual(),
        Some(index()),
        Options::default(),
        vec![resolution.clone()],
    );
    let emission = write(&conda, &solved.unwrap(), "explicit");
    assert_snapshot!(emission.notes.join("\n"), @"
    jsonschema is left to pip: no channel has jsonschema <3 for Python 3.11.4
    no channel has Python 3.11.4, which launcher 1.6.3 brings: the environment has 3.11.9
    launcher 1.6.3 has urllib3 2.5.0, which no channel has for this Python: the environment has 2.6.3
    ");

    ayon_backend::example::give(&mut resolution, "urllib3", "3.0.0");
    let (conda, solved) = solve(
        World::usual(),
        Some(index()),
        Options::default(),
        vec![resolution],
    );
    let emission = write(&conda, &solved.unwrap(), "explicit");
    assert_snapshot!(emission.notes.last().unwrap(), @"launcher 1.6.3 has urllib3 3.0.0, which comes first in the process and does not suit requests (urllib3 >=1.21,<3); no channel has it, so the environment has 2.6.3");
}

#[test]
fn the_same_question_gives_the_same_bytes() {
    let all = || {
        let (conda, solved) = solved(Options::default());
        let formats = [
            "environment-yml",
            "explicit",
            "pixi-lock",
            "conda-lock",
            "deadline",
        ];
        formats.map(|format| write(&conda, &solved, format))
    };
    assert_eq!(all(), all());
}

#[test]
fn a_remembered_answer_holds_as_long_as_the_channels_say_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let answers = Answers::new(folder.path());
    let channel = |versions: &[&'static str]| {
        let mut records = vec![
            ("noarch", "pip", "24.0", &[][..]),
            ("linux-64", "python", "3.11.9", &[]),
        ];
        records.extend(
            versions
                .iter()
                .map(|version| ("noarch", "six", *version, &[][..])),
        );
        World::default().channel("conda-forge", &records)
    };
    let six = |world: World| {
        let mut resolution = resolution();
        ask(&mut resolution, "core", "six");
        let (_, solved) = solve(world, None, Options::default(), vec![resolution]);
        let chosen = chosen(&solved.unwrap()[0]);
        chosen
            .into_iter()
            .find(|one| one.starts_with("six"))
            .unwrap()
    };
    let old = six(channel(&["1.15.0"]).remembering(&answers, "one"));
    assert_eq!(old, "six 1.15.0");
    // A channel that changes without saying so would be solved to something else, if it were.
    let both = || channel(&["1.15.0", "1.16.0"]);
    assert_eq!(six(both().remembering(&answers, "one")), "six 1.15.0");
    assert_eq!(six(both().remembering(&answers, "two")), "six 1.16.0");
    assert_eq!(
        six(both().remembering(&Answers::disabled(), "one")),
        "six 1.16.0"
    );
    assert_eq!(six(both()), "six 1.16.0");
}

#[test]
fn what_conda_could_not_bring_is_remembered_too() {
    let folder = tempfile::tempdir().unwrap();
    let answers = Answers::new(folder.path());
    let world = || {
        World::default().channel(
            "conda-forge",
            &[
                ("noarch", "pip", "24.0", &[]),
                ("linux-64", "python", "3.11.9", &[]),
                // It is there, and nothing has what it needs.
                ("noarch", "requests", "2.32.3", &["absent"]),
            ],
        )
    };
    let solve_in = |world: World| {
        let mut index = MemoryIndex::new("https://index.invalid/simple");
        add(&mut index, "gazu", "0.11.0", &["requests>=2"]);
        add(&mut index, "requests", "2.31.0", &[]);
        let mut resolution = resolution();
        ask(&mut resolution, "ftrack", "gazu");
        let (_, solved) = solve(world, Some(index), Options::default(), vec![resolution]);
        let solved = solved.unwrap().remove(0);
        (chosen(&solved), left(&solved))
    };
    let first = solve_in(world());
    assert_eq!(first.1, ["gazu 0.11.0", "requests 2.31.0"]);
    for _ in 0..2 {
        assert_eq!(solve_in(world().remembering(&answers, "one")), first);
    }
}

#[test]
fn what_the_index_lacks_may_be_in_a_channel() {
    let mut index = index();
    // No index has it, and so nothing is chosen that could be taken from conda instead.
    crate::world::add(&mut index, "gazu", "0.11.0", &["typing-extensions>=4"]);
    let mut resolution = ayon_backend::example::resolution();
    ask(&mut resolution, "ftrack", "gazu>=0.11");
    let (_, solved) = solve(
        World::usual(),
        Some(index),
        Options::default(),
        vec![resolution],
    );
    let solved = solved.unwrap();
    assert!(chosen(&solved[0]).contains(&"typing_extensions 4.12.2".to_owned()));
    assert_eq!(left(&solved[0]), ["gazu 0.11.0"]);
}
