//! Names and passwords, which are sent to one host and shown to nobody.

use std::fmt;

use reqwest::Url;

/// A text that never prints: neither `Debug` nor any error shows it. It has no `Display` on purpose.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// A name and a password. Both are secret: with a token, the name often is the token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// The name.
    pub name: Secret,
    /// The password.
    pub password: Secret,
}

/// An address as messages show it: without user part, query and fragment, all of which may hold secrets. What is no
/// URL is shown without anything before an `@`.
pub fn shown(url: &str) -> String {
    let parsed = Url::parse(url).ok();
    // `jo:secret@host` is a URL too, of the scheme `jo`.
    if let Some(mut url) = parsed.filter(Url::has_host) {
        take_user_part(&mut url);
        url.set_query(None);
        url.set_fragment(None);
        return url.to_string();
    }
    let end = url.find(['?', '#']).unwrap_or(url.len());
    url[..end].rsplit('@').next().unwrap_or_default().to_owned()
}

/// Takes the user part off a URL that has a host.
pub fn take_user_part(url: &mut Url) -> Option<Login> {
    let login = Login {
        name: Secret(decoded(url.username())),
        password: Secret(decoded(url.password().unwrap_or_default())),
    };
    let has_one = !url.username().is_empty() || url.password().is_some();
    // Both fail for URLs without a host only, and these have no user part.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    has_one.then_some(login)
}

/// `%40` and its like in a user part. What decodes to no text stays as it is written.
fn decoded(text: &str) -> String {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let pair = (digit(after.first()), digit(after.get(1)));
        if let (b'%', (Some(high), Some(low))) = (first, pair) {
            // Two hexadecimal digits are one byte.
            bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_without_secrets() {
        assert_eq!(
            shown("https://jo:canary@index.invalid/a/?token=canary#canary"),
            "https://index.invalid/a/"
        );
        assert_eq!(shown("//jo:canary@x/a?canary"), "x/a");
    }

    #[test]
    fn a_secret_never_prints() {
        let login = Login {
            name: Secret::new("canary"),
            password: Secret::new("canary"),
        };
        assert!(!format!("{login:?}").contains("canary"));
    }
}
