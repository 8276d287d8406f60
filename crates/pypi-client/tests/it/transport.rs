//! Requests to servers that are slow, broken, lying, or not what they seem.

use std::future::Future;
use std::time::Duration;

use pypi_client::http::{Http, HttpError, HttpOptions};
use pypi_client::{Credentials, shown};

mod failures;
mod files;
mod pages;
mod proxies;
mod redirects;
mod secure;
mod stopping;

/// What must not be seen anywhere.
const CANARY: &str = "canary-4711";

/// Limits that a test can wait for, and one repetition.
fn options() -> HttpOptions {
    HttpOptions {
        connect_timeout: Duration::from_secs(5),
        read_timeout: Duration::from_secs(5),
        timeout: Duration::from_secs(5),
        retries: 1,
        ..HttpOptions::default()
    }
}

/// Limits for servers that do not answer.
fn hasty() -> HttpOptions {
    HttpOptions {
        read_timeout: Duration::from_millis(400),
        timeout: Duration::from_secs(1),
        retries: 1,
        ..options()
    }
}

/// The login of an address with a user part, and the address without it.
fn introduced(url: &str) -> (Credentials, String) {
    let mut credentials = Credentials::default();
    let clean = credentials.add_index(url, None, &|_| None);
    (credentials, clean.expect("an address"))
}

/// Asks, on a runtime as the client has it.
fn run<T>(options: HttpOptions, ask: impl AsyncFnOnce(Http) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let answer = runtime.block_on(async {
        let http = Http::new(options).expect("authorities and proxies");
        ask(http).await
    });
    runtime.shutdown_background();
    answer
}

/// The words of an error, which is one line about this address and has no secret.
fn words(error: &HttpError, url: &str) -> String {
    let text = error.to_string();
    assert_eq!(error.url(), shown(url), "{text}");
    assert!(!format!("{text}{error:?}").contains(CANARY), "{error:?}");
    assert!(!text.contains('\n'), "{text}");
    let words = text.strip_prefix(&format!("cannot read {}: ", shown(url)));
    words.expect("it starts with the address").to_owned()
}

/// A future that can be given to another thread: the client may.
fn is_send<T: Send + Future>(future: T) -> T {
    future
}
