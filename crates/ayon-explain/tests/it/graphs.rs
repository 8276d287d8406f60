//! Graphs of resolutions and of conflicts.

use ayon_explain::Graph;
use ayon_explain::graph::Kind;

use crate::made::{bundle, conflict, film};

fn lines(graph: &Graph) -> String {
    let line = |edge: &ayon_explain::graph::Edge| {
        format!(
            "{} -> {}: {}\n",
            graph.node(edge.from).title(),
            graph.node(edge.to).title(),
            edge.text()
        )
    };
    graph.edges().iter().map(line).collect()
}

#[test]
fn conda_says_which_package_stands_for_a_wish() {
    let made = bundle("staging")
        .addon("core", "1.6.11", &["opencv-python>=4"])
        .artefact(
            "opencv",
            "4.9.0",
            &[],
            &["addon core 1.6.11: opencv-python >=4"],
        )
        .artefact("libopencv", "4.9.0", &[], &["opencv: libopencv ==4.9.0"]);
    let graph = Graph::of(&made.0);
    insta::assert_snapshot!(lines(&graph), @r"
    bundle staging -> launcher 1.6.3: pins launcher 1.6.3
    bundle staging -> addon core 1.6.11: pins core 1.6.11
    launcher 1.6.3 -> python 3.9.13: provides python 3.9.13
    addon core 1.6.11 -> opencv 4.9.0: needs opencv-python >=4
    opencv 4.9.0 -> libopencv 4.9.0: needs libopencv ==4.9.0
    ");
}

#[test]
fn packages_that_nobody_asks_for_in_words_are_tied_by_what_they_require() {
    let made = bundle("staging")
        .artefact("maya", "2025", &["python-3.11", "~usd-23"], &[])
        .artefact("python", "3.11.4", &[], &[])
        .artefact("usd", "23.11", &["python-3+"], &[]);
    let graph = Graph::of(&made.0);
    insta::assert_snapshot!(lines(&graph), @r"
    bundle staging -> launcher 1.6.3: pins launcher 1.6.3
    bundle staging -> maya 2025: includes
    launcher 1.6.3 -> python 3.9.13: provides python 3.9.13
    maya 2025 -> python 3.11.4: needs python-3.11
    maya 2025 -> usd 23.11: if present, needs ~usd-23
    usd 23.11 -> python 3.11.4: needs python-3+
    ");
}

#[test]
fn what_only_cycles_ask_for_hangs_from_the_root_too() {
    let made = bundle("staging")
        .artefact("a", "1", &["b-1"], &[])
        .artefact("b", "1", &["a-1"], &[]);
    let graph = Graph::of(&made.0);
    let a = graph
        .nodes()
        .find(|(_, node)| node.kind == Kind::Package)
        .unwrap()
        .0;
    assert_eq!(graph.why(a, 3).ways.len(), 1);
}

#[test]
fn a_conflict_is_a_graph_of_its_facts() {
    let graph = Graph::of_conflict(&conflict());
    insta::assert_snapshot!(lines(&graph), @r"
    bundle film -> launcher 1.1.2: pins launcher 1.1.2
    bundle film -> addon editorial 0.4.1, 0.4.2, 0.5.0: needs editorial >=0.4,<1
    launcher 1.1.2 -> opentimelineio: provides opentimelineio 0.17.0
    addon editorial 0.4.1, 0.4.2, 0.5.0 -> opentimelineio: needs opentimelineio <0.16 (0.4.1, 0.4.2)
    addon editorial 0.4.1, 0.4.2, 0.5.0 -> opentimelineio: needs opentimelineio >=0.18 (0.5.0)
    ");
}

#[test]
fn the_order_of_facts_changes_nothing() {
    let one = film("staging").0;
    let mut other = one.clone();
    other.addons.reverse();
    other.edges.reverse();
    assert_eq!(Graph::of(&one), Graph::of(&other));
}

#[test]
fn names_from_outside_drive_no_terminal() {
    let made = bundle("staging\u{1b}[2J").artefact("evil\u{1b}[2J", "1\u{7}", &[], &[]);
    let graph = Graph::of(&made.0);
    let text = serde_json::to_string(&graph.document()).unwrap() + &lines(&graph);
    assert!(
        !text.replace('\n', "").contains(ayon_model::is_misleading),
        "{text}"
    );
}
