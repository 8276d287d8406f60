//! What is remembered of servers, and what happens where it cannot be.

use std::path::Path;

use conda_client::{Client, Options};
use tempfile::tempdir;

use crate::world::{Manner, NOW, World, all, at, files, open, options, repodata, words, write};

const LINUX: &str = "/channel/linux-64/repodata.json";
const NOARCH: &str = "/channel/noarch/repodata.json";

fn later(cache: &Path, milliseconds: i64) -> Options {
    let mut options = options(Some(cache));
    options.now = at(NOW + milliseconds);
    options
}

#[test]
fn what_is_fresh_is_not_asked_for_again() {
    let (world, cache) = (World::with_channel(), tempdir().expect("a folder"));
    let first = open(&Client::new(later(cache.path(), 0)), &world.channel()).expect("a channel");
    let asked = world.server.requests().len();

    let client = Client::new(later(cache.path(), 9 * 60_000));
    let again = open(&client, &world.channel()).expect("a channel");
    assert_eq!(all(&again), all(&first));
    assert_eq!(again[0].state, first[0].state);
    assert_eq!(world.server.requests().len(), asked);
    let statistics = client.statistics();
    assert_eq!(
        (statistics.kept, statistics.asked, statistics.requests),
        (2, 0, 0)
    );
}

#[test]
fn what_is_old_is_asked_for_and_not_sent_again() {
    let (world, cache) = (World::with_channel(), tempdir().expect("a folder"));
    let first = open(&Client::new(later(cache.path(), 0)), &world.channel()).expect("a channel");
    let client = Client::new(later(cache.path(), 11 * 60_000));
    let again = open(&client, &world.channel()).expect("a channel");
    assert_eq!(again[0].state, first[0].state);
    let statistics = client.statistics();
    assert_eq!((statistics.kept, statistics.asked), (2, 2));
    assert_eq!(
        statistics.bytes, 0,
        "the server answered that nothing changed"
    );

    // Hearing that nothing changed makes it fresh.
    let asked = world.server.requests().len();
    open(
        &Client::new(later(cache.path(), 12 * 60_000)),
        &world.channel(),
    )
    .expect("a channel");
    assert_eq!(world.server.requests().len(), asked);
}

#[test]
fn a_server_can_say_that_it_is_fresh_for_longer() {
    let (world, cache) = (World::with_channel(), tempdir().expect("a folder"));
    world.set_control("public, max-age=3600");
    open(&Client::new(later(cache.path(), 0)), &world.channel()).expect("a channel");
    let asked = world.server.requests().len();
    open(
        &Client::new(later(cache.path(), 59 * 60_000)),
        &world.channel(),
    )
    .expect("a channel");
    assert_eq!(world.server.requests().len(), asked);
}

#[test]
fn what_changed_is_seen() {
    let (world, cache) = (World::with_channel(), tempdir().expect("a folder"));
    let first = open(&Client::new(later(cache.path(), 0)), &world.channel()).expect("a channel");
    world.give(LINUX, &repodata("linux-64", &[("tool", "1.1", &[])]));
    let fresh = open(&Client::new(later(cache.path(), 1000)), &world.channel()).expect("a channel");
    assert_eq!(all(&fresh), all(&first));
    let mut refresh = later(cache.path(), 1000);
    refresh.refresh = true;
    let changed = open(&Client::new(refresh), &world.channel()).expect("a channel");
    assert_eq!(all(&changed), ["linux-64/tool-1.1", "noarch/library-2.0"]);
    assert_ne!(changed[0].state, first[0].state);
    assert_eq!(changed[1].state, first[1].state);

    world.give(LINUX, &repodata("linux-64", &[("tool", "1.2", &[])]));
    let old = open(
        &Client::new(later(cache.path(), 20 * 60_000)),
        &world.channel(),
    )
    .expect("a channel");
    assert_eq!(all(&old), ["linux-64/tool-1.2", "noarch/library-2.0"]);
}

#[test]
fn that_something_is_missing_is_remembered_too() {
    let (world, cache) = (World::with_channel(), tempdir().expect("a folder"));
    world.remove(LINUX);
    open(&Client::new(later(cache.path(), 0)), &world.channel()).expect("a channel");
    let asked = world.server.requests().len();
    let opened =
        open(&Client::new(later(cache.path(), 1000)), &world.channel()).expect("a channel");
    assert_eq!(
        (world.server.requests().len(), opened[0].is_there),
        (asked, false)
    );
}

#[test]
fn offline_is_answered_from_the_cache_at_any_age() {
    let (world, cache) = (World::with_channel(), tempdir().expect("a folder"));
    let first = open(&Client::new(later(cache.path(), 0)), &world.channel()).expect("a channel");
    let asked = world.server.requests().len();
    let mut offline = later(cache.path(), 1_000_000_000);
    offline.offline = true;
    let again = open(&Client::new(offline.clone()), &world.channel()).expect("a channel");
    assert_eq!(all(&again), all(&first));

    // The packed records are gone, and the repodata is still there.
    std::fs::read_dir(cache.path())
        .expect("a folder")
        .flatten()
        .filter(|entry| !entry.file_name().to_string_lossy().contains("repodata"))
        .for_each(|entry| remove(&entry.path()));
    let again = open(&Client::new(offline.clone()), &world.channel()).expect("a channel");
    assert_eq!(all(&again), all(&first));
    assert_eq!(world.server.requests().len(), asked);

    offline.cache = Some(cache.path().join("other"));
    let says = words(&Client::new(offline.clone()), &world.channel());
    let expected = "/linux-64: offline, and it is not in the cache; run once without --offline";
    assert!(says.ends_with(expected), "{says}");
    offline.cache = None;
    assert!(words(&Client::new(offline), &world.channel()).ends_with(expected));
    assert_eq!(world.server.requests().len(), asked);
}

#[test]
fn a_cache_that_cannot_be_written_is_told_and_does_without() {
    let (world, folder) = (World::with_channel(), tempdir().expect("a folder"));
    // A file is where the folder should be: nobody can write below it, whatever his rights.
    let cache = folder.path().join("cache");
    write(&cache, b"");
    let client = Client::new(later(&cache, 0));
    let opened = open(&client, &world.channel()).expect("a channel");
    assert_eq!(all(&opened), ["linux-64/tool-1.0", "noarch/library-2.0"]);
    let warnings = client.warnings();
    assert!(
        warnings
            .iter()
            .any(|warning| warning.starts_with("the cache cannot be used")),
        "{warnings:?}"
    );
    assert_eq!(std::fs::read(&cache).expect("a file"), b"");
}

#[test]
fn a_damaged_cache_is_made_again() {
    let (world, cache) = (World::with_channel(), tempdir().expect("a folder"));
    let first = open(&Client::new(later(cache.path(), 0)), &world.channel()).expect("a channel");
    let mut damaged = 0;
    for path in files(cache.path()) {
        let bytes = std::fs::read(&path).expect("a file");
        if path.extension().is_none_or(|extension| extension != "lock") {
            write(&path, &bytes[..bytes.len() / 2]);
            damaged += 1;
        }
    }
    assert!(damaged > 4, "there is something to damage");
    let again = open(&Client::new(later(cache.path(), 1000)), &world.channel()).expect("a channel");
    assert_eq!(all(&again), all(&first));
}

#[test]
fn many_at_once_share_one_cache() {
    let (world, cache) = (World::with_channel(), tempdir().expect("a folder"));
    world.give_zst(
        LINUX,
        &repodata("linux-64", &[("tool", "1.0", &["library"])]),
    );
    let expected = ["linux-64/tool-1.0", "noarch/library-2.0"];
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let client = Client::new(later(cache.path(), 0));
                assert_eq!(
                    all(&open(&client, &world.channel()).expect("a channel")),
                    expected
                );
                assert!(client.warnings().is_empty());
            });
        }
    });
    let mut offline = later(cache.path(), 0);
    offline.offline = true;
    assert_eq!(
        all(&open(&Client::new(offline), &world.channel()).expect("a channel")),
        expected
    );
}

/// No file can have more than some kilobytes: so a full disk looks to who writes, whatever his rights.
#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_nothing_half_written_is_left() {
    let (world, cache) = (World::new(), tempdir().expect("a folder"));
    let names: Vec<String> = (0..500).map(|number| format!("package-{number}")).collect();
    let packages: Vec<_> = names
        .iter()
        .map(|name| (name.as_str(), "1.0", &[][..]))
        .collect();
    world.give(LINUX, &repodata("linux-64", &packages));
    world.give(NOARCH, &repodata("noarch", &[]));
    let mut command = std::process::Command::new("sh");
    // A write that goes beyond the limit would end the process by a signal.
    command.args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\""]);
    command.arg(std::env::current_exe().expect("this program"));
    command.args(["--ignored", "--exact", "cache::on_a_full_disk"]);
    command
        .env(TOLD[0], world.channel().url())
        .env(TOLD[1], cache.path());
    let output = command.output().expect("a process");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );

    // Where there is space again, the same cache serves.
    let client = Client::new(later(cache.path(), 0));
    let opened = open(&client, &world.channel()).expect("a channel");
    assert_eq!(all(&opened).len(), 500);
    assert!(client.warnings().is_empty());
}

#[cfg(unix)]
#[test]
#[ignore = "a_full_disk_is_told_and_nothing_half_written_is_left runs it"]
fn on_a_full_disk() {
    let [address, cache] = told();
    let client = Client::new(later(Path::new(&cache), 0));
    let says = words(&client, &crate::world::channel(&address));
    assert!(
        says.starts_with("there is no place for what channels say: ") && says.contains("TMPDIR"),
        "{says}"
    );
    let warnings = client.warnings();
    assert!(
        warnings
            .iter()
            .any(|warning| warning.starts_with("the cache cannot be used")),
        "{warnings:?}"
    );
}

/// What another process is told: the channel, and the folder of the cache.
const TOLD: [&str; 2] = ["AYON_RESOLVE_TEST_CHANNEL", "AYON_RESOLVE_TEST_CACHE"];

#[test]
fn several_processes_share_one_cache() {
    let (world, cache) = (World::with_channel(), tempdir().expect("a folder"));
    world.give_zst(
        LINUX,
        &repodata("linux-64", &[("tool", "1.0", &["library"])]),
    );
    let another = || {
        let program = std::env::current_exe().expect("this program");
        let mut command = std::process::Command::new(program);
        command.args(["--ignored", "--exact", "cache::another_process"]);
        command
            .env(TOLD[0], world.channel().url())
            .env(TOLD[1], cache.path());
        command.stdout(std::process::Stdio::null());
        command.spawn().expect("a process")
    };
    let processes: Vec<_> = (0..4).map(|_| another()).collect();
    for mut process in processes {
        assert!(process.wait().expect("it ends").success());
    }
}

#[test]
#[ignore = "several_processes_share_one_cache runs it"]
fn another_process() {
    let [address, cache] = told();
    let client = Client::new(later(Path::new(&cache), 0));
    let opened = open(&client, &crate::world::channel(&address)).expect("a channel");
    assert_eq!(all(&opened), ["linux-64/tool-1.0", "noarch/library-2.0"]);
    assert!(client.warnings().is_empty());
}

/// What this process was told.
fn told() -> [String; 2] {
    #[expect(
        clippy::disallowed_methods,
        reason = "so one process of a test tells another"
    )]
    TOLD.map(|name| std::env::var(name).expect(name))
}

#[test]
fn without_the_server_what_is_fresh_still_works_and_what_is_old_is_told() {
    let (world, cache) = (World::with_channel(), tempdir().expect("a folder"));
    open(&Client::new(later(cache.path(), 0)), &world.channel()).expect("a channel");
    for path in [LINUX, NOARCH] {
        world.set(path, Manner::Say(503, ""));
    }
    open(&Client::new(later(cache.path(), 1000)), &world.channel()).expect("a channel");
    let says = words(
        &Client::new(later(cache.path(), 20 * 60_000)),
        &world.channel(),
    );
    assert!(
        says.contains("(503); try again, or work from the cache with --offline"),
        "{says}"
    );
}

fn remove(folder: &Path) {
    for file in files(folder) {
        ayon_disk::remove_file(&file).expect("it is removed");
    }
}
