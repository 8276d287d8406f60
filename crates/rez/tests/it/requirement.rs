//! Lists of requirements: the table of rez's own `test_version.py`, as facts.

use std::collections::BTreeSet;

use rez::{Requirement, RequirementList};

fn requirement(text: &str) -> Requirement {
    Requirement::parse(text).unwrap()
}

fn list(texts: &str) -> RequirementList {
    RequirementList::new(texts.split(' ').map(requirement)).unwrap()
}

#[test]
fn lists_are_merged_by_name() {
    for (written, merged) in [
        ("foo", "foo"),
        ("foo bah", "foo bah"),
        ("bah foo", "bah foo"),
        ("foo-4+ foo-4.5", "foo-4.5"),
        ("bah-2.4 foo bah-2.4.1+", "bah-2.4.1+<2.4_ foo"),
        ("foo-2+ !foo-4+", "foo-2+<4"),
        ("!bah-1 !bah-3", "!bah-1|3"),
        ("!bah-5 foo-2.3 !bah-5.6+", "!bah-5+ foo-2.3"),
        ("~bah-4 foo bah<4.2", "bah-4+<4.2 foo"),
        ("~bah !foo bah<4.2", "bah<4.2 !foo"),
        ("~bah-3+ ~bah-5", "~bah-5"),
    ] {
        let ours = list(written);
        let expected: Vec<Requirement> = merged.split(' ').map(requirement).collect();
        assert_eq!(
            ours.iter().collect::<Vec<_>>(),
            expected.iter().collect::<Vec<_>>()
        );
        assert_eq!(ours.to_string(), merged);
        let names = |conflict| -> BTreeSet<&str> {
            let some = expected.iter();
            some.filter(|one| one.is_conflict() == conflict)
                .map(Requirement::name)
                .collect()
        };
        assert_eq!(
            ours.names().map(|name| &**name).collect::<BTreeSet<_>>(),
            names(false)
        );
        assert_eq!(
            ours.conflict_names()
                .map(|name| &**name)
                .collect::<BTreeSet<_>>(),
            names(true)
        );
    }
}

#[test]
fn the_first_two_that_contradict_each_other_are_told() {
    for (written, sofar, new) in [
        ("foo-1 foo-2", "foo-1", "foo-2"),
        ("foo-2 foo-1", "foo-2", "foo-1"),
        ("foo ~bah-5+ bah-2", "~bah-5+", "bah-2"),
        ("foo ~bah-5+ bah-7..12 bah-2", "bah-7..12", "bah-2"),
    ] {
        let conflict = (&requirement(sofar), &requirement(new));
        assert_eq!(list(written).conflict(), Some(conflict), "{written}");
    }
}
