//! Trees, from the root down and from something up.

use ayon_explain::{Graph, TreeOptions};
use proptest::prelude::*;

use crate::made::{film, large};

#[test]
fn a_tree_unfolds_everything_once() {
    let graph = Graph::of(&film("staging").0);
    insta::assert_snapshot!(graph.tree_text(&TreeOptions::default()), @r"
    bundle staging
    ├── launcher 1.6.3
    │   └── opentimelineio 0.17.0 (there already)
    ├── addon core 1.6.11
    │   ├── opentimelineio 0.17.0 (there already)
    │   └── requests 2.32.4
    │       └── urllib3 2.2.0
    ├── addon ftrack 1.6.4
    │   ├── addon core 1.6.11 (*)
    │   └── ftrack-python-api 2.5.4
    │       ├── requests 2.32.4 (*)
    │       ├── urllib3 2.2.0
    │       └── websocket-client 0.59.0
    └── addon kitsu 1.2.6
        ├── addon core 1.6.11 (*)
        └── requests 2.32.4 (*)
    ");
}

#[test]
fn a_tree_stops_where_it_is_told() {
    let graph = Graph::of(&film("staging").0);
    let options = TreeOptions {
        depth: Some(1),
        with_words: true,
        ..TreeOptions::default()
    };
    insta::assert_snapshot!(graph.tree_text(&options), @r"
    bundle staging
    ├── launcher 1.6.3  pins launcher 1.6.3
    ├── addon core 1.6.11  pins core 1.6.11
    ├── addon ftrack 1.6.4  pins ftrack 1.6.4
    └── addon kitsu 1.2.6  pins kitsu 1.2.6
    ");
}

#[test]
fn a_tree_turned_round_says_who_asks() {
    let graph = Graph::of(&film("staging").0);
    let start = graph.find("urllib3").unwrap().first().copied();
    let options = TreeOptions {
        start,
        is_inverted: true,
        with_words: true,
        ..TreeOptions::default()
    };
    insta::assert_snapshot!(graph.tree_text(&options), @r"
    urllib3 2.2.0
    ├── ftrack-python-api 2.5.4  needs urllib3<2.3
    │   └── addon ftrack 1.6.4  needs ftrack-python-api >=2,<3
    │       └── bundle staging  pins ftrack 1.6.4
    └── requests 2.32.4  needs urllib3<3,>=1.21.1
        ├── addon core 1.6.11  needs requests >=2.28
        │   ├── bundle staging  pins core 1.6.11
        │   ├── addon ftrack 1.6.4  needs core >=1.6.0 (*)
        │   └── addon kitsu 1.2.6  needs core >=1.5.0
        │       └── bundle staging  pins kitsu 1.2.6
        ├── addon kitsu 1.2.6  needs requests >=2.30 (*)
        └── ftrack-python-api 2.5.4  needs requests<3,>=2 (*)
    ");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, ..ProptestConfig::default() })]

    /// With everything shown, a tree names every node, unfolds it once, and has a line for every neighbour.
    #[test]
    fn a_tree_loses_nothing(seed in 0usize..1000, count in 31usize..200) {
        let graph = Graph::of(&large("staging", count, seed).0);
        let visits = graph.tree(&TreeOptions { with_idle: true, ..TreeOptions::default() });
        for (id, _) in graph.nodes() {
            let lines = visits.iter().filter(|visit| visit.node == id);
            prop_assert_eq!(lines.filter(|visit| !visit.is_repeated && graph.needs(id).next().is_some()).count(),
                usize::from(graph.needs(id).next().is_some()));
            prop_assert!(visits.iter().any(|visit| visit.node == id));
        }
        let told: usize = visits.iter().map(|visit| visit.edges.len()).sum();
        prop_assert_eq!(told, graph.edges().len());
        let text = graph.tree_text(&TreeOptions { with_idle: true, ..TreeOptions::default() });
        prop_assert_eq!(text.lines().count(), visits.len());
    }
}
