//! Locks keep others out, tell who waits, and end the wait.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ayon_disk::{Action, FileLock, LockMode};

const LONG: Duration = Duration::from_mins(1);

fn silently(_: &Path) {}

#[test]
fn exclusive_keeps_everybody_out_and_shared_only_exclusive() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lock");
    let take = |mode| FileLock::acquire(&path, mode, Duration::ZERO, silently);

    let exclusive = take(LockMode::Exclusive).unwrap();
    assert!(exclusive.is_held());
    let error = take(LockMode::Shared).unwrap_err();
    assert_eq!(
        (error.action, error.path.as_path()),
        (Action::Lock, path.as_path())
    );
    assert_eq!(error.source.kind(), io::ErrorKind::TimedOut);
    assert!(
        error.to_string().contains("another process still holds it"),
        "{error}"
    );
    drop(exclusive);

    let shared = take(LockMode::Shared).unwrap();
    let second = take(LockMode::Shared).unwrap();
    assert!(take(LockMode::Exclusive).is_err());
    drop((shared, second));
    assert!(take(LockMode::Exclusive).is_ok());
}

#[test]
fn who_waits_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lock");
    let told = AtomicUsize::new(0);
    let count = |waiting: &Path| {
        assert_eq!(waiting, path);
        told.fetch_add(1, Ordering::SeqCst);
    };
    drop(FileLock::acquire(&path, LockMode::Exclusive, LONG, count).unwrap());
    assert_eq!(told.load(Ordering::SeqCst), 0, "nobody holds it");

    let held = FileLock::acquire(&path, LockMode::Exclusive, LONG, silently).unwrap();
    assert!(
        FileLock::acquire(
            &path,
            LockMode::Exclusive,
            Duration::from_millis(600),
            count
        )
        .is_err()
    );
    assert_eq!(told.load(Ordering::SeqCst), 1);

    // The one who waits gets the lock when the other lets go, which happens once it was told to wait.
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| FileLock::acquire(&path, LockMode::Exclusive, LONG, count));
        while told.load(Ordering::SeqCst) < 2 {
            std::thread::yield_now();
        }
        drop(held);
        assert!(waiter.join().unwrap().unwrap().is_held());
    });
}

#[test]
fn a_lock_file_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing/lock");
    let error = FileLock::acquire(&path, LockMode::Shared, LONG, silently).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with(&format!("cannot lock `{}`", path.display())),
        "{error}"
    );
}

/// The variable that makes [`holder`] hold a lock: the file.
const HELD: &str = "AYON_DISK_TEST_LOCK";

/// Not a test by itself: the other process of the next one. It holds the lock until its input ends.
#[test]
fn holder() {
    if let Some(path) = std::env::var_os(HELD) {
        let _lock =
            FileLock::acquire(Path::new(&path), LockMode::Exclusive, LONG, silently).unwrap();
        std::fs::write(Path::new(&path).with_extension("held"), "").unwrap();
        io::copy(&mut io::stdin(), &mut io::sink()).unwrap();
    }
}

#[test]
fn a_lock_holds_between_processes_and_ends_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lock");
    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "lock::holder"])
        .env(HELD, &path)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    while !path.with_extension("held").exists() {
        assert!(
            other.try_wait().unwrap().is_none(),
            "the other process ended without the lock"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(FileLock::acquire(&path, LockMode::Exclusive, Duration::ZERO, silently).is_err());
    other.kill().unwrap();
    other.wait().unwrap();
    assert!(
        FileLock::acquire(&path, LockMode::Exclusive, LONG, silently)
            .unwrap()
            .is_held()
    );
}
