//! Runs that share a cache, that are killed, and that may not write.

use std::process::Stdio;
use std::time::Duration;

use super::house::{Answer, Server};
use super::{STUDIO, lock};
use crate::Place;

fn place() -> Place {
    Place::new()
        .variable("AYON_RESOLVE_PYTHON", "3.11")
        .variable("AYON_RESOLVE_PLATFORM", "linux-64")
        .variable("AYON_RESOLVE_CACHE_DIR", "[folder]/cache")
}

#[test]
fn two_processes_may_share_a_cache() {
    let server = Server::start(STUDIO, &[]);
    let place = place();
    let url = server.url();
    let words = [
        "pypi",
        "lock",
        "ftrack-python-api",
        "requests",
        "--index-url",
        &url,
    ];
    let start = || {
        let mut command = place.command("", &words);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let runs: Vec<_> = (0..4).map(|_| start()).collect();
    let outputs: Vec<_> = runs
        .into_iter()
        .map(|run| run.wait_with_output().unwrap())
        .collect();
    for output in &outputs {
        assert!(output.status.success(), "{output:?}");
        assert_eq!(output.stdout, outputs[0].stdout);
    }
}

#[test]
fn a_run_that_is_killed_leaves_nothing_that_hurts_the_next() {
    let slow = [("/simple/websocket-client/", Answer::Silence)];
    let hanging = Server::start(STUDIO, &slow);
    let place = place().file("pylock.toml", "# what was there\n");
    let url = hanging.url();
    let words = [
        "pypi",
        "lock",
        "ftrack-python-api",
        "-o",
        "pylock.toml",
        "--index-url",
        &url,
    ];
    let mut run = place.command("", &words).spawn().unwrap();
    let patience = 100;
    let is_under_way = || {
        hanging
            .asked()
            .iter()
            .any(|path| path.contains("websocket"))
    };
    for _ in 0..patience {
        if is_under_way() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(is_under_way());
    run.kill().unwrap();
    run.wait().unwrap();
    assert_eq!(place.read("pylock.toml"), "# what was there\n");
    let server = Server::start(STUDIO, &[]);
    let outcome = lock(
        &place,
        &format!(
            "ftrack-python-api -o pylock.toml --index-url {}",
            server.url()
        ),
    );
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(place.read("pylock.toml").contains("websocket-client"));
}

#[test]
fn a_cache_that_cannot_be_written_costs_a_warning() {
    let server = Server::start(STUDIO, &[]);
    // A file stands where the folder should be: nobody can write below it, not even the machine's owner.
    let place = place().file("cache", "in the way");
    let outcome = lock(&place, &format!("clique --index-url {}", server.url()));
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(outcome.stderr.contains("warning: "), "{outcome:?}");
}

#[test]
fn a_damaged_cache_is_made_anew() {
    let server = Server::start(STUDIO, &[]);
    let place = place();
    let words = format!("ftrack-python-api --index-url {}", server.url());
    let first = lock(&place, &words);
    damage(&place.path().join("cache"));
    let second = lock(&place, &words);
    assert_eq!(second.code, Some(0), "{second:?}");
    assert_eq!(second.stdout, first.stdout);
}

/// Turns over the last byte of every file below a folder.
fn damage(folder: &std::path::Path) {
    for entry in ayon_disk::read_dir(folder).unwrap() {
        let path = folder.join(&entry.name);
        if path.is_dir() {
            damage(&path);
            continue;
        }
        let mut bytes = ayon_disk::read(&path, 1 << 20).unwrap();
        if let Some(last) = bytes.last_mut() {
            *last ^= 0xff;
        }
        ayon_disk::write_atomic(&path, &bytes).unwrap();
    }
}
