//! What every client of the outside needs before its first request: whom to believe, through whom to ask, where hosts
//! are, who to be, and what it means when a request fails.
//!
//! Nothing here knows what is asked for. Clients add their own words, limits and tries; the environment and the files of
//! the user are read by the program and come in as values.

mod failure;
mod hosts;
mod netrc;
mod proxies;
mod secret;
#[cfg(feature = "stand-in")]
pub mod stand_in;
mod trust;

pub use failure::{Failure, SetupError, cause, line};
pub use netrc::{Netrc, NetrcError};
pub use proxies::Proxies;
pub use secret::{Login, Secret, shown, take_user_part};
pub use trust::Trust;

/// A builder of a client that believes these authorities, asks through these proxies, and looks each host up once.
///
/// Nothing that the transport would find in the environment by itself is used.
///
/// # Errors
/// [`SetupError`], where certificates cannot be used or a proxy's address is none.
pub fn builder(trust: &Trust, proxies: &Proxies) -> Result<reqwest::ClientBuilder, SetupError> {
    let mut builder = reqwest::Client::builder()
        .retry(reqwest::retry::never())
        .dns_resolver(hosts::Hosts::default())
        .tls_backend_preconfigured(trust::config(trust)?)
        .no_proxy();
    for proxy in proxies.all()? {
        builder = builder.proxy(proxy);
    }
    Ok(builder)
}
