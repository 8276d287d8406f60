//! Pictures of resolves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use insta::assert_snapshot;
use rez::context::{Context, Graph};
use rez::package::{Definition, Family, Package, PackageKind};
use rez::repository::MemoryRepository;
use rez::solver::{Ask, Outcome, Pool, solve};
use rez::{Requirement, Version};

const SOLVED: &str = include_str!("context/solved.rxt");
const FAILED: &str = include_str!("context/failed.rxt");

/// A package: `name-version`, what it requires, and its variants.
type Written<'a> = (&'a str, &'a [&'a str], &'a [&'a [&'a str]]);

/// The repository of the two contexts.
const STUDIO: &[Written<'_>] = &[
    ("farm-1.0", &[], &[]),
    ("farm-2.0", &["python-3"], &[]),
    (
        "maya-2024.1",
        &[],
        &[&["platform-linux", "qt-5"], &["platform-windows", "qt-5"]],
    ),
    ("platform-linux", &[], &[]),
    ("python-3.9.7", &[], &[]),
    ("python-3.11.2", &[], &[]),
    ("qt-5.15.2", &["python-3.9"], &[]),
    ("tools", &[".feature-1+<3"], &[]),
];

fn repository(packages: &[Written<'_>]) -> MemoryRepository {
    let mut families: Vec<Family> = Vec::new();
    for (package, requires, variants) in packages {
        let (name, version) = package.split_once('-').unwrap_or((package, ""));
        let texts = |items: &[&str]| {
            items
                .iter()
                .map(|item| Arc::from(*item))
                .collect::<Vec<Arc<str>>>()
        };
        let definition = Definition {
            requires: texts(requires),
            variants: (!variants.is_empty())
                .then(|| variants.iter().map(|items| texts(items)).collect()),
            ..Definition::default()
        };
        let package = Package {
            version: Version::parse(version).unwrap(),
            kind: PackageKind::Folder,
            definition: Ok(Arc::new(definition)),
        };
        match families.iter_mut().find(|family| &*family.name == name) {
            Some(family) => family.packages.push(package),
            None => families.push(Family {
                name: name.into(),
                packages: vec![package],
            }),
        }
    }
    MemoryRepository::new("studio", families)
}

fn requests(texts: &[&str]) -> Vec<Requirement> {
    texts
        .iter()
        .map(|text| Requirement::parse_request(text).unwrap())
        .collect()
}

/// The picture of what comes of a request.
fn picture(packages: &[Written<'_>], requests: &[Requirement]) -> Graph {
    let mut pool = Pool::new(vec![Arc::new(repository(packages))]);
    let ask = Ask {
        requests: requests.to_vec(),
        ..Ask::default()
    };
    match solve(&mut pool, &ask, &mut |_| None).unwrap() {
        Outcome::Solved(resolve) => Graph::of_resolve(requests, &resolve),
        Outcome::Failed(failure) => Graph::of_failure(requests, &failure.reason),
        Outcome::Aborted(..) => panic!("nothing stops it"),
    }
}

/// Nodes and edges by their labels, so that numbers do not count.
fn shape(graph: &Graph) -> BTreeSet<String> {
    let nodes: BTreeMap<_, _> = graph.nodes().collect();
    let edges = nodes.iter().flat_map(|(id, node)| {
        let edges = graph.edges(*id).iter();
        edges.map(|edge| {
            format!(
                "{} -> {} {:?}",
                node.label, nodes[&edge.to].label, edge.kind
            )
        })
    });
    let names = nodes
        .values()
        .map(|node| format!("{} {:?}", node.label, node.kind));
    names.chain(edges).collect()
}

#[test]
fn an_answer_is_drawn_as_rez_draws_it() {
    let context = Context::read(SOLVED).unwrap();
    let asked = [context.requests.clone(), context.implicit.clone()].concat();
    let drawn = picture(STUDIO, &asked);
    assert_eq!(shape(&drawn), shape(&Graph::parse(&context.graph).unwrap()));
}

#[test]
fn a_failure_is_drawn_as_its_reason() {
    // rez draws this one with the packages in between.
    let asked = Context::read(FAILED).unwrap().requests;
    let conflict = picture(STUDIO, &asked);
    let reduction = picture(
        &[
            ("app-1", &[], &[&["lib-1"], &["tool-1"]]),
            ("lib-1", &[], &[]),
            ("lib-2", &[], &[]),
            ("tool-1", &[], &[]),
            ("tool-2", &[], &[]),
        ],
        &requests(&["lib-2", "tool-2", "app", "!c"]),
    );
    let cycle = picture(
        &[
            ("a-1", &["b"], &[]),
            ("b-1", &["a"], &[]),
            ("c-1", &[], &[]),
        ],
        &requests(&["c", "a"]),
    );
    let requested = picture(&[], &requests(&["a-1", "b", "a-2"]));
    let texts = [conflict, reduction, cycle, requested].map(|graph| graph.dot());
    assert_snapshot!(texts.join("\n\n"));
}
