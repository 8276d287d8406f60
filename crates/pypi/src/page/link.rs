//! What a link says: a file, its place, and a hash behind the `#`.
//!
//! A large page has thousands of links of one shape. One of plain characters needs no more than
//! putting it behind the right beginning; the others are left to a parser of URLs.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use url::{Position, Url};

use super::Fault;
use crate::file::sdist_name::SdistKind;
use crate::file::wheel_name::WheelParts;
use crate::project::Location;

/// Resolves the links of one page.
pub(super) struct Resolver {
    base: Url,
    /// Scheme and host of the base, and the folder that relative links start from, with a `/` at its
    /// end; empty where links must take the long way.
    root: String,
    folder: String,
    /// Scheme and host of the last absolute link that took the long way, with a `/` at its end: the
    /// links of a page nearly always share them.
    origin: String,
}

/// A link taken apart.
pub(super) struct Link<'h> {
    pub(super) is_path: bool,
    pub(super) place: Cow<'h, str>,
    /// The last part of its path, decoded.
    pub(super) file: Cow<'h, str>,
    /// Digests by their algorithms, as they are written.
    pub(super) hashes: Vec<(&'h str, &'h str)>,
}

impl Resolver {
    pub(super) fn new(page: &str) -> Result<Self, Fault> {
        let base = Url::parse(page).map_err(|_| Fault::Base)?;
        if base.cannot_be_a_base() {
            return Err(Fault::Base);
        }
        Ok(Self::at(base))
    }

    fn at(base: Url) -> Self {
        let (mut root, mut folder) = (String::new(), String::new());
        // Who may read is known from elsewhere, and no URL with a secret is kept.
        let mut open = base.clone();
        if is_web(&open) && open.set_username("").is_ok() && open.set_password(None).is_ok() {
            let path = open.path();
            root.push_str(&open[..Position::BeforePath]);
            folder.push_str(&path[..=path.rfind('/').unwrap_or(0)]);
        }
        Resolver {
            base,
            root,
            folder,
            origin: String::new(),
        }
    }

    /// Takes another base, as `<base href>` names it.
    pub(super) fn rebase(&mut self, href: &str) {
        if let Ok(base) = self.base.join(href.trim())
            && !base.cannot_be_a_base()
        {
            *self = Self::at(base);
        }
    }

    /// Takes a link apart; nothing if it cannot lead to a file.
    pub(super) fn link<'h>(&mut self, href: &'h str) -> Option<Link<'h>> {
        let href = href.trim();
        let (target, fragment) = href.split_once('#').unwrap_or((href, ""));
        if target.is_empty() {
            return None;
        }
        let hashes = hashes(fragment);
        if let Some(place) = self.short_way(target) {
            return Some(Link {
                is_path: false,
                place,
                file: target.rsplit('/').next().unwrap_or_default().into(),
                hashes,
            });
        }
        let mut url = self.base.join(target).ok()?;
        let file = decoded(url.path_segments()?.next_back()?).into_owned();
        let is_path = !is_web(&url);
        let place = if is_web(&url) {
            url.set_username("").ok()?;
            url.set_password(None).ok()?;
            let origin = &url[..Position::BeforePath];
            if self.origin.strip_suffix('/') != Some(origin) {
                self.origin = format!("{origin}/");
            }
            url.into()
        } else if url.scheme() == "file" && self.base.scheme() == "file" {
            // A page from a server has no say about files here.
            url.to_file_path().ok()?.to_str()?.to_owned()
        } else {
            return None;
        };
        Some(Link {
            is_path,
            place: place.into(),
            file: file.into(),
            hashes,
        })
    }

    /// The place of a link of plain characters, on the host of the last one or relative to here.
    fn short_way<'h>(&self, target: &'h str) -> Option<Cow<'h, str>> {
        if let Some(path) = target.strip_prefix(&self.origin)
            && !self.origin.is_empty()
        {
            return is_plain(path).then_some(Cow::Borrowed(target));
        }
        if self.root.is_empty() {
            return None;
        }
        if let Some(path) = target.strip_prefix('/') {
            let is_plain = is_plain(path) && !path.starts_with('/');
            return is_plain.then(|| format!("{}{target}", self.root).into());
        }
        let (mut folder, mut path) = (self.folder.as_str(), target);
        while let Some(rest) = path.strip_prefix("../") {
            // Above the root is the root.
            let parent = folder[..folder.len() - 1].rfind('/').unwrap_or(0);
            (folder, path) = (&folder[..=parent], rest);
        }
        is_plain(path).then(|| format!("{}{folder}{path}", self.root).into())
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// Whether a path is what it would be after resolving: plain characters, and no part that begins
/// with a dot.
fn is_plain(path: &str) -> bool {
    const PLAIN: [bool; 256] = {
        let characters = b"/-._~+!=@0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let mut plain = [false; 256];
        let mut index = 0;
        while index < characters.len() {
            plain[characters[index] as usize] = true;
            index += 1;
        }
        plain
    };
    path.bytes().all(|byte| PLAIN[usize::from(byte)])
        && !path.starts_with('.')
        && !path.contains("/.")
}

/// The digests in `sha256=…` or `md5=…&egg=…`. What has no shape of a digest is none.
fn hashes(fragment: &str) -> Vec<(&str, &str)> {
    let pairs = fragment.split('&').filter_map(|pair| pair.split_once('='));
    let hashes = pairs.filter(|(algorithm, digest)| {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        !matches!(*algorithm, "egg" | "subdirectory")
            && !algorithm.is_empty()
            && algorithm.bytes().all(word)
            && !digest.is_empty()
            && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    hashes.collect()
}

/// A part of a path with its `%41` resolved.
fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

impl Link<'_> {
    pub(super) fn location(&self) -> Location<'_> {
        if self.is_path {
            Location::Path(&self.place)
        } else {
            Location::Url(&self.place)
        }
    }
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
    use proptest::prelude::*;

    fn location(resolver: &mut Resolver, href: &str) -> Option<String> {
        match resolver.link(href)?.location() {
            Location::Url(url) => Some(url.to_owned()),
            Location::Path(path) => Some(format!("path {path}")),
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

    proptest! {
        /// What the short way makes of a link is what the long way makes of it.
        #[test]
        fn the_short_way_leads_to_the_same_place(
            base in "https://(u:p@)?index\\.invalid(:8080)?(/[a-z.]{0,3}){0,3}",
            href in "(https://files\\.invalid/|//|/|(\\.\\./){0,4})(([a-z]|\\.|%2e|%2B|[-~+!=@;:|?é ]){0,3}/?){0,4}",
        ) {
            let mut resolver = Resolver::new(&base).unwrap();
            location(&mut resolver, "https://files.invalid/first");
            let short = location(&mut resolver, &href);
            (resolver.root, resolver.origin) = (String::new(), String::new());
            prop_assert_eq!(short, location(&mut resolver, &href));
        }
    }

    #[test]
    fn fragments_hold_digests_of_any_kind() {
        assert_eq!(hashes("SHA256=AB01"), [("SHA256", "AB01")]);
        assert_eq!(
            hashes("md5=00&sha3_256=11&egg=ab"),
            [("md5", "00"), ("sha3_256", "11")]
        );
        assert_eq!(hashes("egg=beef&subdirectory=cafe&x&=1&a=&sha1=xyz"), []);
    }
}
