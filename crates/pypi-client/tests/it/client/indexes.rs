//! Several indexes: the first that has a name has it alone.

use pypi::Index;

use crate::world::{Manner, PLAIN, Shelf, World, open, options, project};

#[test]
fn the_first_index_that_has_a_name_has_it_alone() {
    let first = World::new(&PLAIN, Shelf::of(&[("one", "1.0", &[])]));
    let second = World::new(
        &PLAIN,
        Shelf::of(&[("one", "9.0", &[]), ("two", "1.0", &[])]),
    );
    let client = open(options(&[&first, &second], None, 0));
    let one = project(&client, "one");
    assert_eq!((one.len(), one.version(0).to_string().as_str()), (1, "1.0"));
    assert_eq!(one.index(), first.server.url("/simple"));
    assert_eq!(
        project(&client, "two").index(),
        second.server.url("/simple")
    );
    // What the first has is never asked of the second: not even its name gets there.
    assert_eq!(second.asked(), ["/simple/two/"]);
    assert_eq!(
        client.describe(),
        format!(
            "the index {} and the index {}",
            first.server.url("/simple"),
            second.server.url("/simple")
        )
    );
}

#[test]
fn a_pinned_package_is_asked_for_where_it_is_pinned() {
    let first = World::new(&PLAIN, Shelf::of(&[("one", "1.0", &[])]));
    let second = World::new(&PLAIN, Shelf::of(&[("one", "9.0", &[])]));
    let mut options = options(&[&first, &second], None, 0);
    options.indexes[1].packages.insert("one".parse().unwrap());
    options.indexes[1].packages.insert("gone".parse().unwrap());
    let client = open(options);
    assert_eq!(project(&client, "one").version(0).to_string(), "9.0");
    assert!(client.project(&"gone".parse().unwrap()).unwrap().is_none());
    assert!(first.asked().is_empty());
}

#[test]
fn no_permission_is_an_error_and_not_an_absence() {
    for status in [401, 403] {
        let first = World::new(
            &Manner {
                status: Some(status),
                ..PLAIN
            },
            Shelf::default(),
        );
        let second = World::new(&PLAIN, Shelf::of(&[("one", "9.0", &[])]));
        let client = open(options(&[&first, &second], None, 0));
        let error = client
            .project(&"one".parse().unwrap())
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(&status.to_string())
                && error.contains(&first.server.url("/simple/one/")),
            "{error}"
        );
        assert!(second.asked().is_empty());
    }
}

#[test]
fn what_no_index_has_is_nowhere() {
    let world = World::new(&PLAIN, Shelf::default());
    let client = open(options(&[&world], None, 0));
    assert!(client.project(&"one".parse().unwrap()).unwrap().is_none());
    assert_eq!(world.asked(), ["/simple/one/"]);
    let client = open(options(&[], None, 0));
    assert!(client.project(&"one".parse().unwrap()).unwrap().is_none());
    assert_eq!(client.describe(), "no index at all");
}

#[test]
fn what_is_no_place_is_refused_when_it_is_named() {
    for url in ["", "ftp://index.invalid/simple"] {
        let mut options = options(&[], None, 0);
        options.indexes = vec![pypi_client::IndexSource::new(url)];
        assert!(pypi_client::Client::open(options).is_err(), "{url}");
    }
}
