//! Channels in folders.

use conda::Platform;
use conda_client::Client;
use tempfile::tempdir;

use crate::world::{
    BOTH, all, at, channel, folder_channel, name, open, options, repodata, words, write,
};

#[test]
fn a_folder_is_read_and_then_kept() {
    let folder = tempdir().expect("a folder");
    let (channel, cache) = (folder.path().join("channel"), folder.path().join("cache"));
    write(
        &channel.join("linux-64/repodata.json"),
        repodata("linux-64", &[("tool", "1.0", &["library"])]).as_bytes(),
    );
    write(
        &channel.join("noarch/repodata.json"),
        repodata("noarch", &[("library", "2.0", &[])]).as_bytes(),
    );
    let channel = folder_channel(&channel);

    let first = Client::new(options(Some(&cache)));
    let opened = open(&first, &channel).expect("a channel");
    assert_eq!(all(&opened), ["linux-64/tool-1.0", "noarch/library-2.0"]);
    assert_eq!(opened[0].records.channel(), &channel);
    assert_eq!(opened[1].records.platform(), Platform::NOARCH);
    assert_eq!(first.statistics().kept, 0);

    let second = Client::new(options(Some(&cache)));
    let again = open(&second, &channel).expect("a channel");
    assert_eq!(all(&again), all(&opened));
    assert_eq!(again[0].state, opened[0].state);
    assert_eq!(
        (second.statistics().kept, second.statistics().requests),
        (2, 0)
    );
    assert!(second.warnings().is_empty());

    // Another content is another state.
    let path = channel
        .folder()
        .expect("a folder")
        .join("linux-64/repodata.json");
    write(
        &path,
        repodata("linux-64", &[("tool", "1.1", &[])]).as_bytes(),
    );
    let changed = open(&Client::new(options(Some(&cache))), &channel).expect("a channel");
    assert_eq!(all(&changed), ["linux-64/tool-1.1", "noarch/library-2.0"]);
    assert_ne!(changed[0].state, opened[0].state);
}

#[test]
fn what_was_written_a_moment_ago_has_no_state_and_is_not_kept() {
    let folder = tempdir().expect("a folder");
    let (channel, cache) = (folder.path().join("channel"), folder.path().join("cache"));
    write(
        &channel.join("noarch/repodata.json"),
        repodata("noarch", &[("library", "2.0", &[])]).as_bytes(),
    );
    let channel = folder_channel(&channel);
    let mut options = options(Some(&cache));
    // The clock of the caller stands before the writing.
    options.now = at(0);
    for _ in 0..2 {
        let client = Client::new(options.clone());
        let opened = open(&client, &channel).expect("a channel");
        assert_eq!(all(&opened), ["noarch/library-2.0"]);
        assert_eq!(opened[1].state, None);
        assert_eq!(client.statistics().kept, 0);
    }
}

#[test]
fn a_compressed_repodata_counts_where_there_is_no_other() {
    let folder = tempdir().expect("a folder");
    let compressed = |version| {
        let text = repodata("noarch", &[("library", version, &[])]);
        zstd::encode_all(text.as_bytes(), 3).expect("it is compressed")
    };
    write(
        &folder.path().join("noarch/repodata.json.zst"),
        &compressed("3.0"),
    );
    let channel = folder_channel(folder.path());
    let client = Client::new(options(None));
    assert_eq!(
        all(&open(&client, &channel).expect("a channel")),
        ["noarch/library-3.0"]
    );
    write(
        &folder.path().join("noarch/repodata.json"),
        repodata("noarch", &[("library", "2.0", &[])]).as_bytes(),
    );
    assert_eq!(
        all(&open(&client, &channel).expect("a channel")),
        ["noarch/library-2.0"]
    );
}

#[test]
fn a_platform_may_be_missing_and_noarch_may_not() {
    let folder = tempdir().expect("a folder");
    let channel = folder_channel(folder.path());
    let client = Client::new(options(None));
    let place = folder.path().display();
    let expected = format!("`{channel}` is no channel: {place}");
    assert!(
        words(&client, &channel).starts_with(&expected),
        "{}",
        words(&client, &channel)
    );

    write(
        &folder.path().join("linux-64/repodata.json"),
        repodata("linux-64", &[]).as_bytes(),
    );
    assert!(words(&client, &channel).starts_with(&expected));

    let channel = folder_channel(&folder.path().join("other"));
    write(
        &folder.path().join("other/noarch/repodata.json"),
        repodata("noarch", &[("library", "2.0", &[])]).as_bytes(),
    );
    let opened = open(&client, &channel).expect("a channel");
    assert_eq!((opened[0].is_there, opened[1].is_there), (false, true));
    assert!(!opened[0].records.has(&name("library")));
    assert_eq!(all(&opened), ["noarch/library-2.0"]);
}

#[test]
fn broken_repodata_is_named_with_its_place() {
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("noarch/repodata.json");
    let channel = folder_channel(folder.path());
    let whole = repodata("noarch", &[("library", "2.0", &[])]);
    let client = Client::new(options(None));
    for (text, what) in [
        (&whole[..whole.len() / 2], "is not whole"),
        ("", "is not whole"),
        ("<html>Sign in</html>", "is not JSON"),
        ("[1, 2]", "is not a repodata"),
    ] {
        write(&path, text.as_bytes());
        let words = words(&client, &channel);
        assert!(words.contains(what), "{text}: {words}");
        assert!(words.contains("noarch/repodata.json"), "{words}");
    }
}

#[test]
fn a_record_without_depends_is_told_to_who_asks_for_it() {
    let folder = tempdir().expect("a folder");
    let text = repodata("noarch", &[("library", "2.0", &[]), ("tool", "1.0", &[])]).replacen(
        "\"depends\":[],",
        "",
        1,
    );
    write(&folder.path().join("noarch/repodata.json"), text.as_bytes());
    let channel = folder_channel(folder.path());
    let opened = open(&Client::new(options(None)), &channel).expect("a channel");
    assert_eq!(
        opened[1].records.of(&name("tool")).expect("records").len(),
        1
    );
    let error = opened[1]
        .records
        .of(&name("library"))
        .expect_err("it is wrong")
        .to_string();
    assert!(
        error.contains("library-2.0-0.conda") && error.contains("depends"),
        "{error}"
    );
}

#[test]
fn corrections_of_ones_own_are_applied_and_told_apart() {
    let folder = tempdir().expect("a folder");
    let (channel, cache) = (folder.path().join("channel"), folder.path().join("cache"));
    let corrections = folder.path().join("patches");
    write(
        &channel.join("noarch/repodata.json"),
        repodata("noarch", &[("library", "2.0", &["tool"])]).as_bytes(),
    );
    let instructions = r#"{"packages.conda": {"library-2.0-0.conda": {"depends": ["tool >=3"]}}}"#;
    write(
        &corrections.join("noarch/patch_instructions.json"),
        instructions.as_bytes(),
    );
    let channel = folder_channel(&channel);
    let plain = options(Some(&cache));
    let mut patched = plain.clone();
    patched.patches = vec![(channel.clone(), corrections.clone())];
    let needs = |client: &Client| {
        let opened = open(client, &channel).expect("a channel");
        let records = opened[1].records.of(&name("library")).expect("records");
        (records[0].depends().to_vec(), opened[1].state.clone())
    };
    let (own, own_state) = needs(&Client::new(plain));
    let (corrected, state) = needs(&Client::new(patched.clone()));
    assert_eq!(
        (own, corrected),
        (vec!["tool".to_owned()], vec!["tool >=3".to_owned()])
    );
    assert_ne!(state, own_state);

    write(&corrections.join("noarch/patch_instructions.json"), b"{");
    let words = words(&Client::new(patched), &channel);
    assert!(
        words.contains("patch_instructions.json` is not whole"),
        "{words}"
    );
}

#[test]
fn a_copy_is_read_instead_of_its_channel_and_records_have_the_channels_addresses() {
    let folder = tempdir().expect("a folder");
    let text = repodata("noarch", &[("library", "2.0", &[])]);
    write(&folder.path().join("noarch/repodata.json"), text.as_bytes());
    let asked = channel("https://channel.invalid/studio");
    let mut copied = options(None);
    copied.copies = vec![(asked.clone(), folder.path().to_owned())];
    let client = Client::new(copied);
    assert!(client.is_local(&asked));
    let opened = open(&client, &asked).expect("a channel");
    let library = &opened[1].records.of(&name("library")).expect("records")[0];
    assert_eq!(
        library.url(),
        "https://channel.invalid/studio/noarch/library-2.0-0.conda"
    );
    assert_eq!(client.statistics().asked, 0);

    ayon_disk::remove_file(&folder.path().join("noarch/repodata.json")).expect("it is removed");
    let says = words(&client, &asked);
    let place = folder.path().display();
    assert!(
        says.starts_with(&format!("`{asked}` is no channel: {place}")),
        "{says}"
    );
}

#[test]
fn several_channels_come_in_the_order_asked() {
    let folder = tempdir().expect("a folder");
    let channels: Vec<_> = ["b", "a", "c"]
        .iter()
        .map(|which| {
            let text = repodata("noarch", &[(which, "1", &[])]);
            write(
                &folder.path().join(which).join("noarch/repodata.json"),
                text.as_bytes(),
            );
            folder_channel(&folder.path().join(which))
        })
        .collect();
    let opened = Client::new(options(None))
        .open(&channels, &BOTH)
        .expect("channels");
    let names: Vec<_> = opened.iter().flat_map(|subdirs| all(subdirs)).collect();
    assert_eq!(names, ["noarch/b-1", "noarch/a-1", "noarch/c-1"]);
}
