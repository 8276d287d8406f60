//! What cannot be, in words.

use ayon_backend::example::ask;
use ayon_backend::{EmitError, Resolution, ResolveError};
use ayon_backend_conda::Options;
use insta::assert_snapshot;

use crate::world::{World, bundle, index, solve};

fn refused(world: World, options: Options, resolution: Resolution) -> String {
    let (_, solved) = solve(world, Some(index()), options, vec![resolution]);
    match solved.unwrap_err() {
        ResolveError::Refused(refusal) => format!("{refusal}\n{}", refusal.text()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn without_pip_everything_that_is_lacking_is_named() {
    let mut resolution = bundle();
    ask(&mut resolution, "core", "jsonschema<3");
    let options = Options {
        no_pip: true,
        ..Options::default()
    };
    assert_snapshot!(refused(World::usual(), options, resolution), @"
    bundle staging has no conda environment for launcher on linux-64: 3 packages that it asks for are not there
    clique: no channel is known to carry it
        addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:11, tool.poetry.dependencies) asks for >=1.6,<2
    gazu: no channel is known to carry it
        addon ftrack 1.6.4 (addons/ftrack_1.6.4/private/pyproject.toml:13, tool.poetry.dependencies) asks for any version
    jsonschema: no channel has jsonschema <3 for Python 3.11.9
        addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:15, tool.poetry.dependencies) asks for <3
    Publish these to a channel, say what conda calls them, or leave them to pip: without `--no-pip`.
    ");
}

#[test]
fn without_an_index_pip_can_bring_nothing() {
    let (_, solved) = solve(World::usual(), None, Options::default(), vec![bundle()]);
    let error = solved.unwrap_err();
    assert!(matches!(
        error,
        ResolveError::Inexpressible(EmitError::Inexpressible { .. })
    ));
    assert_snapshot!(error, @"clique, gazu cannot be written as a conda environment: no channel has it, and no package index is known for pip");
}

#[test]
fn a_launchers_version_stands_against_what_conda_needs() {
    let world = World::usual().channel(
        "studio",
        &[("noarch", "slack-sdk", "3.19.5", &["urllib3 >=2"])],
    );
    let mut resolution = bundle();
    ask(&mut resolution, "ftrack", "slack-sdk");
    assert_snapshot!(refused(world, Options::default(), resolution), @"
    bundle staging has no conda environment for launcher on linux-64: what it asks for does not fit together
    no urllib3 is what everybody asks for:
      addon ftrack 1.6.4 (addons/ftrack_1.6.4/private/pyproject.toml:15, tool.poetry.dependencies) needs slack-sdk
        slack-sdk 3.19.5 needs urllib3 >=2
      launcher 1.6.3 (launchers.json) allows only urllib3 ==1.26.18
    it solves if launcher 1.6.3 (launchers.json) asks for any urllib3 instead of `urllib3 ==1.26.18` (urllib3 2.6.3 is chosen then)
    ");
}

#[test]
fn a_channel_that_hides_another_is_named() {
    let first = World::default().channel("studio", &[("noarch", "typing_extensions", "3.0", &[])]);
    let world = first.channel(
        "conda-forge",
        &[
            ("linux-64", "python", "3.11.9", &[]),
            ("noarch", "typing_extensions", "4.12.2", &["python"]),
        ],
    );
    let mut resolution = ayon_backend::example::resolution();
    ask(&mut resolution, "core", "typing-extensions>=4");
    assert_snapshot!(refused(world, Options::default(), resolution), @"
    bundle staging has no conda environment for launcher on linux-64: what it asks for does not fit together
    no typing_extensions is what everybody asks for:
      addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:10, tool.poetry.dependencies) needs typing_extensions >=4
      typing_extensions 4.12.2 in conda-forge does not count: studio comes first and has typing_extensions, and priority is strict
      there is typing_extensions 3.0 in studio
    it solves if `conda-forge::typing_extensions >=4` is asked (version 4.12.2 is chosen then)
    it solves if addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:10, tool.poetry.dependencies) asks for any typing_extensions instead of `typing_extensions >=4` (typing_extensions 3.0 is chosen then)
    ");
}

#[test]
fn pips_own_conflicts_name_what_conda_brings() {
    let mut index = index();
    crate::world::add(&mut index, "gazu", "0.11.0", &["requests>=2.90"]);
    let mut resolution = bundle();
    ask(&mut resolution, "core", "gazu>=0.11");
    ask(&mut resolution, "ftrack", "slack-sdk");
    // What slack-sdk needs of conda cannot be left to pip.
    let slack = ("noarch", "slack-sdk", "3.19.5", &["requests"][..]);
    let world = World::usual().channel("studio", &[slack]);
    let (_, solved) = solve(world, Some(index), Options::default(), vec![resolution]);
    let ResolveError::Conflict(conflict) = solved.unwrap_err() else {
        panic!("another error");
    };
    let facts: Vec<String> = conflict
        .facts
        .iter()
        .map(|fact| {
            let subjects: Vec<String> = fact.subjects.iter().map(ToString::to_string).collect();
            format!(
                "{} {} {} {}",
                subjects.join(", "),
                fact.verb,
                fact.object,
                fact.range
            )
        })
        .collect();
    assert_snapshot!(facts.join("\n"), @"
    conda's requests 2.32.3 provides requests 2.32.3
    gazu 0.11.0 needs requests >=2.90
    addon ftrack 1.6.4 needs gazu any version
    addon core 1.9.7 needs gazu >=0.11
    ");
}
