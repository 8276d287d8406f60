//! What is kept between runs, where runs end early, overlap, or have no room.
//!
//! Each run is another process: this test binary again, told through its input what to do ([`other_run`]).

use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pypi::{DistributionName, Index as _, MetadataAnswer, Timestamp};
use pypi_client::{Client, IndexSource, Options};
use tempfile::TempDir;

use crate::server::{Request, Server, Wire, hang, say};

/// How many projects the index of these tests has.
const PROJECTS: usize = 12;

fn project(number: usize) -> String {
    format!("project-{number}")
}

/// An index of projects with one wheel each, whose metadata lies beside it.
fn index(request: &Request, wire: &mut dyn Wire) -> io::Result<()> {
    let parts: Vec<&str> = request.target.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["simple", name] => {
            let file = name.replace('-', "_");
            let page = format!(
                "<a href=\"/files/{file}-1.0-py3-none-any.whl\" data-core-metadata=\"true\">{file}-1.0-py3-none-any.whl</a>"
            );
            say(wire, 200, &["Content-Type: text/html"], page.as_bytes())
        }
        ["files", file] => {
            let name = file.split('-').next().unwrap_or_default();
            let metadata =
                format!("Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nRequires-Dist: leaf\n");
            say(wire, 200, &[], metadata.as_bytes())
        }
        _ => say(wire, 404, &[], b""),
    }
}

fn client(origin: &str, cache: &Path) -> Client {
    let mut options = Options::new(Timestamp::from_microseconds(0).expect("1970"));
    options.indexes = vec![IndexSource::new(format!("{origin}/simple"))];
    options.cache = Some(cache.to_owned());
    Client::open(options).expect("an index")
}

/// Asks for every project and what its wheel needs.
fn ask(client: &Client) {
    for number in 0..PROJECTS {
        let name: DistributionName = project(number).parse().expect("a name");
        let project = client
            .project(&name)
            .expect("an answer")
            .expect("it exists");
        let file = project.files(0).next().expect("a wheel").id();
        match client.metadata(&project, file).expect("an answer") {
            MetadataAnswer::Known(metadata) => assert_eq!(metadata.requirements().count(), 1),
            MetadataAnswer::Unusable(reason) => panic!("{reason}"),
        }
    }
}

/// Asks with what other runs left behind: how many requests that took, and what is to be told.
fn ask_again(server: &Server, cache: &Path) -> (u64, Vec<String>) {
    let client = client(&server.origin(), cache);
    ask(&client);
    (client.statistics().requests, client.warnings())
}

/// Not a test by itself: the other process of those below. Its input is an index and a folder.
#[test]
#[ignore = "it is run by the tests of this file, as another process"]
fn other_run() {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input).expect("two lines");
    let (origin, cache) = input.split_once('\n').expect("two lines");
    let client = client(origin, Path::new(cache));
    ask(&client);
    // The words are read by who started this.
    println!("warnings: {}", client.warnings().join("; "));
}

/// Starts [`other_run`], perhaps through a shell that limits it first.
fn start(server: &Server, cache: &Path, limits: Option<&str>) -> Child {
    let program = std::env::current_exe().expect("this test");
    let arguments = ["--exact", "cache::other_run", "--ignored", "--nocapture"];
    let mut command = match limits {
        None => Command::new(program),
        Some(limits) => {
            let mut shell = Command::new("sh");
            shell
                .arg("-c")
                .arg(format!("{limits}; exec \"$0\" \"$@\""))
                .arg(program);
            shell
        }
    };
    let mut child = command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a process");
    let mut input = child.stdin.take().expect("it is piped");
    write!(input, "{}\n{}", server.origin(), cache.display()).expect("it listens");
    child
}

/// What a run said, which must have ended well.
fn finish(child: Child) -> String {
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    text
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn what_one_run_learnt_the_next_knows() {
    let (server, cache) = (Server::new(index), folder());
    let said = finish(start(&server, cache.path(), None));
    assert!(said.contains("warnings: \n"), "{said}");
    assert_eq!(server.requests().len(), 2 * PROJECTS);
    assert_eq!(ask_again(&server, cache.path()), (0, Vec::new()));
}

#[test]
fn runs_at_the_same_time_do_not_disturb_each_other() {
    let (server, cache) = (Server::new(index), folder());
    let runs: Vec<Child> = (0..4).map(|_| start(&server, cache.path(), None)).collect();
    for run in runs {
        let said = finish(run);
        assert!(said.contains("warnings: \n"), "{said}");
    }
    assert_eq!(ask_again(&server, cache.path()), (0, Vec::new()));
}

/// A run is killed in the middle, when some answers are kept and others are under way. The next one takes what is
/// whole, and asks for the rest.
#[test]
fn a_run_that_is_killed_leaves_nothing_broken() {
    let is_killed = Arc::new(AtomicBool::new(false));
    let (over, (reached, is_reached)) = (Arc::clone(&is_killed), std::sync::mpsc::channel());
    let server = Server::new(move |request, wire| {
        let is_last = request.target.contains(&project(PROJECTS - 1));
        if is_last && !over.load(Ordering::SeqCst) {
            let _ = reached.send(());
            return hang(wire);
        }
        index(request, wire)
    });
    let cache = folder();
    let mut run = start(&server, cache.path(), None);
    is_reached.recv().expect("it gets there");
    run.kill().expect("it runs");
    run.wait().expect("it ends");
    is_killed.store(true, Ordering::SeqCst);

    let (requests, warnings) = ask_again(&server, cache.path());
    let all = 2 * PROJECTS as u64;
    assert!((2..all).contains(&requests), "{requests} of {all}");
    assert_eq!(warnings, Vec::<String>::new());
    assert_eq!(ask_again(&server, cache.path()).0, 0);
}

/// The disk is full, as far as a test can have it: no file may grow. The work goes on, and somebody is told why it will
/// take as long the next time.
#[test]
#[cfg(unix)]
fn a_run_without_room_answers_and_says_so() {
    let (server, cache) = (Server::new(index), folder());
    let said = finish(start(
        &server,
        cache.path(),
        Some("trap '' XFSZ; ulimit -f 0"),
    ));
    let (_, warning) = said.split_once("warnings: ").expect("it is printed");
    let warning = warning.lines().next().unwrap_or_default();
    assert!(
        warning.starts_with("the cache cannot be used, so this takes longer: cannot write `"),
        "{said}"
    );
    let again = ask_again(&server, cache.path());
    assert_eq!(again, (2 * PROJECTS as u64, Vec::new()));
}

/// Whatever happens to an entry's bytes, the answer is right: it is asked for again.
#[test]
fn damaged_entries_are_asked_for_again() {
    let (server, cache) = (Server::new(index), folder());
    assert_eq!(ask_again(&server, cache.path()).0, 2 * PROJECTS as u64);
    let entries = entries(cache.path());
    assert_eq!(entries.len(), 2 * PROJECTS);
    for (number, entry) in entries.iter().enumerate() {
        let mut bytes = std::fs::read(entry).expect("an entry");
        match number % 3 {
            0 => bytes.truncate(bytes.len() / 2),
            1 => bytes.clear(),
            _ => {
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
            }
        }
        #[expect(clippy::disallowed_methods, reason = "the damage")]
        std::fs::write(entry, bytes).expect("an entry");
    }
    let (requests, warnings) = ask_again(&server, cache.path());
    assert_eq!(requests, 2 * PROJECTS as u64);
    assert_eq!(warnings.len(), 2 * PROJECTS, "{warnings:?}");
    assert!(
        warnings
            .iter()
            .all(|warning| warning.contains("is damaged and was dropped")),
        "{warnings:?}"
    );
    assert_eq!(ask_again(&server, cache.path()), (0, Vec::new()));
}

/// The files below a folder.
fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let list = if entry.path().is_dir() {
                &mut folders
            } else {
                &mut files
            };
            list.push(entry.path());
        }
    }
    files
}
