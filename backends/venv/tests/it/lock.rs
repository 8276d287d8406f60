//! Locks of a bundle: what is in them, which half, and that they are calm.

use std::collections::BTreeSet;
use std::sync::Arc;

use ayon_backend::Backend;
use ayon_backend::example::target;
use ayon_backend_venv::{Asked, Options, Upgrade, Venv};
use ayon_model::{Half, Origin, Process};
use insta::assert_snapshot;
use pypi::lock::pins::OldLock;
use pypi::lock::pylock::Pylock;
use pypi_solve::{MemoryIndex, Rules};

use crate::world::{add, bundle, index, run, text};

/// `name version half` of every package.
fn locked(text: &str) -> Vec<String> {
    let lock = Pylock::read(text, "ayon-resolve").unwrap();
    let packages = lock.packages.iter().map(|package| {
        let version = package.version.as_ref().unwrap();
        let half = package.notes.half.as_deref().unwrap();
        format!("{} {version} {half}", package.name)
    });
    packages.collect()
}

fn lock_with(options: Options) -> Vec<String> {
    locked(text(
        &run(index(), options, vec![bundle()], "pylock").unwrap(),
    ))
}

#[test]
#[expect(clippy::too_many_lines, reason = "it shows a whole file")]
fn a_whole_pylock() {
    let emission = run(index(), Options::default(), vec![bundle()], "pylock").unwrap();
    assert_eq!(emission.files[0].name, "pylock.toml");
    assert_snapshot!(text(&emission), @r##"
    # Lock of bundle staging for launcher on linux-64.
    # What to install, and from which files: everything that the addons need and the process does not have
    # already.
    # Install it with `uv pip sync FILE`, or with `pip install --no-deps -r FILE` (pip 26.1 or newer).
    #
    # bundle    staging
    # target    launcher on linux-64
    # launcher  1.6.3 (AYON-1.6.3-linux-rocky9.tar.gz)
    # python    3.11.9 (launcher 1.6.3)
    # addons    core 1.9.7, ftrack 1.6.4, maya 0.6.5 (from a developer's folder), shotgrid 0.6.4+git
    # provided  0 of 5 distributions asked for are there already, and not listed
    # platform  linux x86_64, glibc 2.28
    # packages  7 to install: 5 in dependencies, 2 in runtime

    lock-version = "1.0"
    environments = ["sys_platform == 'linux' and platform_machine == 'x86_64' and implementation_name == 'cpython' and python_full_version >= '3.11' and python_full_version < '3.12'"]
    requires-python = ">=3.11.9,<3.12"
    created-by = "ayon-resolve"

    [[packages]]
    name = "aiohttp-middlewares"
    version = "2.4.0"
    index = "https://index.invalid/simple"
    wheels = [
        { name = "aiohttp_middlewares-2.4.0-py3-none-any.whl", url = "https://index.invalid/files/aiohttp_middlewares-2.4.0-py3-none-any.whl", hashes = { sha256 = "0000000000000000000000000000000000000000000000000000000000000f1c" } },
    ]

    [packages.tool.ayon-resolve]
    half = "runtime"
    wanted-by = [
        { who = "addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:14, tool.poetry.dependencies)", requirement = "aiohttp-middlewares" },
    ]

    [[packages]]
    name = "arrow"
    version = "0.17.0"
    dependencies = [{ name = "six" }]
    index = "https://index.invalid/simple"
    wheels = [
        { name = "arrow-0.17.0-py3-none-any.whl", url = "https://index.invalid/files/arrow-0.17.0-py3-none-any.whl", hashes = { sha256 = "0000000000000000000000000000000000000000000000000000000000000990" } },
    ]

    [packages.tool.ayon-resolve]
    half = "dependencies"
    held-back = { newest = "1.3.0", by = ["ftrack-python-api 3.1.0 (arrow<1)"] }

    [[packages]]
    name = "clique"
    version = "1.6.1"
    index = "https://index.invalid/simple"
    wheels = [
        { name = "clique-1.6.1-py3-none-any.whl", url = "https://index.invalid/files/clique-1.6.1-py3-none-any.whl", hashes = { sha256 = "00000000000000000000000000000000000000000000000000000000000009b8" } },
    ]

    [packages.tool.ayon-resolve]
    half = "dependencies"
    wanted-by = [
        { who = "addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:10, tool.poetry.dependencies)", requirement = "clique>=1.6,<2" },
    ]
    held-back = { newest = "2.0.0", by = ["addon core 1.9.7 (clique>=1.6,<2)"] }

    [[packages]]
    name = "ftrack-python-api"
    version = "3.1.0"
    dependencies = [
        { name = "arrow" },
        { name = "clique" },
        { name = "websocket-client" },
    ]
    index = "https://index.invalid/simple"
    wheels = [
        { name = "ftrack_python_api-3.1.0-py3-none-any.whl", url = "https://index.invalid/files/ftrack_python_api-3.1.0-py3-none-any.whl", hashes = { sha256 = "0000000000000000000000000000000000000000000000000000000000000e46" } },
    ]

    [packages.tool.ayon-resolve]
    half = "dependencies"
    wanted-by = [
        { who = "addon ftrack 1.6.4 (addons/ftrack_1.6.4/private/pyproject.toml:11, tool.poetry.dependencies)", requirement = "ftrack-python-api>=3" },
    ]

    [[packages]]
    name = "opencolorio"
    version = "2.5.2"
    index = "https://index.invalid/simple"
    wheels = [
        { name = "opencolorio-2.5.2-cp311-cp311-manylinux_2_28_x86_64.whl", url = "https://index.invalid/files/opencolorio-2.5.2-cp311-cp311-manylinux_2_28_x86_64.whl", hashes = { sha256 = "00000000000000000000000000000000000000000000000000000000000011e8" } },
    ]

    [packages.tool.ayon-resolve]
    half = "runtime"
    wanted-by = [
        { who = "addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:12, tool.poetry.dependencies)", requirement = "opencolorio>=2.3" },
    ]

    [[packages]]
    name = "six"
    version = "1.16.0"
    index = "https://index.invalid/simple"
    wheels = [
        { name = "six-1.16.0-py3-none-any.whl", url = "https://index.invalid/files/six-1.16.0-py3-none-any.whl", hashes = { sha256 = "00000000000000000000000000000000000000000000000000000000000008b9" } },
    ]

    [packages.tool.ayon-resolve]
    half = "dependencies"

    [[packages]]
    name = "websocket-client"
    version = "0.59.0"
    dependencies = [{ name = "six" }]
    index = "https://index.invalid/simple"
    wheels = [
        { name = "websocket_client-0.59.0-py3-none-any.whl", url = "https://index.invalid/files/websocket_client-0.59.0-py3-none-any.whl", hashes = { sha256 = "0000000000000000000000000000000000000000000000000000000000000e10" } },
    ]

    [packages.tool.ayon-resolve]
    half = "dependencies"
    wanted-by = [
        { who = "addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:13, tool.poetry.dependencies)", requirement = "websocket-client" },
    ]
    held-back = { newest = "1.8.0", by = ["ftrack-python-api 3.1.0 (websocket-client<1)"] }

    [tool.ayon-resolve]
    platforms = ["linux x86_64, glibc 2.28"]
    "##);
    assert_snapshot!(emission.remarks.join("\n"), @r##"
    arrow is held at 0.17.0 by ftrack-python-api 3.1.0 (arrow<1); 1.3.0 exists
    websocket-client is held at 0.59.0 by ftrack-python-api 3.1.0 (websocket-client<1); 1.8.0 exists
    "##);
}

#[test]
fn a_whole_requirements_file() {
    let emission = run(index(), Options::default(), vec![bundle()], "requirements").unwrap();
    assert_snapshot!(text(&emission), @r##"
    # Lock of bundle staging for launcher on linux-64.
    # What to install, and from which files: everything that the addons need and the process does not have
    # already.
    # Install it with `pip install --require-hashes --no-deps --only-binary :all: -r FILE`.
    #
    # bundle    staging
    # target    launcher on linux-64
    # launcher  1.6.3 (AYON-1.6.3-linux-rocky9.tar.gz)
    # python    3.11.9 (launcher 1.6.3)
    # addons    core 1.9.7, ftrack 1.6.4, maya 0.6.5 (from a developer's folder), shotgrid 0.6.4+git
    # provided  0 of 5 distributions asked for are there already, and not listed
    # platform  linux x86_64, glibc 2.28
    # packages  7 to install: 5 in dependencies, 2 in runtime
    # index     https://index.invalid/simple

    aiohttp-middlewares==2.4.0 \
        --hash=sha256:0000000000000000000000000000000000000000000000000000000000000f1c
        # via addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:14, tool.poetry.dependencies)
    arrow==0.17.0 \
        --hash=sha256:0000000000000000000000000000000000000000000000000000000000000990
        # held back from 1.3.0 by ftrack-python-api 3.1.0 (arrow<1)
        # via ftrack-python-api 3.1.0
    clique==1.6.1 \
        --hash=sha256:00000000000000000000000000000000000000000000000000000000000009b8
        # held back from 2.0.0 by addon core 1.9.7 (clique>=1.6,<2)
        # via addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:10, tool.poetry.dependencies)
        # via ftrack-python-api 3.1.0
    ftrack-python-api==3.1.0 \
        --hash=sha256:0000000000000000000000000000000000000000000000000000000000000e46
        # via addon ftrack 1.6.4 (addons/ftrack_1.6.4/private/pyproject.toml:11, tool.poetry.dependencies)
    opencolorio==2.5.2 \
        --hash=sha256:00000000000000000000000000000000000000000000000000000000000011e8
        # via addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:12, tool.poetry.dependencies)
    six==1.16.0 \
        --hash=sha256:00000000000000000000000000000000000000000000000000000000000008b9
        # via arrow 0.17.0
        # via websocket-client 0.59.0
    websocket-client==0.59.0 \
        --hash=sha256:0000000000000000000000000000000000000000000000000000000000000e10
        # held back from 1.8.0 by ftrack-python-api 3.1.0 (websocket-client<1)
        # via addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:13, tool.poetry.dependencies)
        # via ftrack-python-api 3.1.0
    "##);
}

#[test]
fn what_both_halves_need_is_a_dependency_and_nothing_provided_comes_again() {
    let all = lock_with(Options::default());
    assert_eq!(
        all,
        [
            "aiohttp-middlewares 2.4.0 runtime",
            "arrow 0.17.0 dependencies",
            "clique 1.6.1 dependencies",
            "ftrack-python-api 3.1.0 dependencies",
            "opencolorio 2.5.2 runtime",
            "six 1.16.0 dependencies",
            "websocket-client 0.59.0 dependencies",
        ]
    );
    let half = |half| {
        lock_with(Options {
            only: Some(half),
            ..Options::default()
        })
    };
    let mut both = half(Half::Dependencies);
    assert_eq!(both.len(), 5);
    both.extend(half(Half::Runtime));
    both.sort();
    assert_eq!(both, all);
}

#[test]
fn an_empty_venv_gets_what_is_provided_at_its_version() {
    let options = Options {
        with_provided: true,
        ..Options::default()
    };
    let all = lock_with(options);
    assert_eq!(all.len(), 9, "{all:?}");
    assert!(
        all.contains(&"aiohttp 3.13.3 runtime".to_owned()),
        "{all:?}"
    );
    assert!(all.contains(&"yarl 1.20.0 runtime".to_owned()), "{all:?}");
}

#[test]
fn a_lock_made_again_stays_until_an_upgrade_is_asked_for() {
    let emission = run(index(), Options::default(), vec![bundle()], "pylock").unwrap();
    let old = text(&emission).to_owned();
    let newer = || {
        let mut index = index();
        add(&mut index, "six", "1.17.0", &[]);
        add(&mut index, "clique", "1.7.0", &[]);
        index
    };
    for format in ["pylock", "requirements"] {
        let emission = run(index(), Options::default(), vec![bundle()], format).unwrap();
        let previous = vec![OldLock::read(text(&emission)).unwrap()];
        let again = |upgrade| {
            let options = Options {
                previous: previous.clone(),
                upgrade,
                ..Options::default()
            };
            let emission = run(newer(), options, vec![bundle()], "pylock").unwrap();
            text(&emission).to_owned()
        };
        // Only that a newer one exists is new.
        assert_eq!(locked(&again(Upgrade::Nothing)), locked(&old));
        let one = again(Upgrade::Packages(BTreeSet::from(["six".parse().unwrap()])));
        assert!(
            locked(&one).contains(&"six 1.17.0 dependencies".to_owned()),
            "{one}"
        );
        assert!(
            locked(&one).contains(&"clique 1.6.1 dependencies".to_owned()),
            "{one}"
        );
        let all = again(Upgrade::All);
        assert!(
            locked(&all).contains(&"clique 1.7.0 dependencies".to_owned()),
            "{all}"
        );
    }
    let options = Options {
        previous: vec![OldLock::read(&old).unwrap()],
        ..Options::default()
    };
    let again = run(index(), options, vec![bundle()], "pylock").unwrap();
    assert_eq!(text(&again), old);
}

#[test]
fn targets_have_files_of_their_own_or_share_one() {
    let other = |platform| {
        let mut resolution = bundle();
        resolution.target = target(Process::Launcher, platform);
        resolution
    };
    let resolutions = || vec![bundle(), other("win-64")];
    let emission = run(index(), Options::default(), resolutions(), "pylock").unwrap();
    let names: Vec<&str> = emission
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "pylock.launcher-linux-64.toml",
            "pylock.launcher-win-64.toml"
        ]
    );
    let emission = run(index(), Options::default(), resolutions(), "requirements").unwrap();
    assert_eq!(emission.files[0].name, "requirements-launcher-linux-64.txt");
    let options = Options {
        is_one_file: true,
        ..Options::default()
    };
    let emission = run(index(), options, resolutions(), "pylock").unwrap();
    let lock = Pylock::read(text(&emission), "ayon-resolve").unwrap();
    assert_eq!(lock.environments.len(), 2);
    let ocio = lock
        .packages
        .iter()
        .find(|package| package.name.as_str() == "opencolorio")
        .unwrap();
    let pypi::lock::pylock::Source::Files { wheels, .. } = &ocio.source else {
        panic!("{ocio:?}");
    };
    assert_eq!(wheels.len(), 2);
}

#[test]
fn the_studio_may_constrain_override_and_exclude() {
    let asked = |requirement: &str| Asked {
        requirement: requirement.parse().unwrap(),
        origin: Origin::request(),
    };
    let all = lock_with(Options {
        constraints: vec![asked("clique==1.6.1"), asked("nobody-needs-it==7")],
        overrides: vec![asked("arrow>=1")],
        exclusions: BTreeSet::from(["six".parse().unwrap()]),
        rules: Rules::default(),
        ..Options::default()
    });
    assert!(
        all.contains(&"arrow 1.3.0 dependencies".to_owned()),
        "{all:?}"
    );
    assert!(
        !all.iter().any(|package| package.starts_with("six ")),
        "{all:?}"
    );
}

#[test]
fn nothing_is_solved_without_an_index() {
    let venv = Venv::default();
    let format = venv.format("pylock").unwrap();
    let error = venv.emit(&[bundle()], format).unwrap_err();
    assert!(error.to_string().contains("was not solved"), "{error}");
    let index = MemoryIndex::new("nowhere");
    assert!(format!("{:?}", venv.with_index(Arc::new(index))).contains("nowhere"));
}
