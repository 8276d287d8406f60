//! Which versions are chosen, rule by rule.

use pypi_solve::{Asker, Given, GivenKind, Prereleases, Strategy, Subject, Verb};

use crate::world::{ask, chosen, conflict, index, roots, solution};

#[test]
fn the_newest_that_fits_is_chosen() {
    let index = index(&[
        ("core", "1.0", &["clique<2"]),
        ("clique", "1.6.1", &[]),
        ("clique", "2.0", &[]),
        ("unused", "1.0", &[]),
    ]);
    assert_eq!(chosen(&index, &ask(&["core"])), "clique 1.6.1, core 1.0");
    assert_eq!(chosen(&index, &ask(&["clique"])), "clique 2.0");
}

#[test]
fn a_prerelease_is_taken_where_no_final_fits() {
    let index = index(&[("a", "1.0", &[]), ("a", "2.0b1", &[]), ("b", "1.0a1", &[])]);
    assert_eq!(chosen(&index, &ask(&["a", "b"])), "a 1.0, b 1.0a1");
    assert_eq!(chosen(&index, &ask(&["a>1"])), "a 2.0b1");
    let mut all = ask(&["a"]);
    all.rules.prereleases = Prereleases::Allow;
    assert_eq!(chosen(&index, &all), "a 2.0b1");
    let mut none = ask(&["b"]);
    none.rules.prereleases = Prereleases::Disallow;
    let conflict = conflict(&index, &none);
    assert_eq!(
        conflict.absences[0].excluded[0].1.to_string(),
        "a pre-release"
    );
}

#[test]
fn extras_bring_what_they_add_at_the_same_version() {
    let index = index(&[
        ("a", "1.0", &["c", "b ; extra == 'more'"]),
        ("a", "2.0", &["c", "b>1 ; extra == 'more'"]),
        ("b", "1.0", &[]),
        ("c", "1.0", &[]),
    ]);
    assert_eq!(chosen(&index, &ask(&["a"])), "a 2.0, c 1.0");
    assert_eq!(chosen(&index, &ask(&["a[more]"])), "a 1.0, b 1.0, c 1.0");
    assert_eq!(chosen(&index, &ask(&["a[unheard-of]"])), "a 2.0, c 1.0");
}

#[test]
fn what_an_old_lock_has_stays_unless_it_cannot() {
    let index = index(&[("a", "1.0", &[]), ("a", "2.0", &[]), ("a", "3.0", &[])]);
    let mut locked = ask(&["a"]);
    locked
        .preferences
        .insert("a".parse().unwrap(), "2.0".parse().unwrap());
    assert_eq!(chosen(&index, &locked), "a 2.0");
    locked.roots = roots(&["a>2"]);
    assert_eq!(chosen(&index, &locked), "a 3.0");
    locked.roots = roots(&["a<2"]);
    assert_eq!(chosen(&index, &locked), "a 1.0");
}

#[test]
fn the_oldest_can_be_asked_for() {
    let index = index(&[
        ("a", "1.0", &["b"]),
        ("a", "2.0", &["b"]),
        ("b", "1.0", &[]),
        ("b", "2.0", &[]),
    ]);
    let mut lowest = ask(&["a"]);
    lowest.rules.strategy = Strategy::Lowest;
    assert_eq!(chosen(&index, &lowest), "a 1.0, b 1.0");
    lowest.rules.strategy = Strategy::LowestDirect;
    assert_eq!(chosen(&index, &lowest), "a 1.0, b 2.0");
}

#[test]
fn what_is_given_is_not_looked_at_and_not_moved() {
    let index = index(&[
        ("a", "1.0", &["b>=1"]),
        ("b", "2.0", &["c"]),
        ("b", "1.5", &["c"]),
        ("c", "1.0", &[]),
    ]);
    let given = |kind| Given {
        version: "1.5".parse().unwrap(),
        asker: Asker(7),
        kind,
    };
    let mut provided = ask(&["a"]);
    provided
        .given
        .insert("b".parse().unwrap(), given(GivenKind::Provided));
    assert_eq!(chosen(&index, &provided), "a 1.0, b 1.5 (given)");
    let mut pinned = ask(&["a"]);
    pinned
        .given
        .insert("b".parse().unwrap(), given(GivenKind::Pinned));
    assert_eq!(chosen(&index, &pinned), "a 1.0, b 1.5, c 1.0");

    provided.roots = roots(&["a", "b>=2"]);
    let conflict = conflict(&index, &provided);
    assert_eq!(conflict.contested, ["b".parse().unwrap()]);
    let said = |verb| conflict.facts.iter().find(|fact| fact.verb == verb);
    assert_eq!(
        said(Verb::Provides).unwrap().subject,
        Subject::Asker(Asker(7))
    );
    assert_eq!(said(Verb::Needs).unwrap().text, ">=2");
}

#[test]
fn constraints_overrides_and_exclusions() {
    let index = index(&[
        ("a", "1.0", &["b>=2", "c"]),
        ("b", "1.0", &[]),
        ("b", "2.0", &[]),
        ("b", "3.0", &[]),
        ("c", "1.0", &["unknown-to-all"]),
    ]);
    let mut asked = ask(&["a"]);
    asked.exclusions.insert("c".parse().unwrap());
    assert_eq!(chosen(&index, &asked), "a 1.0, b 3.0");
    asked.constraints = roots(&["b<3", "never-needed==7"]);
    assert_eq!(chosen(&index, &asked), "a 1.0, b 2.0");
    asked.constraints.clear();
    asked.overrides = roots(&["b==1.0"]);
    assert_eq!(chosen(&index, &asked), "a 1.0, b 1.0");
}

#[test]
fn who_holds_a_package_back_is_told() {
    let index = index(&[("a", "1.0", &["b<2"]), ("b", "1.0", &[]), ("b", "2.0", &[])]);
    let solution = solution(&index, &ask(&["a", "b"]));
    let held = solution
        .get(&"b".parse().unwrap())
        .unwrap()
        .held_back
        .as_ref()
        .unwrap();
    assert_eq!(held.0.to_string(), "2.0");
    assert_eq!(held.1.len(), 1);
    assert_eq!(held.1[0].from.text(&|_| String::new()), "a 1.0");
}

#[test]
fn an_unknown_package_is_a_fact() {
    let index = index(&[("a", "1.0", &["nowhere"])]);
    let conflict = conflict(&index, &ask(&["a"]));
    assert_eq!(conflict.contested, ["nowhere".parse().unwrap()]);
    assert!(!conflict.absences[0].exists);
    assert_eq!(conflict.facts[0].object.as_str(), "nowhere");
}

#[test]
fn many_versions_that_say_alike_are_one_fact() {
    let index = index(&[
        ("boto", "1.0", &["core>=1.0,<1.1"]),
        ("boto", "1.1", &["core>=1.1,<1.2"]),
        ("boto", "1.2", &["core>=1.2,<1.3"]),
        ("core", "0.9", &[]),
        ("core", "1.0", &[]),
        ("core", "1.1", &[]),
        ("core", "1.2", &[]),
    ]);
    let conflict = conflict(&index, &ask(&["boto", "core<1"]));
    let facts: Vec<String> = conflict
        .facts
        .iter()
        .map(|fact| {
            format!(
                "{:?} {:?} {} {}",
                fact.subject, fact.verb, fact.object, fact.text
            )
        })
        .collect();
    insta::assert_snapshot!(facts.join("\n"), @r#"
    Asker(Asker(1)) Needs core <1
    Package("boto", [1.0, 1.1, 1.2]) Needs core 1.0 to 1.2, each its own range
    Asker(Asker(0)) Needs boto any version
    "#);
}
