//! How many requests an answer takes, and what wrong answers come to.

use std::sync::Arc;
use std::time::{Duration, Instant};

use pypi::{
    DistributionName, FileId, Hint, Index, MarkerEnvironment, Memo, Metadata, OperatingSystem,
    Project, Requirement, Scout,
};

use crate::server::{Server, hang};
use crate::world::{Manner, PLAIN, Shelf, World, needs, open, options, project, wheel};

fn shelf() -> Shelf {
    Shelf::of(&[
        ("one", "1.0", &["two>=1"]),
        ("two", "1.5", &[]),
        ("two", "2.0", &["three ; extra == 'x'"]),
    ])
}

/// Goes to the newest wheel of whatever is needed.
struct Newest;

impl Scout for Newest {
    fn best(&self, project: &Project) -> Option<FileId> {
        Some(project.files(project.len().checked_sub(1)?).next()?.id())
    }

    fn next(&self, metadata: &Metadata) -> Vec<(DistributionName, Arc<dyn Scout>)> {
        let environment =
            MarkerEnvironment::new(OperatingSystem::Linux, "x86_64", &"3.11".parse().unwrap());
        let needs = metadata
            .needs(&environment, None, &Memo::default())
            .unwrap();
        let next = |need: Arc<Requirement>| (need.name.clone(), Arc::new(Newest) as Arc<dyn Scout>);
        needs.into_iter().map(next).collect()
    }
}

fn newest() -> Arc<dyn Scout> {
    Arc::new(Newest)
}

#[test]
fn a_package_takes_its_page_and_one_range() {
    let world = World::new(&PLAIN, shelf());
    let client = open(options(&[&world], None, 0));
    assert_eq!(needs(&client, "one"), Ok(vec!["two>=1".to_owned()]));
    assert_eq!(
        needs(&client, "two"),
        Ok(vec!["three ; extra == 'x'".to_owned()])
    );
    // Asked again, nobody is asked again.
    assert_eq!(needs(&client, "two").map(|needs| needs.len()), Ok(1));
    assert_eq!(
        world.asked(),
        [
            "/simple/one/",
            "/files/one-1.0-py3-none-any.whl bytes=-32768",
            "/simple/two/",
            "/files/two-2.0-py3-none-any.whl bytes=-32768",
        ]
    );
    let statistics = client.statistics();
    assert_eq!(
        (
            statistics.requests,
            statistics.pages_fetched,
            statistics.files_fetched
        ),
        (4, 2, 2)
    );
    assert!(statistics.fetched && statistics.bytes > 65_536);
}

#[test]
fn metadata_that_is_advertised_is_taken() {
    for json in [false, true] {
        let manner = Manner {
            json,
            metadata_files: true,
            ..PLAIN
        };
        let world = World::new(&manner, shelf());
        let client = open(options(&[&world], None, 0));
        assert_eq!(needs(&client, "one"), Ok(vec!["two>=1".to_owned()]));
        assert_eq!(
            world.asked(),
            ["/simple/one/", "/files/one-1.0-py3-none-any.whl.metadata"]
        );
    }
}

#[test]
fn metadata_that_is_advertised_and_missing_is_read_from_the_wheel() {
    let world = World::new(
        &Manner {
            metadata_files: true,
            ..PLAIN
        },
        shelf(),
    );
    let client = open(options(&[&world], None, 0));
    project(&client, "one");
    world.change(|manner| manner.metadata_files = false);
    assert_eq!(needs(&client, "one"), Ok(vec!["two>=1".to_owned()]));
    assert_eq!(world.asked().len(), 3);
}

#[test]
fn a_server_without_ranges_gives_the_whole_wheel_which_is_held_against_its_hash() {
    let world = World::new(
        &Manner {
            ranges: false,
            ..PLAIN
        },
        shelf(),
    );
    let client = open(options(&[&world], None, 0));
    assert_eq!(needs(&client, "one"), Ok(vec!["two>=1".to_owned()]));
    assert_eq!(needs(&client, "two").map(|needs| needs.len()), Ok(1));
    // A server that answers a question for the end with everything may know ranges that have a start.
    let wheels = world
        .server
        .requests()
        .iter()
        .filter(|request| request.target.starts_with("/files/one") && request.method == "GET")
        .count();
    assert!(wheels <= 2, "{:?}", world.asked());

    world.rearrange(|shelf| shelf.mistaken.push("one-1.0-py3-none-any.whl".to_owned()));
    let client = open(options(&[&world], None, 0));
    let error = needs(&client, "one").unwrap_err();
    assert!(
        error.contains("one-1.0-py3-none-any.whl") && error.contains("sha256"),
        "{error}"
    );
}

#[test]
fn html_and_json_are_one() {
    let pages: Vec<Vec<u8>> = [false, true]
        .map(|json| {
            let world = World::new(&Manner { json, ..PLAIN }, shelf());
            let client = open(options(&[&world], None, 0));
            let project = project(&client, "two");
            let files = (0..project.len()).flat_map(|position| project.files(position));
            files
                .flat_map(|file| {
                    format!("{} {:?} {:?}\n", file.name(), file.sha256(), file.kind()).into_bytes()
                })
                .collect()
        })
        .into();
    assert_eq!(pages[0], pages[1]);
    assert!(!pages[0].is_empty());
}

#[test]
fn metadata_far_from_the_end_takes_one_range_more() {
    let mut shelf = Shelf::default();
    let mut needs_much = "Metadata-Version: 2.1\nName: big\nVersion: 1\n".to_owned();
    needs_much.push_str(&"Description-Line: something long that nobody reads\n".repeat(2000));
    needs_much.push_str("Requires-Dist: one\n");
    shelf.files.insert(
        "big-1-py3-none-any.whl".to_owned(),
        wheel("big", "1", &needs_much),
    );
    let world = World::new(&PLAIN, shelf);
    let client = open(options(&[&world], None, 0));
    assert_eq!(needs(&client, "big"), Ok(vec!["one".to_owned()]));
    assert_eq!(world.asked().len(), 3, "{:?}", world.asked());
}

#[test]
fn hints_run_ahead_and_are_silent() {
    let world = World::new(&PLAIN, shelf());
    let client = open(options(&[&world], None, 0));
    let scout = newest();
    for name in ["one", "two", "nowhere"] {
        client.expect(Hint::Project {
            name: &name.parse().unwrap(),
            scout: &scout,
        });
    }
    assert_eq!(needs(&client, "two").map(|needs| needs.len()), Ok(1));
    assert_eq!(needs(&client, "one").map(|needs| needs.len()), Ok(1));
    assert!(
        client
            .project(&"nowhere".parse().unwrap())
            .unwrap()
            .is_none()
    );
    let mut asked = world.asked();
    asked.sort();
    assert_eq!(
        asked,
        [
            "/files/one-1.0-py3-none-any.whl bytes=-32768",
            "/files/two-2.0-py3-none-any.whl bytes=-32768",
            "/simple/nowhere/",
            "/simple/one/",
            "/simple/two/",
        ]
    );
}

#[test]
fn bad_metadata_makes_a_file_unusable_with_the_reason() {
    let mut shelf = shelf();
    let wheels = [
        (
            "lines",
            "Metadata-Version: 2.1\nName: lines\nVersion: 1\nRequires-Dist: ][\n".to_owned(),
            "][",
        ),
        (
            "other",
            "Metadata-Version: 2.1\nName: another\nVersion: 1\n".to_owned(),
            "another",
        ),
        (
            "older",
            "Metadata-Version: 2.1\nName: older\nVersion: 0.9\n".to_owned(),
            "0.9",
        ),
    ];
    for (name, text, _) in &wheels {
        shelf
            .files
            .insert(format!("{name}-1-py3-none-any.whl"), wheel(name, "1", text));
    }
    shelf
        .files
        .insert("cut-1-py3-none-any.whl".to_owned(), vec![b'P'; 50_000]);
    let world = World::new(&PLAIN, shelf);
    let client = open(options(&[&world], None, 0));
    for (name, _, words) in &wheels {
        let reason = needs(&client, name).unwrap_err();
        assert!(
            reason.starts_with(&format!("{name}-1-py3-none-any.whl: ")) && reason.contains(words),
            "{reason}"
        );
    }
    assert!(
        needs(&client, "cut")
            .unwrap_err()
            .starts_with("cut-1-py3-none-any.whl: ")
    );
}

#[test]
fn a_file_that_is_gone_has_the_page_asked_for_once_more() {
    let mut shelf = shelf();
    shelf.gone = shelf
        .files
        .keys()
        .filter(|name| name.starts_with("two"))
        .cloned()
        .collect();
    let world = World::new(&PLAIN, shelf);
    let client = open(options(&[&world], None, 0));
    let project = project(&client, "two");
    for position in 0..2 {
        let file = project.files(position).next().unwrap().id();
        let answer = client.metadata(&project, file).unwrap();
        let reason = format!("{answer:?}");
        assert!(reason.contains("does not have it"), "{reason}");
    }
    let pages = world
        .asked()
        .iter()
        .filter(|target| *target == "/simple/two/")
        .count();
    assert_eq!(pages, 2, "{:?}", world.asked());
}

#[test]
fn what_is_no_page_is_an_error_that_names_project_and_address() {
    let server = Server::new(|_, wire| {
        crate::server::say(
            wire,
            200,
            &["Content-Type: text/html"],
            b"<title>Sign in</title>",
        )
    });
    let mut options = options(&[], None, 0);
    options.indexes = vec![pypi_client::IndexSource::new(server.url("/simple/"))];
    let client = open(options);
    let error = client
        .project(&"one".parse().unwrap())
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("no page of one: ") && error.contains(&server.url("/simple/one/")),
        "{error}"
    );
}

#[test]
fn a_scout_goes_on_alone() {
    let world = World::new(&PLAIN, shelf());
    let client = open(options(&[&world], None, 0));
    let (name, scout) = ("one".parse().unwrap(), newest());
    client.expect(Hint::Project {
        name: &name,
        scout: &scout,
    });
    // Nobody asks for `two` here but the metadata of `one`.
    let two = |asked: &[String]| asked.iter().filter(|line| line.contains("two")).count() == 2;
    let start = Instant::now();
    while !two(&world.asked()) {
        let asked = world.asked();
        assert!(start.elapsed() < Duration::from_secs(20), "{asked:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(needs(&client, "two").map(|needs| needs.len()), Ok(1));
    assert_eq!(world.asked().len(), 4, "{:?}", world.asked());
}

#[test]
fn nobody_waits_for_what_nobody_needs() {
    let server = Server::new(|_, wire| hang(wire));
    let mut options = options(&[], None, 0);
    options.indexes = vec![pypi_client::IndexSource::new(server.url("/simple"))];
    let client = open(options);
    let scout = newest();
    for number in 0..60 {
        client.expect(Hint::Project {
            name: &format!("n{number}").parse().unwrap(),
            scout: &scout,
        });
    }
    let start = Instant::now();
    drop(client);
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn who_stops_is_let_go() {
    let server = Server::new(|_, wire| hang(wire));
    let mut options = options(&[], None, 0);
    options.indexes = vec![pypi_client::IndexSource::new(server.url("/simple"))];
    let start = Instant::now();
    options.stop = Arc::new(move || start.elapsed() > Duration::from_millis(200));
    let error = open(options)
        .project(&"one".parse().unwrap())
        .unwrap_err()
        .to_string();
    assert!(error.contains("stop"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(5));
}
