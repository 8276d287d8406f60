//! Channels that answer name by name.

use std::sync::Arc;

use conda::{Ask, Asker, Dialect, Platform, Priority, Records, Root, SolveError, Spec, Target};
use conda_client::{Client, Options};
use rattler_conda_types::{Shard, ShardedRepodata};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::tempdir;

use crate::world::{
    BOTH, Manner, NOW, World, all, at, channel, files, name, open, options, repodata, words, write,
};

/// A package: its name, version and what it needs.
type Package<'p> = (&'p str, &'p str, &'p [&'p str]);

/// Serves a subdirectory name by name, at a path.
fn give_shards(world: &World, path: &str, packages: &[Package<'_>]) {
    let subdir = path.rsplit('/').next().expect("a subdirectory");
    let whole: Value = serde_json::from_str(&repodata(subdir, packages)).expect("a repodata");
    let mut shards = serde_json::Map::new();
    for (package, ..) in packages {
        let files = whole["packages.conda"]
            .as_object()
            .expect("packages")
            .iter();
        let own: serde_json::Map<_, _> = files
            .filter(|(_, record)| record["name"] == **package)
            .map(|(file, record)| (file.clone(), record.clone()))
            .collect();
        let shard: Shard = serde_json::from_value(json!({"packages": {}, "packages.conda": own}))
            .expect("a shard");
        let bytes = compressed(&rmp_serde::to_vec_named(&shard).expect("a shard"));
        let hash = hex(&Sha256::digest(&bytes));
        world.set(
            &format!("{path}/shards/{hash}.msgpack.zst"),
            Manner::Give(bytes),
        );
        shards.insert((*package).to_owned(), Value::String(hash));
    }
    let info = json!({"subdir": subdir, "base_url": "./", "shards_base_url": "./shards/"});
    let index: ShardedRepodata =
        serde_json::from_value(json!({"info": info, "shards": shards})).expect("an index");
    let bytes = compressed(&rmp_serde::to_vec_named(&index).expect("an index"));
    world.set(
        &format!("{path}/repodata_shards.msgpack.zst"),
        Manner::Give(bytes),
    );
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).expect("it is compressed")
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for byte in bytes {
        write!(text, "{byte:02x}").expect("a text");
    }
    text
}

/// `app` needs `library`, which needs `base`; nobody needs `other`.
fn world() -> World {
    let world = World::new();
    give_shards(
        &world,
        "/channel/linux-64",
        &[
            ("app", "1.0", &["library >=2"]),
            ("base", "3.0", &[]),
            ("other", "1", &[]),
        ],
    );
    give_shards(
        &world,
        "/channel/noarch",
        &[("library", "2.0", &["base", "__glibc"])],
    );
    world
}

fn shards_asked(world: &World) -> usize {
    world
        .asked()
        .iter()
        .filter(|path| path.contains("/shards/"))
        .count()
}

fn later(cache: &std::path::Path, milliseconds: i64) -> Options {
    let mut options = options(Some(cache));
    options.now = at(NOW + milliseconds);
    options
}

#[test]
fn a_name_is_fetched_with_all_that_it_can_lead_to() {
    let world = world();
    let client = Client::new(options(None));
    let opened = open(&client, &world.channel()).expect("a channel");
    assert_eq!(shards_asked(&world), 0, "only the indexes");
    assert!(opened[0].records.has(&name("other")) && !opened[0].records.has(&name("library")));
    assert_eq!(opened[0].records.names().len(), 3);

    client
        .prefetch(&[name("app"), name("nobody-has-this")])
        .expect("shards");
    assert_eq!(shards_asked(&world), 3);
    let base = opened[0].records.of(&name("base")).expect("records");
    assert_eq!(
        base[0].url(),
        world.server.url("/channel/linux-64/base-3.0-0.conda")
    );
    assert_eq!(base[0].channel(), &world.channel());
    assert_eq!(
        opened[1]
            .records
            .of(&name("library"))
            .expect("records")
            .len(),
        1
    );
    assert_eq!(opened[1].records.of(&name("base")).expect("none").len(), 0);
    assert_eq!(shards_asked(&world), 3, "all was there");
    assert_eq!(
        all(&opened),
        [
            "linux-64/app-1.0",
            "linux-64/base-3.0",
            "linux-64/other-1",
            "noarch/library-2.0"
        ]
    );
    assert_eq!(shards_asked(&world), 4);
}

#[test]
fn without_an_announcement_the_first_question_fetches_the_same() {
    let world = world();
    let opened = open(&Client::new(options(None)), &world.channel()).expect("a channel");
    assert_eq!(
        opened[0].records.of(&name("app")).expect("records").len(),
        1
    );
    assert_eq!(shards_asked(&world), 3);
}

#[test]
fn shards_are_kept_and_offline_is_answered_from_them() {
    let (world, cache) = (world(), tempdir().expect("a folder"));
    let first = Client::new(later(cache.path(), 0));
    let opened = open(&first, &world.channel()).expect("a channel");
    first.prefetch(&[name("app")]).expect("shards");
    assert!(
        opened[0]
            .state
            .as_ref()
            .is_some_and(|state| state.starts_with("shards ")),
        "{:?}",
        opened[0].state
    );

    let second = Client::new(later(cache.path(), 1000));
    let again = open(&second, &world.channel()).expect("a channel");
    second.prefetch(&[name("app")]).expect("shards");
    assert_eq!(again[0].state, opened[0].state);
    assert_eq!(shards_asked(&world), 3);

    let asked = world.server.requests().len();
    let mut offline = later(cache.path(), 1_000_000_000);
    offline.offline = true;
    let client = Client::new(offline);
    let kept = open(&client, &world.channel()).expect("a channel");
    assert_eq!(kept[0].records.of(&name("app")).expect("records").len(), 1);
    let error = kept[0]
        .records
        .of(&name("other"))
        .expect_err("it was never fetched")
        .to_string();
    assert!(
        error.contains("of other") && error.contains("offline, and it is not in the cache"),
        "{error}"
    );
    assert_eq!(world.server.requests().len(), asked);
}

#[test]
fn a_changed_index_is_seen_and_has_another_state() {
    let (world, cache) = (world(), tempdir().expect("a folder"));
    let first = open(&Client::new(later(cache.path(), 0)), &world.channel()).expect("a channel");
    give_shards(&world, "/channel/linux-64", &[("app", "1.1", &[])]);
    let changed = open(
        &Client::new(later(cache.path(), 20 * 60_000)),
        &world.channel(),
    )
    .expect("a channel");
    assert_eq!(all(&changed), ["linux-64/app-1.1", "noarch/library-2.0"]);
    assert_ne!(changed[0].state, first[0].state);
    assert_eq!(changed[1].state, first[1].state);
}

#[test]
fn a_shard_that_is_not_the_one_of_the_index_is_refused() {
    let world = world();
    let opened = open(&Client::new(options(None)), &world.channel()).expect("a channel");
    let shard = world.shards("/channel/linux-64/shards/");
    for (manner, says) in [
        (
            Manner::Give(compressed(b"another")),
            "not the one that the index names",
        ),
        (Manner::Say(404, ""), "there is none (404)"),
        (Manner::Say(500, ""), "the server failed (500)"),
    ] {
        for path in &shard {
            world.set(path, manner.clone());
        }
        let error = opened[0]
            .records
            .of(&name("app"))
            .expect_err(says)
            .to_string();
        assert!(
            error.contains("/linux-64: its records of app") && error.contains(says),
            "{error}"
        );
    }
}

#[test]
fn a_broken_index_is_told() {
    let world = world();
    world.set(
        "/channel/linux-64/repodata_shards.msgpack.zst",
        Manner::Give(compressed(b"no index")),
    );
    let says = words(&Client::new(options(None)), &world.channel());
    assert!(
        says.contains("/linux-64: the answer is not whole"),
        "{says}"
    );
}

#[test]
fn a_server_with_a_page_for_everything_still_has_its_repodata() {
    let world = World::with_channel();
    for subdir in ["linux-64", "noarch"] {
        let path = format!("/channel/{subdir}/repodata_shards.msgpack.zst");
        world.set(&path, Manner::Give(b"<html>Nothing here</html>".to_vec()));
    }
    let opened = open(&Client::new(options(None)), &world.channel()).expect("a channel");
    assert_eq!(all(&opened), ["linux-64/tool-1.0", "noarch/library-2.0"]);
}

#[test]
fn a_kept_shard_that_is_damaged_is_fetched_again() {
    let (world, cache) = (world(), tempdir().expect("a folder"));
    let first = Client::new(later(cache.path(), 0));
    open(&first, &world.channel()).expect("a channel");
    first.prefetch(&[name("app")]).expect("shards");
    let kept = files(cache.path());
    let shards: Vec<_> = kept
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "msgpack"))
        .collect();
    assert_eq!(shards.len(), 3);
    for path in shards {
        write(path, b"\xc1");
    }
    let second = Client::new(later(cache.path(), 1000));
    let opened = open(&second, &world.channel()).expect("a channel");
    assert_eq!(
        opened[0].records.of(&name("app")).expect("records").len(),
        1
    );
}

#[test]
fn where_only_some_subdirectories_are_sharded_all_are_read() {
    let world = World::with_channel();
    give_shards(&world, "/channel/linux-64", &[("app", "1.0", &["library"])]);
    let opened = open(&Client::new(options(None)), &world.channel()).expect("a channel");
    assert_eq!(all(&opened), ["linux-64/app-1.0", "noarch/library-2.0"]);

    let mut whole = options(None);
    whole.http.sharded = false;
    let opened = open(&Client::new(whole), &world.channel()).expect("a channel");
    assert_eq!(all(&opened), ["linux-64/tool-1.0", "noarch/library-2.0"]);
}

/// Reference 4.2: a channel with 4.1 only, then one with 3.6 and 4.2; 3.6 is asked for.
#[test]
fn strict_priority_holds_on_every_path() {
    let studio: &[Package<'_>] = &[("blender", "4.1.1", &[])];
    let farm: &[Package<'_>] = &[("blender", "3.6.0", &[]), ("blender", "4.2.0", &[])];
    let folder = tempdir().expect("a folder");
    let world = World::new();
    for (which, packages) in [("studio", studio), ("farm", farm)] {
        let text = repodata("noarch", packages);
        write(
            &folder.path().join(which).join("noarch/repodata.json"),
            text.as_bytes(),
        );
        world.give(&format!("/plain/{which}/noarch/repodata.json"), &text);
        world.give(&format!("/zst/{which}/noarch/repodata.json"), "{}");
        world.give_zst(&format!("/zst/{which}/noarch/repodata.json"), &text);
        give_shards(&world, &format!("/shards/{which}/noarch"), packages);
    }
    let folder = folder.path().to_str().expect("a text");
    for place in [
        folder,
        &world.server.url("/plain"),
        &world.server.url("/zst"),
        &world.server.url("/shards"),
    ] {
        let channels = ["studio", "farm"].map(|which| channel(&format!("{place}/{which}")));
        let client = Client::new(options(None));
        let opened = client.open(&channels, &BOTH).expect("channels");
        let solve = |spec: &str, priority| {
            let mut ask = Ask::new(Target::new(Platform::LINUX_64));
            ask.channels = opened
                .iter()
                .map(|subdirs| {
                    subdirs
                        .iter()
                        .map(|subdir| Arc::clone(&subdir.records))
                        .collect()
                })
                .collect::<Vec<Vec<Arc<dyn Records>>>>();
            ask.priority = priority;
            ask.roots = vec![Root {
                spec: Spec::parse(spec, Dialect::Strict).expect("a spec"),
                asker: Asker(0),
            }];
            conda::solve(&ask, &|| false).map(|solution| solution.records[0].version().to_string())
        };
        assert!(
            matches!(
                solve("blender=3.6", Priority::Strict),
                Err(SolveError::Conflict(_))
            ),
            "{place}"
        );
        assert_eq!(
            solve("blender=3.6", Priority::Disabled).expect("a solution"),
            "3.6.0",
            "{place}"
        );
        assert_eq!(
            solve("blender", Priority::Strict).expect("a solution"),
            "4.1.1",
            "{place}"
        );
        assert_eq!(
            solve("blender", Priority::Disabled).expect("a solution"),
            "4.2.0",
            "{place}"
        );
    }
}
