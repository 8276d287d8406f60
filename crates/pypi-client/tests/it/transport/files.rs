//! Files and parts of them, from servers that give them, do not, or say that they do.

use pypi_client::http::{Expected, FileAnswer, Http, HttpFault, Wanted};
use sha2::{Digest, Sha256};

use super::{options, run, words};
use crate::server::{Request, Server, Wire, begin, hang, say};

const LIMIT: u64 = 1 << 20;

fn content() -> Vec<u8> {
    (0_u32..10_000)
        .map(|i| u8::try_from(i % 251).expect("small"))
        .collect()
}

/// The start and the end of what a request wants.
fn range(request: &Request, total: usize) -> Option<(usize, usize)> {
    let (first, last) = request
        .header("range")?
        .strip_prefix("bytes=")?
        .split_once('-')?;
    let last: usize = last.parse().ok()?;
    Some(match first {
        "" => (total.saturating_sub(last), total),
        first => (first.parse().ok()?, (last + 1).min(total)),
    })
}

/// A server that knows ranges.
fn honest(request: &Request, wire: &mut dyn Wire) -> std::io::Result<()> {
    let content = content();
    assert_eq!(request.header("accept-encoding"), Some("identity"));
    match range(request, content.len()) {
        Some((start, end)) => {
            let header = format!("Content-Range: bytes {start}-{}/{}", end - 1, content.len());
            say(wire, 206, &[&header], &content[start..end])
        }
        None => say(wire, 200, &["Accept-Ranges: bytes"], &content),
    }
}

fn file(server: &Server, wanted: &Wanted) -> FileAnswer {
    let url = server.url("/x.whl");
    run(options(), async |http| http.file(&url, wanted, LIMIT).await).expect("an answer")
}

fn part(start: usize, end: usize) -> FileAnswer {
    FileAnswer::Part {
        bytes: content()[start..end].to_vec(),
        start: start as u64,
        total: 10_000,
    }
}

#[test]
fn parts_are_given() {
    let server = Server::new(honest);
    assert_eq!(file(&server, &Wanted::Suffix(100)), part(9_900, 10_000));
    assert_eq!(file(&server, &Wanted::Suffix(10_000)), part(0, 10_000));
    assert_eq!(file(&server, &Wanted::Suffix(32_768)), part(0, 10_000));
    assert_eq!(file(&server, &Wanted::Bytes(10..20)), part(10, 20));
    assert_eq!(
        file(&server, &Wanted::Bytes(9_990..10_020)),
        part(9_990, 10_000)
    );
    assert_eq!(file(&server, &Wanted::Whole), FileAnswer::Whole(content()));
    let asked: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.header("range").map(str::to_owned))
        .collect();
    assert_eq!(asked[0].as_deref(), Some("bytes=-100"));
    assert_eq!(asked[3].as_deref(), Some("bytes=10-19"));
    assert_eq!(asked[5], None);
}

/// What two questions to one server are answered, and what was asked for them.
fn twice(server: &Server, wanted: &Wanted) -> (Vec<FileAnswer>, Vec<String>) {
    let urls = [server.url("/one.whl"), server.url("/two.whl")];
    let answers = run(options(), async |http| {
        let mut answers = Vec::new();
        for url in &urls {
            answers.push(http.file(url, wanted, LIMIT).await.expect("an answer"));
        }
        answers
    });
    let asked = server.requests().into_iter().map(|request| {
        let range = request.header("range").unwrap_or("all");
        format!("{} {range}", request.method)
    });
    (answers, asked.collect())
}

#[test]
fn a_server_without_ranges_is_asked_for_none_again() {
    let server = Server::new(|_, wire| say(wire, 200, &[], &content()));
    let (answers, asked) = twice(&server, &Wanted::Suffix(100));
    assert_eq!(
        answers,
        [FileAnswer::Whole(content()), FileAnswer::Whole(content())]
    );
    assert_eq!(asked, ["GET bytes=-100", "GET all"]);
}

#[test]
fn a_short_file_says_nothing_about_ranges() {
    let server = Server::new(|_, wire| say(wire, 200, &[], b"PK"));
    let (answers, asked) = twice(&server, &Wanted::Suffix(100));
    assert_eq!(answers[1], FileAnswer::Whole(b"PK".to_vec()));
    assert_eq!(asked, ["GET bytes=-100", "GET bytes=-100"]);
}

#[test]
fn a_server_that_does_not_count_from_the_end_is_asked_for_the_length() {
    let server = Server::new(|request, wire| {
        if request.method == "HEAD" {
            return begin(
                wire,
                200,
                &["Content-Length: 10000", "Accept-Ranges: bytes"],
            );
        }
        if request
            .header("range")
            .is_some_and(|range| range.starts_with("bytes=-"))
        {
            // What of this comes is not waited for.
            begin(
                wire,
                200,
                &["Content-Length: 10000", "Accept-Ranges: bytes"],
            )?;
            return hang(wire);
        }
        honest(request, wire)
    });
    let (answers, asked) = twice(&server, &Wanted::Suffix(100));
    assert_eq!(answers, [part(9_900, 10_000), part(9_900, 10_000)]);
    assert_eq!(
        asked,
        [
            "GET bytes=-100",
            "HEAD all",
            "GET bytes=9900-9999",
            "HEAD all",
            "GET bytes=9900-9999"
        ]
    );
}

#[test]
fn a_part_that_is_not_the_one_wanted_is_not_believed() {
    for lie in [
        "Content-Range: bytes 0-99/10000",
        "Content-Range: bytes 9900-9999/*",
        "Content-Range: bytes 9900-9998/9999",
        "Content-Range: bytes 9901-9999/10000",
        "Content-Range: bytes 9999-9900/10000",
        "Content-Range: bytes 9900-18446744073709551615/10000",
        "Content-Range: lines 9900-9999/10000",
        "Content-Range: bytes x",
        "X-Nothing: 1",
    ] {
        let server = Server::new(move |request, wire| match request.header("range") {
            Some(_) => say(wire, 206, &[lie], &content()[9_900..9_999]),
            None => say(wire, 200, &[], &content()),
        });
        let (answers, asked) = twice(&server, &Wanted::Suffix(100));
        assert_eq!(answers[0], FileAnswer::Whole(content()), "{lie}");
        assert_eq!(asked, ["GET bytes=-100", "GET all", "GET all"], "{lie}");
    }
}

#[test]
fn a_range_that_cannot_be_met_is_a_whole_file() {
    for (status, again) in [
        (416, "GET bytes=-100"),
        (400, "GET all"),
        (405, "GET all"),
        (501, "GET all"),
    ] {
        let server = Server::new(move |request, wire| match request.header("range") {
            Some(_) => say(wire, status, &["Content-Range: bytes */2"], b""),
            None => say(wire, 200, &[], b"PK"),
        });
        let (answers, asked) = twice(&server, &Wanted::Suffix(100));
        assert_eq!(answers[0], FileAnswer::Whole(b"PK".to_vec()));
        assert_eq!(asked[..3], ["GET bytes=-100", "GET all", again], "{status}");
    }
}

#[test]
fn a_file_that_is_not_there_is_an_answer() {
    for status in [404, 410] {
        let server = Server::new(move |_, wire| say(wire, status, &[], b""));
        for wanted in [Wanted::Suffix(100), Wanted::Bytes(0..10), Wanted::Whole] {
            assert_eq!(file(&server, &wanted), FileAnswer::Missing);
        }
        assert_eq!(server.requests().len(), 3);
    }
}

#[test]
fn a_file_is_what_the_index_says() {
    let server = Server::new(honest);
    let url = server.url("/x.whl");
    let hash = format!("{:x}", Sha256::digest(content()));
    let whole = |size: Option<u64>, hashes: &[(&str, &str)]| {
        let hashes = hashes
            .iter()
            .map(|(name, hash)| ((*name).to_owned(), (*hash).to_owned()));
        let expected = Expected {
            size,
            hashes: hashes.collect(),
        };
        run(options(), async |http| {
            http.whole(&url, &expected, LIMIT).await
        })
    };
    let upper = hash.to_uppercase();
    let fine = whole(
        Some(10_000),
        &[("sha256", &hash), ("sha256", &upper), ("md5", "unread")],
    );
    assert_eq!(fine.expect("it is"), FileAnswer::Whole(content()));

    let error = whole(Some(9_999), &[]).expect_err("another size");
    assert_eq!(
        words(&error, &url),
        "the file is not the one that the index names: size is 10000, not 9999; do not use it"
    );
    for algorithm in ["sha256", "sha384", "sha512"] {
        let error = whole(None, &[(algorithm, "00")]).expect_err("another hash");
        assert!(matches!(error.fault(), HttpFault::Mismatch { what, .. } if what == algorithm));
    }
}

#[test]
fn a_file_is_read_up_to_its_limit() {
    let server = Server::new(honest);
    let url = server.url("/x.whl");
    let error = run(options(), async |http| {
        http.file(&url, &Wanted::Whole, 9_999).await
    });
    let error = error.expect_err("it is longer");
    assert_eq!(*error.fault(), HttpFault::TooLarge { limit: 9_999 });
    let fits = run(options(), async |http| {
        http.file(&url, &Wanted::Whole, 10_000).await
    });
    assert_eq!(fits.expect("it fits"), FileAnswer::Whole(content()));
}

/// Seventeen of these are more than there is space for at a time; each has its turn.
#[test]
fn large_files_have_their_turns() {
    const LARGE: usize = 33 << 20;
    let server = Server::new(|_, wire| {
        begin(wire, 200, &[&format!("Content-Length: {LARGE}")])?;
        let block = vec![0; 1 << 20];
        (0..33).try_for_each(|_| wire.write_all(&block))
    });
    let url = server.url("/x.whl");
    let lengths = run(options(), async |http| {
        let ask = |http: Http, url: String| async move {
            let answer = http.file(&url, &Wanted::Whole, 1 << 30).await;
            match answer {
                Ok(FileAnswer::Whole(bytes)) => bytes.len(),
                other => panic!("{other:?}"),
            }
        };
        let questions: Vec<_> = (0..17)
            .map(|_| tokio::spawn(ask(http.clone(), url.clone())))
            .collect();
        let mut lengths = Vec::new();
        for question in questions {
            lengths.push(question.await.expect("it does not panic"));
        }
        lengths
    });
    assert_eq!(lengths, vec![LARGE; 17]);
}
