//! What a link says: a file, its place, and a hash behind the `#`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use url::Url;

use super::Fault;
use crate::project::NewLocation;
use crate::wheel_name::{SdistKind, WheelParts};

/// Resolves the links of one page.
pub(super) struct Resolver {
    base: Url,
    /// Scheme and host of the last absolute link that was read in full, `https://files.invalid/`:
    /// the links of a page nearly always share them.
    origin: String,
}

/// A link taken apart.
pub(super) struct Link {
    pub(super) location: NewLocation,
    /// The last part of its path, decoded.
    pub(super) file: String,
    pub(super) hashes: BTreeMap<String, String>,
}

impl Resolver {
    pub(super) fn new(page: &str) -> Result<Self, Fault> {
        let base = Url::parse(page).map_err(|_| Fault::Base)?;
        if base.cannot_be_a_base() {
            return Err(Fault::Base);
        }
        Ok(Resolver {
            base,
            origin: String::new(),
        })
    }

    /// Takes another base, as `<base href>` names it.
    pub(super) fn rebase(&mut self, href: &str) {
        if let Ok(base) = self.base.join(href.trim())
            && !base.cannot_be_a_base()
        {
            self.base = base;
        }
    }

    /// Takes a link apart; nothing if it cannot lead to a file.
    pub(super) fn link(&mut self, href: &str) -> Option<Link> {
        let href = href.trim();
        let (target, fragment) = href.split_once('#').unwrap_or((href, ""));
        if target.is_empty() {
            return None;
        }
        let hashes = hashes(fragment);
        if let Some(path) = target.strip_prefix(&self.origin)
            && !self.origin.is_empty()
            && is_plain(path)
        {
            let file = path.rsplit('/').next().unwrap_or_default();
            return Some(Link {
                location: NewLocation::Url(target.to_owned()),
                file: decoded(file).into_owned(),
                hashes,
            });
        }
        let mut url = self.base.join(target).ok()?;
        let file = decoded(url.path_segments()?.next_back()?).into_owned();
        let location = match url.scheme() {
            "http" | "https" => {
                // Who may read is known from elsewhere, and no URL with a secret is kept.
                url.set_username("").ok()?;
                url.set_password(None).ok()?;
                let origin = &url[..url::Position::BeforePath];
                if self.origin.strip_suffix('/') != Some(origin) {
                    self.origin = format!("{origin}/");
                }
                NewLocation::Url(url.into())
            }
            // A page from a server has no say about files here.
            "file" if self.base.scheme() == "file" => {
                NewLocation::Path(url.to_file_path().ok()?.to_str()?.to_owned())
            }
            _ => return None,
        };
        Some(Link {
            location,
            file,
            hashes,
        })
    }
}

/// Whether a path is what it would be after resolving: plain characters, and no `.` or `..`.
fn is_plain(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~+%!=@".contains(&byte);
    path.bytes().all(plain) && !path.split('/').any(is_dots)
}

/// Whether a part of a path is `.` or `..`, in any of their spellings.
fn is_dots(part: &str) -> bool {
    part.len() <= 6 && matches!(&*decoded(part), "." | "..")
}

/// The digests in `sha256=…` or `md5=…&egg=…`. What has no shape of a digest is none.
fn hashes(fragment: &str) -> BTreeMap<String, String> {
    let pairs = fragment.split('&').filter_map(|pair| pair.split_once('='));
    let hashes = pairs.filter(|(algorithm, digest)| {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        !matches!(*algorithm, "egg" | "subdirectory")
            && !algorithm.is_empty()
            && algorithm.bytes().all(word)
            && !digest.is_empty()
            && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    hashes
        .map(|(algorithm, digest)| (algorithm.to_ascii_lowercase(), digest.to_ascii_lowercase()))
        .collect()
}

/// A part of a path with its `%41` resolved.
fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

/// Whether a file name is that of a distribution, of any project and of any kind that there was.
pub(super) fn is_distribution(file: &str) -> bool {
    const FORMER: [&str; 7] = [".egg", ".exe", ".msi", ".rpm", ".deb", ".dmg", ".tar.Z"];
    WheelParts::split(file).is_ok()
        || SdistKind::of(file).is_some_and(|(stem, _)| stem.contains('-'))
        || FORMER.iter().any(|extension| file.ends_with(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(resolver: &mut Resolver, href: &str) -> Option<String> {
        match resolver.link(href)?.location {
            NewLocation::Url(url) => Some(url),
            NewLocation::Path(path) => Some(format!("path {path}")),
        }
    }

    #[test]
    fn links_are_resolved() {
        let mut resolver = Resolver::new("https://user:secret@index.invalid/simple/a/").unwrap();
        for (href, expected) in [
            (
                "../../f/a-1.zip#sha256=ab",
                "https://index.invalid/f/a-1.zip",
            ),
            (
                "/f/a-1.zip?token=b&c",
                "https://index.invalid/f/a-1.zip?token=b&c",
            ),
            ("//files.invalid/a-1.zip", "https://files.invalid/a-1.zip"),
            (
                "https://files.invalid/x/../a-1.zip",
                "https://files.invalid/a-1.zip",
            ),
            (
                "https://files.invalid/x/%2e%2E/a-1.zip",
                "https://files.invalid/a-1.zip",
            ),
            (
                "https://files.invalid/x/a-1.zip",
                "https://files.invalid/x/a-1.zip",
            ),
            (
                "https://files.invalid/x y/a-1.zip",
                "https://files.invalid/x%20y/a-1.zip",
            ),
            (
                "HTTPS://me@files.invalid:443/a-1.zip",
                "https://files.invalid/a-1.zip",
            ),
            (" a-1.zip\n", "https://index.invalid/simple/a/a-1.zip"),
        ] {
            assert_eq!(
                location(&mut resolver, href).as_deref(),
                Some(expected),
                "{href}"
            );
        }
        for href in [
            "",
            "#top",
            "mailto:me",
            "javascript:void(0)",
            "file:///etc/a-1.zip",
        ] {
            assert_eq!(location(&mut resolver, href), None, "{href}");
        }
        resolver.rebase("//other.invalid/files/");
        assert_eq!(
            location(&mut resolver, "a%2Bb-1%2Bc.zip").as_deref(),
            Some("https://other.invalid/files/a%2Bb-1%2Bc.zip")
        );
        assert_eq!(
            resolver
                .link("a-1%2Bc.zip")
                .map(|link| link.file)
                .as_deref(),
            Some("a-1+c.zip")
        );
        assert!(Resolver::new("wheels/index.html").is_err());
        assert!(Resolver::new("mailto:me").is_err());
    }

    /// What the short way makes of a link is what the long way makes of it.
    #[test]
    fn the_short_way_leads_to_the_same_place() {
        for path in [
            "a/b-1+c.zip",
            "a//b.zip",
            "a/./b.zip",
            "%zz",
            "a/.",
            "é",
            "a;b",
            "a|b",
            "x@y",
        ] {
            let href = format!("https://files.invalid/{path}");
            let mut resolver = Resolver::new("https://index.invalid/").unwrap();
            let long = location(&mut resolver, &href);
            assert_eq!(resolver.origin, "https://files.invalid/");
            assert_eq!(location(&mut resolver, &href), long, "{path}");
        }
    }

    #[test]
    fn fragments_hold_digests_of_any_kind() {
        let found = |fragment| hashes(fragment).into_iter().collect::<Vec<_>>();
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(found("SHA256=AB01"), [pair("sha256", "ab01")]);
        assert_eq!(
            found("md5=00&sha3_256=11&egg=ab"),
            [pair("md5", "00"), pair("sha3_256", "11")]
        );
        assert_eq!(found("egg=beef&subdirectory=cafe&x&=1&a=&sha1=xyz"), []);
    }
}
