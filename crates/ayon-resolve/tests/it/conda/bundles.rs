//! The environment of a bundle: the sample studio's staging, from a small channel and a folder of wheels.

use insta::assert_snapshot;

use super::{Row, plain, told, with_channel};
use crate::pypi::house::Server;
use crate::pypi::with_wheels;
use crate::{Outcome, Place};

/// What conda has of all that the addons of the sample's staging bundle ask for, on both platforms alike.
const CARRIED: &[(&str, &str, &[&str])] = &[
    ("python", "3.11.9", &["openssl >=3,<4.0a0"]),
    ("python", "3.12.4", &["openssl >=3,<4.0a0"]),
    ("openssl", "3.3.0", &[]),
    (
        "pillow",
        "9.5.0",
        &["python >=3.11,<3.12.0a0", "python_abi 3.11.*"],
    ),
    ("python_abi", "3.11", &["python 3.11.*"]),
    ("psutil", "7.1.0", &["python >=3.11,<3.12.0a0"]),
    ("fonttools", "4.60.0", &["python >=3.11,<3.12.0a0"]),
];

/// What conda has for every platform.
const NOARCH: &[(&str, &str, &[&str])] = &[
    ("pip", "24.0", &["python >=3.8"]),
    ("click", "8.1.7", &["python >=3.8"]),
    (
        "dropbox-sdk",
        "11.36.2",
        &["python", "requests >=2.16.2", "six", "stone >=2,<3.3.3"],
    ),
    (
        "dropbox",
        "11.36.2",
        &["python", "requests >=2.16.2", "six", "stone >=2,<3.3.3"],
    ),
    ("stone", "3.3.1", &["python", "six"]),
    ("six", "1.17.0", &["python"]),
    ("six", "1.16.0", &["python"]),
    ("requests", "2.31.0", &["python"]),
    ("requests", "2.32.3", &["python"]),
    ("google-api-python-client", "1.12.11", &["python", "six"]),
    ("jsonschema", "2.6.0", &["python"]),
    ("jsonschema", "4.23.0", &["python >=3.8"]),
    ("markdown", "3.4.4", &["python"]),
    ("qtawesome", "0.7.3", &["python"]),
    ("slack-sdk", "3.27.0", &["python"]),
    ("websocket-client", "0.59.0", &["python", "six"]),
    ("websocket-client", "1.8.0", &["python"]),
];

/// What no channel has.
const WHEELS: &[(&str, &str, &[&str])] = &[
    ("aiohttp-middlewares", "2.4.0", &[]),
    ("clique", "1.6.1", &[]),
    ("clique", "2.0.0", &[]),
    (
        "ftrack-python-api",
        "3.1.0",
        // No index has the second, and the channel does.
        &["clique==1.6.1", "websocket-client<1"],
    ),
    ("gazu", "0.9.18", &[]),
    ("opencolorio", "2.5.2", &[]),
    ("opentimelineio", "0.16.0", &[]),
    ("pyblish-base", "1.8.12", &[]),
    ("sftpretty", "1.2.0", &[]),
    ("shotgun-api3", "3.8.0", &["six"]),
    ("speedcopy", "2.2.0", &[]),
    ("wsrpc-aiohttp", "3.2.0", &[]),
];

/// The rows of a channel for both platforms.
fn rows(more: &[Row]) -> Vec<Row> {
    let both = ["linux-64", "win-64"].into_iter().flat_map(|subdir| {
        let rows = CARRIED.iter();
        rows.map(move |(name, version, depends)| (subdir, *name, *version, *depends))
    });
    let noarch = NOARCH.iter();
    let noarch = noarch.map(|(name, version, depends)| ("noarch", *name, *version, *depends));
    both.chain(noarch).chain(more.iter().copied()).collect()
}

/// Where the sample's staging is emitted: a folder with a channel, and an index with what that lacks.
struct Site {
    place: Place,
    index: Server,
}

impl Site {
    /// With a channel of these rows.
    fn new(rows: &[Row]) -> Self {
        let index = Server::start(WHEELS, &[]);
        let place = with_channel(Place::new(), "forge", rows)
            .variable("AYON_RESOLVE_CHANNEL", "./forge")
            .variable("AYON_RESOLVE_INDEX_URL", &index.url())
            .variable("AYON_RESOLVE_STUDIO", "sample")
            .variable("AYON_RESOLVE_PLATFORM", "linux-64");
        Self { place, index }
    }

    /// With a channel that has what the sample needs.
    fn usual() -> Self {
        Self::new(&rows(&[]))
    }

    /// Changes the place.
    fn with(mut self, change: impl FnOnce(Place) -> Place) -> Self {
        self.place = change(self.place);
        self
    }

    /// Emits, and tells what came of it without addresses.
    fn emit(&self, words: &str) -> Outcome {
        let words = format!("--bundle staging --emit conda {words}");
        let mut outcome = self.place.run(&words);
        for text in [&mut outcome.stdout, &mut outcome.stderr] {
            *text = self.index.told(text);
        }
        outcome
    }

    /// A file that was written, without hashes and addresses.
    fn written(&self, name: &str) -> String {
        let folder = self.place.path().to_str().unwrap();
        plain(&self.index.told(&self.place.read(name))).replace(folder, "[folder]")
    }
}

#[test]
fn an_environment_is_pinned_and_pip_has_the_rest() {
    let site = Site::usual();
    let outcome = site.emit("--format environment-yml");
    assert_snapshot!(told(&outcome), @r#"
    exit code 0
    --- stdout
    # Lock of bundle studio-staging for launcher on linux-64.
    # What to install with conda, solved against the channels below: everything that the addons need and the
    # process does not have already, with an interpreter of its own.
    # Install it with `conda env create --file FILE`, micromamba, or `pixi init --import FILE`.
    #
    # bundle    studio-staging
    # target    launcher on linux-64
    # launcher  1.6.3 (AYON-1.6.3-linux-rocky9.tar.gz)
    # python    3.11.9 (launcher 1.6.3)
    # addons    aftereffects 0.3.6, applications 1.4.4, ayon_ocio 1.2.2, ayon_third_party 1.4.0, blender 1.1.8,
    #           core 1.9.7, deadline 0.7.3, ftrack 1.6.4, houdini 0.10.6, kitsu 1.2.5, maya 0.6.5, nuke 0.4.14,
    #           openrv 1.1.6, photoshop 0.4.2, shotgrid 0.6.19, sitesync 1.3.0, slack 1.3.1, syncsketch 0.4.0,
    #           traypublisher 0.4.0, unreal 0.4.0, usd 0.1.7
    # provided  3 of 25 distributions asked for are there already, and not listed
    # channel   file://[folder]/forge/
    # priority  strict
    # machine   __archspec=1=x86_64 __glibc=2.28=0 __linux=4.18=0 __unix=0=0
    # packages  18 from channels, 11 from an index by pip

    name: studio-staging-launcher
    channels:
      - "file://[folder]/forge/"
    dependencies:
      - click ==8.1.7 h0_0  # core
      - dropbox ==11.36.2 h0_0  # sitesync
      - fonttools ==4.60.0 h0_0  # core
      - google-api-python-client ==1.12.11 h0_0  # sitesync
      - jsonschema ==2.6.0 h0_0  # core
      - markdown ==3.4.4 h0_0  # core
      - openssl ==3.3.0 h0_0
      - pillow ==9.5.0 h0_0  # core
      - pip ==24.0 h0_0  # bundle studio-staging
      - psutil ==7.1.0 h0_0  # applications
      - python ==3.11.9 h0_0  # launcher 1.6.3
      - python_abi ==3.11 h0_0
      - qtawesome ==0.7.3 h0_0  # core
      - requests ==2.32.3 h0_0
      - six ==1.16.0 h0_0
      - slack-sdk ==3.27.0 h0_0  # slack
      - stone ==3.3.1 h0_0
      - websocket-client ==0.59.0 h0_0  # core
      - pip:
          - "--index-url http://127.0.0.1:[port]/simple"
          - aiohttp-middlewares==2.4.0
          - clique==1.6.1
          - ftrack-python-api==3.1.0
          - gazu==0.9.18
          - opencolorio==2.5.2
          - opentimelineio==0.16.0
          - pyblish-base==1.8.12
          - sftpretty==1.2.0
          - shotgun-api3==3.8.0
          - speedcopy==2.2.0
          - wsrpc-aiohttp==3.2.0
    --- stderr
    "#);
}

#[test]
fn a_list_of_urls_has_its_requirements_beside_it() {
    let site = Site::usual();
    let outcome = site.emit("--format explicit -o env/ --headless");
    assert_snapshot!(told(&outcome), @"
    exit code 0
    --- stdout
    --- stderr
    Wrote env/explicit.txt
    Wrote env/requirements.txt
    ");
    assert_snapshot!(site.written("env/explicit.txt"), @"
    # Lock of bundle studio-staging for headless on linux-64.
    # What to install with conda, solved against the channels below: everything that the addons need and the
    # process does not have already, with an interpreter of its own.
    # Install it with `conda create --name NAME --file FILE`, of conda 24.9 or newer, or with micromamba; nothing
    # is solved again.
    # Then install 6 more with pip, from the file of requirements beside it.
    #
    # bundle    studio-staging
    # target    headless on linux-64
    # launcher  1.6.3 (AYON-1.6.3-linux-rocky9.tar.gz)
    # python    3.11.9 (launcher 1.6.3)
    # addons    aftereffects 0.3.6, applications 1.4.4, ayon_ocio 1.2.2, ayon_third_party 1.4.0, blender 1.1.8,
    #           core 1.9.7, deadline 0.7.3, ftrack 1.6.4, houdini 0.10.6, kitsu 1.2.5, maya 0.6.5, nuke 0.4.14,
    #           openrv 1.1.6, photoshop 0.4.2, shotgrid 0.6.19, sitesync 1.3.0, slack 1.3.1, syncsketch 0.4.0,
    #           traypublisher 0.4.0, unreal 0.4.0, usd 0.1.7
    # provided  2 of 12 distributions asked for are there already, and not listed
    # channel   file://[folder]/forge/
    # priority  strict
    # machine   __archspec=1=x86_64 __glibc=2.28=0 __linux=4.18=0 __unix=0=0
    # packages  9 from channels, 6 from an index by pip
    #
    # platform: linux-64
    @EXPLICIT
    file://[folder]/forge/linux-64/openssl-3.3.0-h0_0.conda#sha256:[hash]
    file://[folder]/forge/linux-64/python-3.11.9-h0_0.conda#sha256:[hash]
    file://[folder]/forge/noarch/jsonschema-2.6.0-h0_0.conda#sha256:[hash]
    file://[folder]/forge/noarch/markdown-3.4.4-h0_0.conda#sha256:[hash]
    file://[folder]/forge/noarch/pip-24.0-h0_0.conda#sha256:[hash]
    file://[folder]/forge/noarch/qtawesome-0.7.3-h0_0.conda#sha256:[hash]
    file://[folder]/forge/noarch/six-1.16.0-h0_0.conda#sha256:[hash]
    file://[folder]/forge/noarch/slack-sdk-3.27.0-h0_0.conda#sha256:[hash]
    file://[folder]/forge/noarch/websocket-client-0.59.0-h0_0.conda#sha256:[hash]
    ");
    assert_snapshot!(site.written("env/requirements.txt"), @r"
    # Lock of what no channel has of bundle studio-staging for headless on linux-64.
    # What to install with pip beside the conda packages, solved around them.
    # Install it into the conda environment with `pip install --require-hashes --no-deps --only-binary :all: -r
    # FILE`.
    #
    # bundle    studio-staging
    # target    headless on linux-64
    # launcher  1.6.3 (AYON-1.6.3-linux-rocky9.tar.gz)
    # python    3.11.9 (launcher 1.6.3)
    # addons    aftereffects 0.3.6, applications 1.4.4, ayon_ocio 1.2.2, ayon_third_party 1.4.0, blender 1.1.8,
    #           core 1.9.7, deadline 0.7.3, ftrack 1.6.4, houdini 0.10.6, kitsu 1.2.5, maya 0.6.5, nuke 0.4.14,
    #           openrv 1.1.6, photoshop 0.4.2, shotgrid 0.6.19, sitesync 1.3.0, slack 1.3.1, syncsketch 0.4.0,
    #           traypublisher 0.4.0, unreal 0.4.0, usd 0.1.7
    # provided  2 of 12 distributions asked for are there already, and not listed
    # channel   file://[folder]/forge/
    # priority  strict
    # machine   __archspec=1=x86_64 __glibc=2.28=0 __linux=4.18=0 __unix=0=0
    # packages  9 from channels, 6 from an index by pip

    clique==1.6.1 \
        --hash=sha256:[hash]
        # held back from 2.0.0 by addon core 1.9.7 (clique 1.6.*), ftrack-python-api 3.1.0 (clique==1.6.1)
        # via addon core 1.9.7 (addons/core/1.9.7/private/pyproject.toml:6, tool.poetry.dependencies.clique)
        # via ftrack-python-api 3.1.0
    ftrack-python-api==3.1.0 \
        --hash=sha256:[hash]
        # via addon ftrack 1.6.4 (addons/ftrack/1.6.4/private/pyproject.toml:2, tool.poetry.dependencies.ftrack-python-api)
    gazu==0.9.18 \
        --hash=sha256:[hash]
        # via addon kitsu 1.2.5 (addons/kitsu/1.2.5/private/pyproject.toml:3, tool.poetry.dependencies.gazu)
    pyblish-base==1.8.12 \
        --hash=sha256:[hash]
        # via addon core 1.9.7 (addons/core/1.9.7/private/pyproject.toml:9, tool.poetry.dependencies.pyblish-base)
    shotgun-api3==3.8.0 \
        --hash=sha256:[hash]
        # via addon shotgrid 0.6.19 (addons/shotgrid/0.6.19/private/pyproject.toml:3, tool.poetry.dependencies.shotgun_api3)
    speedcopy==2.2.0 \
        --hash=sha256:[hash]
        # via addon core 1.9.7 (addons/core/1.9.7/private/pyproject.toml:13, tool.poetry.dependencies.speedcopy)
    ");
}

#[test]
fn queue_environments_take_a_pair() {
    let outcome = Site::usual().emit("--format deadline --headless");
    assert_snapshot!(told(&outcome), @r#"
    exit code 0
    --- stdout
    parameterValues:
    - name: CondaPackages
      value: jsonschema==2.6.0[build=h0_0] markdown==3.4.4[build=h0_0] python==3.11.9[build=h0_0] qtawesome==0.7.3[build=h0_0] slack-sdk==3.27.0[build=h0_0]
    - name: CondaChannels
      value: "file://[folder]/forge/"
    --- stderr
    warning: a queue environment installs nothing with pip, so it lacks clique, ftrack-python-api, gazu, pyblish-base, shotgun-api3, speedcopy: publish these to a channel
    "#);
}

#[test]
fn platforms_and_processes_stand_beside_each_other() {
    let site = Site::usual();
    let mut written = Vec::new();
    let words = "--platform linux-64,win-64 --host maya/2025 --headless --format";
    for format in [
        "pixi-lock",
        "conda-lock",
        "environment-yml",
        "explicit",
        "deadline",
    ] {
        let outcome = site.emit(&format!("{words} {format} -o {format}/"));
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        written.push(outcome.stderr);
    }
    assert_snapshot!(written.join("\n"), @"
    Wrote pixi-lock/pixi.lock

    Wrote conda-lock/headless.conda-lock.yml
    Wrote conda-lock/maya-2025.conda-lock.yml

    Wrote environment-yml/environment-maya-2025-linux-64.yml
    Wrote environment-yml/environment-headless-linux-64.yml
    Wrote environment-yml/environment-maya-2025-win-64.yml
    Wrote environment-yml/environment-headless-win-64.yml

    Wrote explicit/explicit-maya-2025-linux-64.txt
    Wrote explicit/requirements-maya-2025-linux-64.txt
    Wrote explicit/explicit-headless-linux-64.txt
    Wrote explicit/requirements-headless-linux-64.txt
    Wrote explicit/explicit-maya-2025-win-64.txt
    Wrote explicit/requirements-maya-2025-win-64.txt
    Wrote explicit/explicit-headless-win-64.txt
    Wrote explicit/requirements-headless-win-64.txt

    warning: a queue environment installs nothing with pip, so it lacks clique, ftrack-python-api, gazu, pyblish-base, shotgun-api3, speedcopy: publish these to a channel
    Wrote deadline/parameter_values-maya-2025-linux-64.yaml
    Wrote deadline/parameter_values-headless-linux-64.yaml
    Wrote deadline/parameter_values-maya-2025-win-64.yaml
    Wrote deadline/parameter_values-headless-win-64.yaml
    ");
    let pixi = site.written("pixi-lock/pixi.lock");
    for word in ["  maya-2025:\n", "  headless:\n", "name: win-64\n"] {
        assert!(pixi.contains(word), "{pixi}");
    }
    let outcome = site.emit(&format!("{words} pixi-lock"));
    assert_eq!(plain(&outcome.stdout), pixi);
}

#[test]
fn what_only_pip_has_can_be_refused() {
    let outcome = Site::usual().emit("--format environment-yml --no-pip");
    assert_snapshot!(told(&outcome), @"
    exit code 1
    --- stdout
    --- stderr
    error: bundle studio-staging has no conda environment for launcher on linux-64: 11 packages that it asks for are not there

    aiohttp-middlewares: no channel is known to carry it
        addon core 1.9.7 (addons/core/1.9.7/private/pyproject.toml:16, ayon.runtimeDependencies.aiohttp-middlewares) asks for ^2.0.0
    clique: no channel is known to carry it
        addon core 1.9.7 (addons/core/1.9.7/private/pyproject.toml:6, tool.poetry.dependencies.clique) asks for 1.6.*
    ftrack-python-api: no channel is known to carry it
        addon ftrack 1.6.4 (addons/ftrack/1.6.4/private/pyproject.toml:2, tool.poetry.dependencies.ftrack-python-api) asks for ^3.1.0
    gazu: no channel is known to carry it
        addon kitsu 1.2.5 (addons/kitsu/1.2.5/private/pyproject.toml:3, tool.poetry.dependencies.gazu) asks for ^0.9.3
    opencolorio: no channel has py-opencolorio
        addon core 1.9.7 (addons/core/1.9.7/private/pyproject.toml:19, ayon.runtimeDependencies.opencolorio) asks for ^2.5.1,<2.6.0
    opentimelineio: no channel is known to carry it
        addon core 1.9.7 (addons/core/1.9.7/private/pyproject.toml:20, ayon.runtimeDependencies.OpenTimelineIO) asks for 0.16.0
    pyblish-base: no channel is known to carry it
        addon core 1.9.7 (addons/core/1.9.7/private/pyproject.toml:9, tool.poetry.dependencies.pyblish-base) asks for ^1.8.11
    sftpretty: no channel is known to carry it
        addon sitesync 1.3.0 (addons/sitesync/1.3.0/private/pyproject.toml:4, ayon.runtimeDependencies.sftpretty) asks for ^1.2.0
    shotgun-api3: no channel is known to carry it
        addon shotgrid 0.6.19 (addons/shotgrid/0.6.19/private/pyproject.toml:3, tool.poetry.dependencies.shotgun_api3) asks for *
    speedcopy: no channel has speedcopy
        addon core 1.9.7 (addons/core/1.9.7/private/pyproject.toml:13, tool.poetry.dependencies.speedcopy) asks for ^2.2
    wsrpc-aiohttp: no channel is known to carry it
        addon aftereffects 0.3.6 (addons/aftereffects/0.3.6/private/pyproject.toml:2, ayon.runtimeDependencies.wsrpc_aiohttp) asks for ^3.1.1
        addon photoshop 0.4.2 (addons/photoshop/0.4.2/private/pyproject.toml:3, ayon.runtimeDependencies.wsrpc_aiohttp) asks for ^3.1.1
    Publish these to a channel, say what conda calls them, or leave them to pip: without `--no-pip`.
    ");
}

#[test]
fn a_conflict_names_the_addon_and_its_file() {
    // The only slack-sdk of the channel wants a six that nobody has.
    let other: Vec<Row> = rows(&[("noarch", "slack-sdk", "3.28.0", &["six <1.10"])])
        .into_iter()
        .filter(|row| (row.1, row.2) != ("slack-sdk", "3.27.0"))
        .collect();
    let site = Site::new(&other);
    let outcome = site.emit("--format environment-yml");
    assert_snapshot!(told(&outcome), @"
    exit code 1
    --- stdout
    --- stderr
    error: bundle studio-staging has no conda environment for launcher on linux-64: what it asks for does not fit together

    no six is what everybody asks for:
      addon slack 1.3.1 (addons/slack/1.3.1/private/pyproject.toml:3, tool.poetry.dependencies.slack-sdk) needs slack-sdk >=3.19.5,<4a0
        slack-sdk 3.28.0 needs six <1.10
      there is six 1.16.0 to 1.17.0 in file://[folder]/forge
    it solves if addon slack 1.3.1 (addons/slack/1.3.1/private/pyproject.toml:3, tool.poetry.dependencies.slack-sdk) does not ask for `slack-sdk >=3.19.5,<4a0`
    ");
    let verbose = site.emit("--format environment-yml -v");
    assert!(verbose.stderr.len() > outcome.stderr.len(), "{verbose:?}");
    assert_snapshot!(told(&verbose), @"
    exit code 1
    --- stdout
    --- stderr
    error: bundle studio-staging has no conda environment for launcher on linux-64: what it asks for does not fit together

    no six is what everybody asks for:
      addon slack 1.3.1 (addons/slack/1.3.1/private/pyproject.toml:3, tool.poetry.dependencies.slack-sdk) needs slack-sdk >=3.19.5,<4a0
        slack-sdk 3.28.0 needs six <1.10
      there is six 1.16.0 to 1.17.0 in file://[folder]/forge
    it solves if addon slack 1.3.1 (addons/slack/1.3.1/private/pyproject.toml:3, tool.poetry.dependencies.slack-sdk) does not ask for `slack-sdk >=3.19.5,<4a0`

    addon slack 1.3.1 cannot be installed because there are no viable options:
    └─ addon slack 1.3.1 would require
       └─ slack-sdk >=3.19.5,<4a0, which cannot be installed because there are no viable options:
          └─ slack-sdk 3.28.0 would require
             └─ six <1.10, for which no candidates were found.
    ");
    assert_snapshot!(told(&site.emit("--format environment-yml --json")), @r#"
    exit code 1
    --- stdout
    {
      "schema": {
        "name": "ayon-resolve.error",
        "version": 1
      },
      "message": "bundle studio-staging has no conda environment for launcher on linux-64: what it asks for does not fit together",
      "causes": [],
      "hints": [],
      "exitCode": 1,
      "refusal": {
        "account": [
          "addon slack 1.3.1 cannot be installed because there are no viable options:",
          "└─ addon slack 1.3.1 would require",
          "   └─ slack-sdk >=3.19.5,<4a0, which cannot be installed because there are no viable options:",
          "      └─ slack-sdk 3.28.0 would require",
          "         └─ six <1.10, for which no candidates were found."
        ],
        "demands": [
          {
            "asks": "slack-sdk >=3.19.5,<4a0",
            "by": {
              "file": "addons/slack/1.3.1/private/pyproject.toml",
              "key": "tool.poetry.dependencies.slack-sdk",
              "line": 3,
              "subject": "addon slack 1.3.1"
            }
          },
          {
            "asks": "six <1.10",
            "by": {
              "subject": "slack-sdk"
            }
          }
        ],
        "explanation": "no six is what everybody asks for:\n  addon slack 1.3.1 (addons/slack/1.3.1/private/pyproject.toml:3, tool.poetry.dependencies.slack-sdk) needs slack-sdk >=3.19.5,<4a0\n    slack-sdk 3.28.0 needs six <1.10\n  there is six 1.16.0 to 1.17.0 in file://[folder]/forge\nit solves if addon slack 1.3.1 (addons/slack/1.3.1/private/pyproject.toml:3, tool.poetry.dependencies.slack-sdk) does not ask for `slack-sdk >=3.19.5,<4a0`",
        "lacks": [],
        "platform": "linux-64",
        "process": "launcher"
      }
    }
    --- stderr
    "#);
}

#[test]
fn strict_priority_names_who_wins_and_who_is_hidden() {
    let studio = [("noarch", "click", "7.1.2", &[][..])];
    let site = Site::usual().with(|place| {
        with_channel(place, "studio", &studio).variable("AYON_RESOLVE_CHANNEL", "./studio ./forge")
    });
    let outcome = site.emit("--format explicit --json");
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    let text = outcome.json()["refusal"]["explanation"].to_string();
    assert!(text.contains("/forge does not count"), "{text}");
    assert!(text.contains("/studio comes first"), "{text}");
    let flexible = site.emit("--format explicit --channel-priority flexible -o env/");
    assert_eq!(flexible.code, Some(0), "{flexible:?}");
    assert!(site.written("env/explicit.txt").contains("click-8.1.7"));
}

#[test]
fn the_same_question_gives_the_same_bytes_in_every_format() {
    let site =
        Site::usual().with(|place| place.variable("AYON_RESOLVE_CACHE_DIR", "[folder]/cache"));
    for format in ["pixi-lock", "conda-lock", "environment-yml", "deadline"] {
        let first = site.emit(&format!("--format {format}"));
        assert_eq!(first.code, Some(0), "{first:?}");
        assert_eq!(
            site.emit(&format!("--format {format}")).told(),
            first.told()
        );
    }
}

#[test]
fn a_document_says_what_was_written() {
    let outcome = Site::usual().emit("--format deadline --headless --json");
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let document = outcome.json();
    let file = &document["files"][0];
    assert!(
        file["text"].as_str().unwrap().contains("CondaPackages"),
        "{document}"
    );
    let unknown = Site::usual().emit("--format rpm");
    assert_snapshot!(told(&unknown), @"
    exit code 2
    --- stdout
    --- stderr
    error: backend conda writes no `rpm`; it writes spec, environment-yml, explicit, pixi-lock, conda-lock, deadline
    ");
}

#[test]
fn wheels_on_a_disk_go_into_files_that_stay_there() {
    let site = Site::usual().with(|place| {
        with_wheels(place, "wheels", WHEELS)
            .variable("AYON_RESOLVE_NO_INDEX", "1")
            .variable("AYON_RESOLVE_FIND_LINKS", "[folder]/wheels")
    });
    assert_snapshot!(told(&site.emit("--format environment-yml")), @"
    exit code 2
    --- stdout
    --- stderr
    error: aiohttp-middlewares from [folder]/wheels/aiohttp_middlewares-2.4.0-py3-none-any.whl cannot be written as environment-yml: a file on this machine means nothing elsewhere; publish it to an index, or write `explicit`, whose requirements are found with `--find-links`
    ");
    assert_snapshot!(told(&site.emit("--format conda-lock")), @"
    exit code 2
    --- stdout
    --- stderr
    error: aiohttp-middlewares cannot be written as conda-lock: conda-lock.yml holds files at URLs only; write pixi.lock, or publish it to an index
    ");
    assert_eq!(site.emit("--format explicit -o env/").code, Some(0));
    assert_eq!(site.emit("--format pixi-lock").code, Some(0));
}
