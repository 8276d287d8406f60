//! Why something is there, and why at this version.

use ayon_explain::Graph;
use proptest::prelude::*;

use crate::made::{film, large};

fn why(graph: &Graph, name: &str) -> String {
    graph.why(graph.find(name).unwrap()[0], 8).text()
}

#[test]
fn what_is_held_back_says_by_whom_and_what_would_lift_it() {
    let graph = Graph::of(&film("staging").0);
    insta::assert_snapshot!(why(&graph, "urllib3"), @r"
    urllib3 2.2.0

      bundle staging
        pins core 1.6.11                              bundles.json, addons.core
          needs requests >=2.28, gets 2.32.4          core/client/pyproject.toml, tool.poetry.dependencies
            needs urllib3<3,>=1.21.1, gets 2.2.0
        pins ftrack 1.6.4                             bundles.json, addons.ftrack
          needs ftrack-python-api >=2,<3, gets 2.5.4  ftrack/client/pyproject.toml, tool.poetry.dependencies
            needs urllib3<2.3, gets 2.2.0
            needs requests<3,>=2, gets 2.32.4 (*)
          needs core >=1.6.0, gets 1.6.11 (*)         ftrack/client/pyproject.toml, tool.poetry.dependencies
        pins kitsu 1.2.6                              bundles.json, addons.kitsu
          needs requests >=2.30, gets 2.32.4 (*)      kitsu/client/pyproject.toml, tool.poetry.dependencies
          needs core >=1.5.0, gets 1.6.11 (*)         kitsu/client/pyproject.toml, tool.poetry.dependencies

      what holds the version
        2.7.0 exists; ftrack-python-api 2.5.4 asks for urllib3<2.3

      what would lift that
        another ftrack-python-api than 2.5.4 that allows it; 3.1.0 exists, but addon ftrack 1.6.4 asks for ftrack-python-api>=2,<3
    ");
    insta::assert_snapshot!(why(&graph, "ftrack_python_api"), @r"
    ftrack-python-api 2.5.4

      bundle staging
        pins ftrack 1.6.4                             bundles.json, addons.ftrack
          needs ftrack-python-api >=2,<3, gets 2.5.4  ftrack/client/pyproject.toml, tool.poetry.dependencies

      what holds the version
        3.1.0 exists; addon ftrack 1.6.4 asks for ftrack-python-api>=2,<3

      what would lift that
        another addon ftrack than 1.6.4 that allows it; bundle staging pins it (bundles.json, addons.ftrack)
    ");
}

#[test]
fn what_is_there_already_says_who_brings_it() {
    let graph = Graph::of(&film("staging").0);
    insta::assert_snapshot!(why(&graph, "OpenTimelineIO"), @r"
    opentimelineio 0.17.0, there already and not installed

      bundle staging
        pins launcher 1.6.3                         bundles.json, installerVersion
          provides opentimelineio 0.17.0            launchers/1.6.3.json, pythonModules
        pins core 1.6.11                            bundles.json, addons.core
          needs opentimelineio >=0.15, gets 0.17.0  core/client/pyproject.toml, tool.poetry.dependencies
        pins ftrack 1.6.4                           bundles.json, addons.ftrack
          needs core >=1.6.0, gets 1.6.11 (*)       ftrack/client/pyproject.toml, tool.poetry.dependencies
        pins kitsu 1.2.6                            bundles.json, addons.kitsu
          needs core >=1.5.0, gets 1.6.11 (*)       kitsu/client/pyproject.toml, tool.poetry.dependencies

      what holds the version
        launcher 1.6.3 provides just this version

      what would lift that
        another launcher than 1.6.3 that has another; bundle staging pins it (bundles.json, installerVersion)
    ");
    insta::assert_snapshot!(why(&graph, "pyside6"), @r"
    pyside6 6.5.2, there already and not installed

      bundle staging
        pins launcher 1.6.3       bundles.json, installerVersion
          provides pyside6 6.5.2  launchers/1.6.3.json, pythonModules

      what holds the version
        launcher 1.6.3 provides just this version

      what would lift that
        another launcher than 1.6.3 that has another; bundle staging pins it (bundles.json, installerVersion)
    ");
}

#[test]
fn an_addon_says_who_pins_it_and_who_needs_it() {
    let graph = Graph::of(&film("staging").0);
    insta::assert_snapshot!(why(&graph, "addon core"), @r"
    addon core 1.6.11

      bundle staging
        pins core 1.6.11                   bundles.json, addons.core
        pins ftrack 1.6.4                  bundles.json, addons.ftrack
          needs core >=1.6.0, gets 1.6.11  ftrack/client/pyproject.toml, tool.poetry.dependencies
        pins kitsu 1.2.6                   bundles.json, addons.kitsu
          needs core >=1.5.0, gets 1.6.11  kitsu/client/pyproject.toml, tool.poetry.dependencies

      what holds the version
        bundle staging pins core 1.6.11

      what would lift that
        another version in bundle staging (bundles.json, addons.core)
    ");
}

#[test]
fn more_ways_than_asked_for_are_owned_up_to() {
    let graph = Graph::of(&film("staging").0);
    let requests = graph.find("requests").unwrap()[0];
    insta::assert_snapshot!(graph.why(requests, 1).text(), @r"
    requests 2.32.4

      bundle staging
        pins core 1.6.11                      bundles.json, addons.core
          needs requests >=2.28, gets 2.32.4  core/client/pyproject.toml, tool.poetry.dependencies
      and more ways than these

      also asked for by
        addon kitsu 1.2.6 needs requests >=2.30       kitsu/client/pyproject.toml, tool.poetry.dependencies
        ftrack-python-api 2.5.4 needs requests<3,>=2
    ");
}

#[test]
fn a_name_that_is_not_there_is_told_from_those_that_are_close() {
    let graph = Graph::of(&film("staging").0);
    insta::assert_snapshot!(graph.find("request").unwrap_err(), @"nothing here is called `request`; did you mean `requests`?");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Ways are ways: from the root, along edges, through nothing twice, the shortest first, no two the same.
    #[test]
    fn ways_lead_from_the_root_along_edges(seed in 0usize..1000, count in 31usize..160, limit in 1usize..12) {
        let graph = Graph::of(&large("staging", count, seed).0);
        for (id, _) in graph.nodes() {
            let why = graph.why(id, limit);
            prop_assert!(why.ways.len() <= limit);
            prop_assert!(why.ways.windows(2).all(|pair| pair[0].len() <= pair[1].len()));
            prop_assert!(id == graph.root() || !why.ways.is_empty(), "{:?}", graph.node(id));
            for (index, way) in why.ways.iter().enumerate() {
                let mut at = graph.root();
                let mut seen = vec![at];
                for step in way {
                    prop_assert!(!step.edges.is_empty());
                    prop_assert!(step.edges.iter().all(|edge| (edge.from, edge.to) == (at, step.to)));
                    prop_assert!(!seen.contains(&step.to));
                    at = step.to;
                    seen.push(at);
                }
                prop_assert_eq!(at, id);
                prop_assert!(!why.ways[..index].contains(way));
            }
            // Everybody who asks is told, in a way or beside them.
            let told = why.ways.iter().filter_map(|way| way.last()).flat_map(|step| &step.edges).chain(&why.also);
            let told: Vec<_> = told.collect();
            prop_assert!(graph.askers(id).all(|edge| told.contains(&&edge)));
        }
    }
}
