//! What the property tests are made of: versions, clauses, and sets built from them.

use std::sync::LazyLock;

use proptest::prelude::*;
use pypi::{Version, VersionSet};

/// Versions so close together that any two different sets of [`sets`] differ on one of them: every
/// kind of neighbour (development, pre-, post-releases, local versions, longer releases) of every
/// version that [`clauses`] names.
pub(crate) static UNIVERSE: LazyLock<Vec<Version>> = LazyLock::new(|| {
    let releases = [
        "0",
        "0.0.0.1",
        "0.1",
        "0.1.0.1",
        "0.1.1",
        "0.2",
        "1",
        "1.0.0.1",
        "1.0.1",
        "1.0.1.1",
        "1.0.2",
        "1.1",
        "1.1.0.1",
        "1.2",
        "2",
        "2.0.0.1",
        "2.1",
        "3",
        "1!0",
        "1!1",
        "1!1.0.0.1",
        "1!1.0.1",
        "1!1.1",
        "1!2",
    ];
    let suffixes = [
        ".dev0",
        ".dev1",
        ".dev2",
        "a0",
        "a1.dev0",
        "a1.dev1",
        "a1",
        "a1.post0.dev0",
        "a1.post0",
        "a2.dev0",
        "a2",
        "b1",
        "rc1",
        "",
        ".post0.dev0",
        ".post0.dev1",
        ".post0",
        ".post1.dev0",
        ".post1.dev1",
        ".post1",
        ".post2.dev0",
        ".post2",
        ".post7",
    ];
    let locals = ["", "+0a", "+a", "+a.b", "+b", "+1", "+2"];
    let mut all = Vec::new();
    for release in releases {
        for suffix in suffixes {
            for local in locals {
                all.push(format!("{release}{suffix}{local}").parse().unwrap());
            }
        }
    }
    all.sort();
    all
});

fn release() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "0", "0.1", "1", "1.0", "1.0.0", "1.0.1", "1.1", "2", "1!1",
    ])
}

fn suffix() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "",
        "",
        "",
        "a1",
        ".dev0",
        ".dev1",
        ".post0",
        ".post1",
        "a1.dev0",
        ".post1.dev0",
    ])
}

/// One PEP 440 clause.
pub(crate) fn clauses() -> impl Strategy<Value = String> {
    let ordered = prop::sample::select(vec![">=", ">", "<=", "<", "==", "!=", "==="]);
    let equality = prop::sample::select(vec!["==", "!=", "==="]);
    let local = prop::sample::select(vec!["+a", "+1"]);
    prop_oneof![
        6 => (ordered, release(), suffix()).prop_map(|(o, r, s)| format!("{o}{r}{s}")),
        2 => (prop::sample::select(vec!["==", "!="]), release()).prop_map(|(o, r)| format!("{o}{r}.*")),
        1 => (equality, release(), suffix(), local).prop_map(|(o, r, s, l)| format!("{o}{r}{s}{l}")),
        1 => prop::sample::select(vec!["~=1.0", "~=1.0.1", "~=1.1a1", "~=0.1.post1"])
            .prop_map(str::to_owned),
    ]
}

/// A set built from clauses with every operation of the algebra.
pub(crate) fn sets() -> impl Strategy<Value = VersionSet> {
    let leaf = prop::collection::vec(clauses(), 0..4)
        .prop_map(|clauses| VersionSet::from_specifiers(&clauses.join(",")).unwrap());
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|set| set.complement()),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a.union(&b)),
            (inner.clone(), inner).prop_map(|(a, b)| a.intersection(&b)),
        ]
    })
}
