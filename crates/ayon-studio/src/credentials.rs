//! Keys and tokens, which are sent to one server and shown to nobody.

use std::fmt;

/// A text that never prints: neither `Debug` nor any error shows it. It has no `Display` on purpose.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one place that sends it.
    #[cfg(feature = "server")]
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// How to introduce oneself to a server. It takes an API key in one header and a login token in another, and answers
/// 401 to the one in the other's (reference `ayon.md` §3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// The key of a service user, sent as `x-api-key`.
    ApiKey(Secret),
    /// A login token, sent as `Authorization: Bearer`.
    Token(Secret),
    /// Either: the launcher keeps both in `AYON_API_KEY`. Sent as a key, and where the server does not know that key,
    /// once more as a token.
    KeyOrToken(Secret),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_prints() {
        let credentials = Credentials::ApiKey(Secret::new("canary-key"));
        assert_eq!(format!("{credentials:?}"), "ApiKey(Secret(…))");
    }
}
