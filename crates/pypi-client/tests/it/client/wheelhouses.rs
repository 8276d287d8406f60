//! Folders of wheels, and pages of links to them.

use pypi::{Index, Location};

use crate::world::{PLAIN, Shelf, World, needs, open, options, project};

fn shelf() -> Shelf {
    Shelf::of(&[("one", "1.0", &["two"]), ("two", "1.0", &[])])
}

#[test]
fn a_folder_of_wheels_needs_nobody() {
    let (folder, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    shelf().write(folder.path());
    ayon_disk::write_atomic(&folder.path().join("README.txt"), b"wheels").unwrap();
    for _ in 0..2 {
        let mut options = options(&[], Some(cache.path()), 0);
        options.find_links = vec![folder.path().to_str().unwrap().to_owned()];
        let client = open(options);
        assert_eq!(needs(&client, "one"), Ok(vec!["two".to_owned()]));
        assert!(client.project(&"three".parse().unwrap()).unwrap().is_none());
        let one = project(&client, "one");
        let file = one.files(0).next().unwrap();
        let path = folder.path().join("one-1.0-py3-none-any.whl");
        assert_eq!(file.location(), Location::Path(path.to_str().unwrap()));
        let bytes = ayon_disk::read(&path, 1 << 20).unwrap();
        assert_eq!(file.sha256(), Some(crate::world::hash(&bytes)));
        assert_eq!(file.size(), Some(bytes.len() as u64));
        assert!(!client.statistics().fetched);
    }
}

#[test]
fn a_changed_file_is_hashed_again() {
    let (folder, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let hash = || {
        // A moment in the far future: whatever the stamp, it is settled then.
        let mut options = options(&[], Some(cache.path()), 1_000_000_000);
        options.find_links = vec![folder.path().to_str().unwrap().to_owned()];
        project(&open(options), "one")
            .files(0)
            .next()
            .unwrap()
            .sha256()
    };
    shelf().write(folder.path());
    let before = hash();
    assert_eq!(hash(), before);
    Shelf::of(&[("one", "1.0", &["three"])]).write(folder.path());
    assert_ne!(hash(), before);
}

#[test]
fn a_wheelhouse_adds_to_an_index_and_its_own_files_are_meant() {
    let folder = tempfile::tempdir().unwrap();
    Shelf::of(&[("one", "1.0", &["here"]), ("one", "3.0", &[])]).write(folder.path());
    let world = World::new(
        &PLAIN,
        Shelf::of(&[("one", "1.0", &["there"]), ("one", "2.0", &[])]),
    );
    let mut options = options(&[&world], None, 0);
    options.find_links = vec![folder.path().to_str().unwrap().to_owned()];
    let client = open(options);
    let one = project(&client, "one");
    let places: Vec<_> = (0..one.len())
        .map(|position| {
            let files: Vec<_> = one.files(position).collect();
            assert_eq!(files.len(), 1);
            (
                one.version(position).to_string(),
                matches!(files[0].location(), Location::Path(_)),
            )
        })
        .collect();
    assert_eq!(
        places,
        [
            ("1.0".to_owned(), true),
            ("2.0".to_owned(), false),
            ("3.0".to_owned(), true)
        ]
    );
    assert_eq!(world.asked(), ["/simple/one/"]);
}

#[test]
fn offline_a_wheelhouse_is_enough() {
    let folder = tempfile::tempdir().unwrap();
    shelf().write(folder.path());
    let world = World::new(&PLAIN, Shelf::default());
    let mut options = options(&[&world], None, 0);
    options.find_links = vec![folder.path().to_str().unwrap().to_owned()];
    options.offline = true;
    let client = open(options);
    assert_eq!(needs(&client, "one"), Ok(vec!["two".to_owned()]));
    assert!(client.project(&"three".parse().unwrap()).is_err());
    assert!(world.asked().is_empty());
}

#[test]
fn a_folder_can_be_an_index() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["one", "Two_"] {
        ayon_disk::create_dir_all(&folder.path().join(name.trim_end_matches('_'))).unwrap();
    }
    Shelf::of(&[("one", "1.0", &["two"])]).write(&folder.path().join("one"));
    Shelf::of(&[("two", "1.0", &[])]).write(&folder.path().join("Two"));
    let page = "<a href='two-1.0-py3-none-any.whl#sha256=00'>two-1.0-py3-none-any.whl</a>";
    ayon_disk::write_atomic(&folder.path().join("Two/index.html"), page.as_bytes()).unwrap();
    let url = format!("file://{}", folder.path().to_str().unwrap());
    for place in [folder.path().to_str().unwrap(), &url] {
        let mut options = options(&[], None, 0);
        options.indexes = vec![pypi_client::IndexSource::new(place)];
        let client = open(options);
        assert_eq!(needs(&client, "one"), Ok(vec!["two".to_owned()]));
        assert_eq!(needs(&client, "two"), Ok(Vec::new()));
        assert!(client.project(&"three".parse().unwrap()).unwrap().is_none());
        assert!(!client.statistics().fetched);
    }
}

#[test]
fn wheels_where_projects_belong_are_told() {
    let folder = tempfile::tempdir().unwrap();
    shelf().write(folder.path());
    let mut options = options(&[], None, 0);
    options.indexes = vec![pypi_client::IndexSource::new(
        folder.path().to_str().unwrap(),
    )];
    let error = open(options)
        .project(&"one".parse().unwrap())
        .unwrap_err()
        .to_string();
    assert!(error.contains("--find-links"), "{error}");

    let mut options = crate::world::options(&[], None, 0);
    options.find_links = vec![folder.path().join("missing").to_str().unwrap().to_owned()];
    let error = open(options)
        .project(&"one".parse().unwrap())
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("the wheelhouse `") && error.contains("missing"),
        "{error}"
    );
}

#[test]
fn a_page_of_links_is_asked_for_once() {
    let cache = tempfile::tempdir().unwrap();
    let world = World::new(&PLAIN, shelf());
    for run in 0..2 {
        let mut options = options(&[], Some(cache.path()), run);
        options.find_links = vec![world.server.url("/links")];
        let client = open(options);
        assert_eq!(needs(&client, "one"), Ok(vec!["two".to_owned()]));
        assert_eq!(needs(&client, "two"), Ok(Vec::new()));
        assert!(client.project(&"three".parse().unwrap()).unwrap().is_none());
        assert_eq!(client.statistics().fetched, run == 0);
    }
    let pages = world
        .asked()
        .iter()
        .filter(|target| *target == "/links")
        .count();
    assert_eq!((pages, world.asked().len()), (1, 3));
}
