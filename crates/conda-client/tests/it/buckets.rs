//! Channels in buckets that want a signature.
//!
//! Most here is asked of a server that only looks at what it is sent; those tests that are ignored are asked of a stand-in
//! for S3 that checks signatures and rights, which `.ci/channels_in_buckets.py` starts.

use conda_client::{Bucket, Client, Options};

use crate::world::{Manner, World, all, channel, name, open, options, repodata, words};

/// Where the stand-in is, and what its bucket is called.
const ENDPOINT: &str = "AYON_RESOLVE_TEST_S3";

const KEYS: &str = r#"{"s3://channel": {"S3Credentials": {"access_key_id": "jo", "secret_access_key": "canary", "session_token": "guest"}}}"#;

fn at(endpoint: &str, credentials: Option<&str>) -> Options {
    let mut options = options(None);
    let bucket = Bucket::new("channel").at(endpoint).expect("an address");
    options.http.buckets = vec![bucket.in_region("eu-central-1")];
    if let Some(credentials) = credentials {
        options
            .http
            .credentials
            .add_file(credentials)
            .expect("a file");
    }
    options
}

#[test]
fn requests_are_signed_with_the_keys_of_the_file_and_show_none() {
    let world = World::with_channel();
    let options = at(&world.server.origin(), Some(KEYS));
    let opened = open(&Client::new(options), &channel("s3://channel")).expect("a channel");
    assert_eq!(all(&opened), ["linux-64/tool-1.0", "noarch/library-2.0"]);
    let tool = &opened[0].records.of(&name("tool")).expect("records")[0];
    assert_eq!(tool.url(), "s3://channel/linux-64/tool-1.0-0.conda");
    for request in world.server.requests() {
        let target = &request.target;
        assert!(
            target.contains("X-Amz-Credential=jo%2F") && target.contains("%2Feu-central-1%2Fs3%2F"),
            "{target}"
        );
        assert!(
            target.contains("X-Amz-Security-Token=guest") && target.contains("X-Amz-Signature="),
            "{target}"
        );
        assert!(!target.contains("canary"), "{target}");
    }
}

#[test]
fn a_bucket_that_refuses_is_told_in_its_words() {
    for (status, code, help) in [
        (
            400,
            "ExpiredToken",
            "the credentials are expired: renew them",
        ),
        (
            403,
            "InvalidAccessKeyId",
            "the credentials are wrong: check them",
        ),
        (
            301,
            "PermanentRedirect",
            "the bucket is in another region: set AWS_REGION",
        ),
        (
            400,
            "AuthorizationHeaderMalformed",
            "the bucket is in another region: set AWS_REGION",
        ),
        (
            403,
            "AccessDenied",
            "the credentials lack the right to read it; without the right to list the bucket that also is \
         the answer to what is not there",
        ),
    ] {
        let world = World::new();
        let body: &'static str =
            Box::leak(format!("<Error><Code>{code}</Code></Error>").into_boxed_str());
        world.set("/channel/linux-64/repodata.json", Manner::Say(status, body));
        world.give("/channel/noarch/repodata.json", &repodata("noarch", &[]));
        let says = words(
            &Client::new(at(&world.server.origin(), Some(KEYS))),
            &channel("s3://channel"),
        );
        assert!(
            says.starts_with("cannot read s3://channel/linux-64: ") && says.ends_with(help),
            "{says}"
        );
        assert!(
            !says.contains("X-Amz") && !says.contains("canary"),
            "{says}"
        );
    }
}

#[test]
fn what_is_not_in_a_bucket_is_missing() {
    let world = World::with_channel();
    world.set(
        "/channel/linux-64/repodata.json",
        Manner::Say(404, "<Error><Code>NoSuchKey</Code></Error>"),
    );
    let opened = open(
        &Client::new(at(&world.server.origin(), Some(KEYS))),
        &channel("s3://channel"),
    )
    .expect("a channel");
    assert!(!opened[0].is_there);
}

/// The address of the stand-in.
fn stand_in() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "the script that starts it says where"
    )]
    std::env::var(ENDPOINT).expect("the address of the stand-in")
}

#[test]
#[ignore = "asks a stand-in for S3: .ci/channels_in_buckets.py"]
fn with_keys_of_the_environment_the_channel_is_read() {
    let cache = tempfile::tempdir().expect("a folder");
    let mut options = at(&stand_in(), None);
    options.cache = Some(cache.path().to_owned());
    let channel = channel("s3://channel/studio");
    let opened = open(&Client::new(options.clone()), &channel).expect("a channel");
    assert_eq!(all(&opened), ["linux-64/tool-1.0", "noarch/library-1.0"]);
    // A second look is answered by `304`, which needs a signature that fits as well.
    options.lifetime = std::time::Duration::ZERO;
    let client = Client::new(options);
    let again = open(&client, &channel).expect("a channel");
    assert_eq!(again[0].state, opened[0].state);
    let statistics = client.statistics();
    assert_eq!(
        (statistics.kept, statistics.asked, statistics.bytes),
        (2, 2, 0)
    );
    let missing = client
        .open(&[channel], &[conda::Platform::OSX_64])
        .expect("a channel");
    assert!(!missing[0][0].is_there);
}

#[test]
#[ignore = "asks a stand-in for S3: .ci/channels_in_buckets.py"]
fn the_environment_of_aws_says_where_a_bucket_is() {
    let opened =
        open(&Client::new(options(None)), &channel("s3://channel/studio")).expect("a channel");
    assert_eq!(all(&opened), ["linux-64/tool-1.0", "noarch/library-1.0"]);
}

#[test]
#[ignore = "asks a stand-in for S3: .ci/channels_in_buckets.py"]
fn without_a_region_it_is_said_what_is_missing() {
    let says = words(&Client::new(options(None)), &channel("s3://channel/studio"));
    assert!(
        says.contains("the request cannot be signed: ") && says.contains("AWS_REGION"),
        "{says}"
    );
}

#[test]
#[ignore = "asks a stand-in for S3: .ci/channels_in_buckets.py"]
fn without_keys_it_is_said_where_to_put_some() {
    let says = words(
        &Client::new(at(&stand_in(), None)),
        &channel("s3://channel/studio"),
    );
    assert!(
        says.contains("the request cannot be signed: ") && says.contains("AWS_ACCESS_KEY_ID"),
        "{says}"
    );
}

#[test]
#[ignore = "asks a stand-in for S3: .ci/channels_in_buckets.py"]
fn keys_that_nobody_knows_are_refused() {
    let says = words(
        &Client::new(at(&stand_in(), Some(KEYS))),
        &channel("s3://channel/studio"),
    );
    assert!(
        says.contains("(403 InvalidAccessKeyId); the credentials are wrong: check them"),
        "{says}"
    );
}

#[test]
#[ignore = "asks a stand-in for S3: .ci/channels_in_buckets.py"]
fn keys_with_a_wrong_secret_are_refused() {
    let says = words(
        &Client::new(at(&stand_in(), None)),
        &channel("s3://channel/studio"),
    );
    assert!(
        says.contains("(403 SignatureDoesNotMatch); the credentials are wrong: check them"),
        "{says}"
    );
}

#[test]
#[ignore = "asks a stand-in for S3: .ci/channels_in_buckets.py"]
fn a_bucket_in_another_region_is_told() {
    let bucket = Bucket::new("channel").at(&stand_in()).expect("an address");
    let mut options = options(None);
    options.http.buckets = vec![bucket.in_region("us-west-2")];
    let says = words(&Client::new(options), &channel("s3://channel/studio"));
    assert!(
        says.contains(
            "(400 AuthorizationHeaderMalformed); the bucket is in another region: set AWS_REGION"
        ),
        "{says}"
    );
}

#[test]
#[ignore = "asks a stand-in for S3: .ci/channels_in_buckets.py"]
fn keys_that_are_expired_are_refused() {
    let says = words(
        &Client::new(at(&stand_in(), None)),
        &channel("s3://channel/studio"),
    );
    assert!(
        says.contains("(400 ExpiredToken); the credentials are expired: renew them"),
        "{says}"
    );
}

#[test]
#[ignore = "asks a stand-in for S3: .ci/channels_in_buckets.py"]
fn keys_without_the_right_are_refused() {
    let says = words(
        &Client::new(at(&stand_in(), None)),
        &channel("s3://channel/studio"),
    );
    assert!(
        says.contains("(403 AccessDenied); the credentials lack the right to read it"),
        "{says}"
    );
}
