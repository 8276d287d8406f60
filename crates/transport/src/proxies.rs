//! Through whom to ask: the proxies that the user's variables name.

use std::fmt;

use reqwest::{NoProxy, Proxy, Url};

use crate::{Secret, SetupError};

/// Proxies by the scheme of the address that is asked, and the hosts that are asked without.
#[derive(Clone, Default)]
pub struct Proxies {
    /// With the variable each is from. An address may hold a password.
    http: Option<(&'static str, Secret)>,
    https: Option<(&'static str, Secret)>,
    direct: Option<String>,
}

impl Proxies {
    /// From `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in lower case first, as `curl` reads them.
    /// `variable` looks one up.
    pub fn new(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let get = |names: [&'static str; 2]| {
            let found = names
                .into_iter()
                .find_map(|name| Some((name, variable(name)?)));
            found.filter(|(_, text)| !text.trim().is_empty())
        };
        let proxy = |names| {
            get(names)
                .or_else(|| get(["all_proxy", "ALL_PROXY"]))
                .map(|(name, text)| (name, Secret::new(text.trim())))
        };
        Self {
            http: proxy(["http_proxy", "HTTP_PROXY"]),
            https: proxy(["https_proxy", "HTTPS_PROXY"]),
            direct: get(["no_proxy", "NO_PROXY"]).map(|(_, text)| text),
        }
    }

    /// As the transport wants them.
    pub(super) fn all(&self) -> Result<Vec<Proxy>, SetupError> {
        let direct = self.direct.as_deref().and_then(NoProxy::from_string);
        let http = self.http.as_ref().map(|proxy| made(proxy, Proxy::http));
        let https = self.https.as_ref().map(|proxy| made(proxy, Proxy::https));
        http.into_iter()
            .chain(https)
            .map(|proxy| Ok(proxy?.no_proxy(direct.clone())))
            .collect()
    }
}

fn made(
    (variable, address): &(&'static str, Secret),
    make: impl Fn(Url) -> reqwest::Result<Proxy>,
) -> Result<Proxy, SetupError> {
    // The words of both errors are of the URL's grammar and repeat nothing of it.
    let fault = |reason: String| SetupError::ProxyAddress {
        variable: (*variable).to_owned(),
        reason,
    };
    let text = address.expose();
    let text = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let url = Url::parse(&text).map_err(|error| fault(error.to_string()))?;
    if !matches!(
        url.scheme(),
        "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h"
    ) {
        return Err(fault(format!("`{}` is no kind of proxy", url.scheme())));
    }
    make(url).map_err(|_| fault("it cannot be used".to_owned()))
}

impl fmt::Debug for Proxies {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of =
            |proxy: &Option<(&'static str, Secret)>| proxy.as_ref().map(|(variable, _)| *variable);
        formatter
            .debug_struct("Proxies")
            .field("http", &of(&self.http))
            .field("https", &of(&self.https))
            .field("direct", &self.direct)
            .finish()
    }
}
