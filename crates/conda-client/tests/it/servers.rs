//! Channels on a server, and what a server can do to them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use conda_client::{Client, ClientError, Fault, Progress, Tally};
use tempfile::tempdir;

use crate::world::{Manner, World, all, channel, name, open, options, repodata, words};

const LINUX: &str = "/channel/linux-64/repodata.json";
const NOARCH: &str = "/channel/noarch/repodata.json";

fn fault(client: &Client, channel: &conda::Channel) -> Fault {
    match open(client, channel) {
        Err(ClientError::Fetch { fault, .. }) => fault,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was opened"),
    }
}

#[test]
fn a_channel_is_fetched_plain_or_compressed() {
    let world = World::with_channel();
    let client = Client::new(options(None));
    let plain = all(&open(&client, &world.channel()).expect("a channel"));
    assert_eq!(plain, ["linux-64/tool-1.0", "noarch/library-2.0"]);
    assert_eq!(world.asked(), [LINUX, NOARCH]);

    let world = World::with_channel();
    world.give_zst(
        LINUX,
        &repodata("linux-64", &[("tool", "1.5", &["library"])]),
    );
    let opened = open(&Client::new(options(None)), &world.channel()).expect("a channel");
    assert_eq!(all(&opened), ["linux-64/tool-1.5", "noarch/library-2.0"]);
    assert_eq!(world.asked(), [&format!("{LINUX}.zst"), NOARCH]);
    let tool = &opened[0].records.of(&name("tool")).expect("records")[0];
    assert_eq!(
        tool.url(),
        world.server.url("/channel/linux-64/tool-1.5-0.conda")
    );
}

#[test]
fn a_platform_may_be_missing_and_noarch_may_not() {
    let world = World::with_channel();
    world.remove(LINUX);
    let opened = open(&Client::new(options(None)), &world.channel()).expect("a channel");
    assert_eq!(all(&opened), ["noarch/library-2.0"]);
    assert!(!opened[0].is_there);

    world.remove(NOARCH);
    let words = words(&Client::new(options(None)), &world.channel());
    let expected = format!(
        "`{}` is no channel: {0}/ has no `noarch/repodata.json`",
        world.channel()
    );
    assert!(words.starts_with(&expected), "{words}");
}

#[test]
fn what_may_pass_is_tried_again() {
    let world = World::with_channel();
    let text = repodata("linux-64", &[("tool", "1.0", &[])]);
    world.set(LINUX, Manner::Later(503, 2, text.into_bytes()));
    let client = Client::new(options(None));
    assert_eq!(
        all(&open(&client, &world.channel()).expect("a channel")).len(),
        2
    );
    assert_eq!(world.asked(), [LINUX, LINUX, LINUX, NOARCH]);
}

#[test]
fn a_server_that_fails_is_told_as_it_is() {
    for (status, says) in [
        (
            500,
            "the server failed (500); try again, or work from the cache with --offline",
        ),
        (429, "the server is asked too often (429)"),
        (
            418,
            "the server answers 418, which is no answer of a channel",
        ),
        (401, "the server wants credentials (401)"),
        (403, "the server refuses (403)"),
    ] {
        let world = World::with_channel();
        world.set(LINUX, Manner::Say(status, "canary"));
        let words = words(&Client::new(options(None)), &world.channel());
        assert!(
            words.starts_with(&format!("cannot read {}/linux-64: {says}", world.channel())),
            "{words}"
        );
        assert!(!words.contains("canary"), "{words}");
    }
}

#[test]
fn an_answer_that_is_not_whole_is_no_channel() {
    let world = World::with_channel();
    let text = repodata("linux-64", &[("tool", "1.0", &[])]);
    world.set(LINUX, Manner::Cut(text.clone().into_bytes()));
    let client = Client::new(options(None));
    assert!(matches!(fault(&client, &world.channel()), Fault::Broken(_)));
    assert_eq!(
        world.asked().iter().filter(|path| *path == LINUX).count(),
        3,
        "it was tried again"
    );

    // The server believes that half of the file is all of it.
    let world = World::with_channel();
    let compressed = zstd::encode_all(text.as_bytes(), 3).expect("it is compressed");
    world.set(
        &format!("{LINUX}.zst"),
        Manner::Give(compressed[..compressed.len() / 2].to_vec()),
    );
    assert!(matches!(
        fault(&Client::new(options(None)), &world.channel()),
        Fault::Broken(_)
    ));

    let world = World::with_channel();
    world.give(LINUX, &text[..text.len() / 2]);
    let words_plain = words(&Client::new(options(None)), &world.channel());
    assert!(
        words_plain.contains("/linux-64: ") && words_plain.contains("is not whole"),
        "{words_plain}"
    );

    let world = World::with_channel();
    world.give(LINUX, "<html>Sign in to the network of this airport</html>");
    let portal = words(&Client::new(options(None)), &world.channel());
    assert!(portal.contains("is not JSON"), "{portal}");
}

#[test]
fn a_damaged_answer_is_asked_for_again_by_the_next_run() {
    let (world, cache) = (World::with_channel(), tempdir().expect("a folder"));
    world.set_control("max-age=600");
    let whole = repodata("linux-64", &[("tool", "1.0", &[])]);
    world.give(LINUX, &whole[..whole.len() / 2]);
    let mut options = options(Some(cache.path()));
    assert!(words(&Client::new(options.clone()), &world.channel()).contains("is not whole"));
    world.give(LINUX, &whole);
    options.refresh = true;
    assert_eq!(
        all(&open(&Client::new(options), &world.channel()).expect("a channel")).len(),
        2
    );
}

#[test]
fn nobody_there_is_told_as_it_is() {
    // A port that was free a moment ago.
    let gone = channel(&World::new().server.url("/channel"));
    let says = words(&Client::new(options(None)), &gone);
    assert!(
        says.starts_with(&format!("cannot read {gone}/linux-64: ")),
        "{says}"
    );
    assert!(says.contains("--offline"), "{says}");
    let unknown = channel("http://host.invalid/channel");
    assert!(matches!(
        fault(&Client::new(options(None)), &unknown),
        Fault::UnknownHost | Fault::Unreachable(_)
    ));
}

#[test]
fn a_redirect_is_followed_and_not_for_ever() {
    let world = World::with_channel();
    world.set(LINUX, Manner::Redirect("/elsewhere".to_owned()));
    world.give("/elsewhere", &repodata("linux-64", &[("tool", "1.1", &[])]));
    let opened = open(&Client::new(options(None)), &world.channel()).expect("a channel");
    assert_eq!(all(&opened), ["linux-64/tool-1.1", "noarch/library-2.0"]);

    world.set(LINUX, Manner::Redirect(LINUX.to_owned()));
    let fault = fault(&Client::new(options(None)), &world.channel());
    assert_eq!(
        fault.to_string(),
        "it redirects in a circle; check the address"
    );
}

#[test]
fn waiting_ends_when_the_caller_wishes() {
    let world = World::with_channel();
    world.set(LINUX, Manner::Hang);
    let wish = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&wish);
    let mut options = options(None);
    options.http.read_timeout = Duration::from_mins(1);
    options.stop = Arc::new(move || seen.load(Ordering::Relaxed));
    let begin = Instant::now();
    let client = Client::new(options);
    let answer = std::thread::scope(|scope| {
        let opening = scope.spawn(|| open(&client, &world.channel()).map(|_| ()));
        std::thread::sleep(Duration::from_millis(200));
        wish.store(true, Ordering::Relaxed);
        opening.join().expect("a thread")
    });
    drop(client);
    assert!(matches!(answer, Err(ClientError::Stopped)));
    assert!(begin.elapsed() < Duration::from_secs(30));
}

#[test]
fn silence_has_an_end() {
    let world = World::with_channel();
    world.set(LINUX, Manner::Hang);
    let mut options = options(None);
    options.http.read_timeout = Duration::from_millis(100);
    options.http.retries = 1;
    assert_eq!(
        fault(&Client::new(options), &world.channel()),
        Fault::Timeout
    );
}

#[test]
fn a_mirror_is_asked_instead_and_the_channel_is_recorded() {
    let (world, mirror) = (World::new(), World::with_channel());
    let mut options = options(None);
    options
        .http
        .mirrors
        .add(world.channel().url(), &mirror.server.url("/channel"))
        .expect("addresses");
    let opened = open(&Client::new(options), &world.channel()).expect("a channel");
    assert_eq!(all(&opened).len(), 2);
    assert_eq!(world.asked(), Vec::<String>::new());
    let tool = &opened[0].records.of(&name("tool")).expect("records")[0];
    assert_eq!(
        tool.url(),
        world.server.url("/channel/linux-64/tool-1.0-0.conda")
    );
}

#[test]
fn a_mirror_that_fails_gives_way_to_the_next() {
    let (first, second) = (World::new(), World::with_channel());
    for path in [LINUX, NOARCH] {
        first.set(path, Manner::Say(503, ""));
    }
    let channel = channel("https://channel.invalid/channel");
    let mut options = options(None);
    for mirror in [&first, &second] {
        options
            .http
            .mirrors
            .add(channel.url(), &mirror.server.url("/channel"))
            .expect("addresses");
    }
    let opened = open(&Client::new(options), &channel).expect("a channel");
    assert_eq!(all(&opened).len(), 2);
}

#[test]
fn a_bucket_that_anybody_may_read_needs_no_signature() {
    let world = World::with_channel();
    let mut options = options(None);
    let bucket = conda_client::Bucket::new("channel").open();
    options.http.buckets = vec![bucket.at(&world.server.origin()).expect("an address")];
    let channel = channel("s3://channel");
    let opened = open(&Client::new(options.clone()), &channel).expect("a channel");
    assert_eq!(all(&opened), ["linux-64/tool-1.0", "noarch/library-2.0"]);
    let tool = &opened[0].records.of(&name("tool")).expect("records")[0];
    assert_eq!(tool.url(), "s3://channel/linux-64/tool-1.0-0.conda");

    let refusal =
        "<?xml version=\"1.0\"?><Error><Code>ExpiredToken</Code><Message>canary</Message></Error>";
    world.set(LINUX, Manner::Say(400, refusal));
    let says = words(&Client::new(options), &channel);
    assert_eq!(
        says,
        "cannot read s3://channel/linux-64: the bucket refuses (400 ExpiredToken); the credentials are expired: renew them"
    );
}

#[test]
#[cfg(not(feature = "s3"))]
fn a_program_that_cannot_sign_says_so() {
    assert_eq!(
        fault(&Client::new(options(None)), &channel("s3://channel")),
        Fault::NoSignature
    );
}

#[test]
fn progress_is_told() {
    struct Last(std::sync::Mutex<Tally>);
    impl Progress for Last {
        fn fetched(&self, tally: Tally) {
            *self.0.lock().expect("nobody panics") = tally;
        }
    }
    let world = World::with_channel();
    let last = Arc::new(Last(std::sync::Mutex::default()));
    let mut options = options(None);
    options.progress = Arc::clone(&last) as Arc<dyn Progress>;
    open(&Client::new(options), &world.channel()).expect("a channel");
    let tally = *last.0.lock().expect("nobody panics");
    assert_eq!((tally.subdirs, tally.done), (2, 2));
    assert!(tally.bytes > 300, "{tally:?}");
}
