//! Who says what conda calls a distribution: the studio, the program's own table, a copy of the community's mapping.

use insta::assert_snapshot;

use super::{Row, told, with_channel};
use crate::{Outcome, Place};

/// A channel with packages of its own names.
const HOUSE: &[Row] = &[
    ("linux-64", "python", "3.11.9", &[]),
    ("noarch", "studio-clique", "1.6.1", &["python"]),
    ("noarch", "six-from-forge", "1.17.0", &["python"]),
    ("noarch", "nowhere-else", "1.0", &["python"]),
];

/// A studio of one addon, which asks for distributions; its launcher has nothing but a Python.
fn place(asked: &[&str]) -> Place {
    let requirements = asked.iter().map(|name| format!("{name} = \"*\""));
    let requirements = requirements.collect::<Vec<_>>().join("\n");
    let bundle = r#"{"name": "show", "addons": {"core": "1.0.0"}, "installerVersion": "1.6.3",
        "isProduction": true, "isStaging": false, "isDev": false, "isArchived": false, "isProject": false}"#;
    let launcher = r#"{"filename": "AYON-1.6.3-linux.tar.gz", "version": "1.6.3", "platform": "linux",
        "pythonVersion": "3.11.9", "pythonModules": {}, "runtimePythonModules": {}}"#;
    with_channel(Place::new(), "house", HOUSE)
        .file("studio/bundles/show.json", bundle)
        .file("studio/launchers/1.6.3-linux.json", launcher)
        .file(
            "studio/addons/core/1.0.0/package.py",
            "name = \"core\"\nversion = \"1.0.0\"\ntitle = \"Core\"\n",
        )
        .file(
            "studio/addons/core/1.0.0/private/pyproject.toml",
            &format!("[tool.poetry.dependencies]\n{requirements}"),
        )
        .variable("AYON_RESOLVE_STUDIO", "[folder]/studio")
        .variable("AYON_RESOLVE_CHANNEL", "./house")
        .variable("AYON_RESOLVE_PLATFORM", "linux-64")
        .variable("AYON_RESOLVE_NO_PIP", "1")
}

fn emit(place: &Place) -> Outcome {
    place.run("--bundle show --emit conda --format deadline")
}

#[test]
fn the_table_knows_what_no_channel_is_known_to_carry() {
    assert_snapshot!(told(&emit(&place(&["clique", "six", "nowhere-else"]))), @"
    exit code 1
    --- stdout
    --- stderr
    error: bundle show has no conda environment for launcher on linux-64: 3 packages that it asks for are not there

    clique: no channel is known to carry it
        addon core 1.0.0 (addons/core/1.0.0/private/pyproject.toml:2, tool.poetry.dependencies.clique) asks for *
    nowhere-else: nobody has told what conda calls it
        addon core 1.0.0 (addons/core/1.0.0/private/pyproject.toml:4, tool.poetry.dependencies.nowhere-else) asks for *
    six: no channel has six
        addon core 1.0.0 (addons/core/1.0.0/private/pyproject.toml:3, tool.poetry.dependencies.six) asks for *
    Publish these to a channel, say what conda calls them, or leave them to pip: without `--no-pip`.
    ");
}

#[test]
fn the_studio_says_what_its_own_channel_calls_it() {
    let place = place(&["clique"]).file(
        "ayon-resolve.toml",
        "[conda.names]\nclique = \"studio-clique\"\n",
    );
    assert_snapshot!(told(&emit(&place)), @r#"
    exit code 0
    --- stdout
    parameterValues:
    - name: CondaPackages
      value: python==3.11.9[build=h0_0] studio-clique==1.6.1[build=h0_0]
    - name: CondaChannels
      value: "file://[folder]/house/"
    --- stderr
    "#);
}

#[test]
fn the_studio_says_what_its_channels_do_not_carry() {
    let config = "[conda.names]\nnowhere-else = false\n";
    let place = place(&["nowhere-else"]).file("ayon-resolve.toml", config);
    assert_snapshot!(told(&emit(&place)), @"
    exit code 1
    --- stdout
    --- stderr
    error: bundle show has no conda environment for launcher on linux-64: one package that it asks for is not there

    nowhere-else: no channel is known to carry it
        addon core 1.0.0 (addons/core/1.0.0/private/pyproject.toml:2, tool.poetry.dependencies.nowhere-else) asks for *
    Publish these to a channel, say what conda calls them, or leave them to pip: without `--no-pip`.
    ");
}

#[test]
fn the_communitys_mapping_is_asked_last() {
    let mapping = r#"{"nowhere-else": ["nowhere-else"], "six-from-forge": ["six"], "zlib": null}"#;
    let asked = &["nowhere-else", "six"];
    // The table knows six, and the channel has none of that name.
    let named = place(asked)
        .file("mapping.json", mapping)
        .variable("AYON_RESOLVE_CONDA_NAMES", "[folder]/mapping.json");
    assert_snapshot!(told(&emit(&named)), @"
    exit code 1
    --- stdout
    --- stderr
    error: bundle show has no conda environment for launcher on linux-64: one package that it asks for is not there

    six: no channel has six
        addon core 1.0.0 (addons/core/1.0.0/private/pyproject.toml:3, tool.poetry.dependencies.six) asks for *
    Publish these to a channel, say what conda calls them, or leave them to pip: without `--no-pip`.
    ");
    let cached = place(&["nowhere-else"])
        .file("cache/conda-names/compressed_mapping.json", mapping)
        .variable("AYON_RESOLVE_CACHE_DIR", "[folder]/cache");
    assert_snapshot!(told(&emit(&cached)), @r#"
    exit code 0
    --- stdout
    parameterValues:
    - name: CondaPackages
      value: nowhere-else==1.0[build=h0_0] python==3.11.9[build=h0_0]
    - name: CondaChannels
      value: "file://[folder]/house/"
    --- stderr
    "#);
    let broken = place(asked)
        .file("mapping.json", "[1]")
        .variable("AYON_RESOLVE_CONDA_NAMES", "[folder]/mapping.json");
    assert_snapshot!(told(&emit(&broken)), @"
    exit code 2
    --- stdout
    --- stderr
    error: `[folder]/mapping.json` is no mapping of conda names
    cause: it is not a JSON object that has a list of names, or null, for each conda name
    cause: invalid type: sequence, expected a map at line 1 column 0
    ");
}
