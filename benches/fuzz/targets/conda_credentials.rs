//! The file in which conda's programs keep who somebody is, netrc, and the address of a channel: what is wrong with one is
//! told by its place, and nothing of it is quoted.
#![no_main]

use conda_client::Credentials;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut credentials = Credentials::default();
    if let Err(error) = credentials.add_file(text) {
        let told = error.to_string();
        assert!(!told.contains('\n'));
        let quoted = text.split(|character: char| !character.is_ascii_alphanumeric());
        let words = [
            "file",
            "credentials",
            "column",
            "BearerToken",
            "CondaToken",
            "BasicHTTP",
            "S3Credentials",
            "OAuth",
        ];
        for word in quoted.filter(|word| word.len() > 6 && !words.contains(word)) {
            assert!(!told.contains(word) || is_ours(word), "{told}");
        }
    }
    let _ = credentials.add_netrc(text);
    credentials.add_channel(text);
    assert!(!format!("{credentials:?}").is_empty());
});

/// Whether a word is one of the message's own.
fn is_ours(word: &str) -> bool {
    let mut none = Credentials::default();
    none.add_file("nothing")
        .is_err_and(|error| error.to_string().contains(word))
}
