//! Channels: where packages come from.
//!
//! A channel is told apart by its address in canonical form, so that `conda-forge`, the same with the alias in front, and
//! the same with a token in it are one channel. What is secret in an address is dropped when it is read: whoever fetches
//! takes it from the text that the user wrote, and nobody else can print it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use url::Url;

use crate::name::printable;

/// A channel. Two are equal if their addresses are; they have no order but the one they are asked in. Displays as its
/// name where it has one under the alias, else as its address; both are safe to print.
/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct Channel(Arc<Place>);

#[derive(Debug)]
struct Place {
    url: Url,
    name: Option<String>,
}

/// What bare names and relative paths of channels are completed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelBase {
    alias: Url,
    folder: PathBuf,
}

/// A text that names no channel.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a channel: {reason}")]
pub struct ChannelError {
    text: String,
    reason: String,
}

/// Under which most people's channels are.
const ALIAS: &str = "https://conda.anaconda.org/";

impl ChannelBase {
    /// The usual alias; paths are relative to `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            alias: Url::parse(ALIAS).unwrap_or_else(|_| unreachable!("the alias is an address")),
            folder: folder.into(),
        }
    }

    /// The same with another alias: an address, such as that of a mirror.
    ///
    /// # Errors
    /// If that is no address a channel can have.
    pub fn with_alias(self, alias: &str) -> Result<Self, ChannelError> {
        let refuse = |reason: &str| refusal(alias, reason);
        let url = Url::parse(alias).map_err(|error| refuse(&error.to_string()))?;
        let alias = canonical(url).map_err(refuse)?;
        Ok(Self { alias, ..self })
    }
}

impl Channel {
    /// Reads what users write: a name (`conda-forge`, `conda-forge/label/dev`), an address (`https`, `http`, `file`, `s3`)
    /// or a path.
    ///
    /// # Errors
    /// If it is none of these.
    pub fn parse(text: &str, base: &ChannelBase) -> Result<Self, ChannelError> {
        let text = text.trim();
        let refuse = |reason: &str| refusal(text, reason);
        let url = if text.contains("://") {
            Url::parse(text).map_err(|error| refuse(&error.to_string()))?
        } else if is_path(text) {
            let folder = clean(&base.folder.join(text));
            Url::from_directory_path(&folder)
                .map_err(|()| refuse("the folder it is relative to is not known"))?
        } else {
            named(text, &base.alias).map_err(refuse)?
        };
        let url = canonical(url).map_err(refuse)?;
        let last = url.path().trim_end_matches('/').rsplit('/').next();
        if last.is_some_and(|last| last.parse::<crate::Platform>().is_ok()) {
            return Err(refuse("it ends in a platform: name the channel alone"));
        }
        let name = url.as_str().strip_prefix(base.alias.as_str());
        let name = name.map(|name| name.trim_end_matches('/').to_owned());
        let name = name.filter(|name| !name.is_empty());
        Ok(Self(Arc::new(Place { url, name })))
    }

    /// The canonical address: without secrets, and with a slash at its end.
    pub fn url(&self) -> &str {
        self.0.url.as_str()
    }

    /// What it is called under the alias, if it is there.
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The folder of a channel on this machine.
    pub fn folder(&self) -> Option<PathBuf> {
        let is_file = self.0.url.scheme() == "file";
        is_file.then(|| self.0.url.to_file_path().ok()).flatten()
    }

    /// The address of a subdirectory, with a slash at its end.
    pub fn subdir_url(&self, platform: crate::Platform) -> String {
        format!("{}{platform}/", self.0.url)
    }

    pub(crate) fn parsed_url(&self) -> &Url {
        &self.0.url
    }

    /// Whether a spec's `channel::` means this one.
    pub(crate) fn is_called(&self, text: &str) -> bool {
        if text.contains("://") {
            let url = Url::parse(text).ok().and_then(|url| canonical(url).ok());
            return url.is_some_and(|url| url == self.0.url);
        }
        self.name() == Some(text.trim_end_matches('/'))
    }
}

impl PartialEq for Channel {
    fn eq(&self, other: &Self) -> bool {
        self.0.url == other.0.url
    }
}

impl Eq for Channel {}

impl fmt::Display for Channel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.name {
            Some(name) => formatter.write_str(name),
            None => formatter.write_str(self.0.url.as_str().trim_end_matches('/')),
        }
    }
}

fn refusal(text: &str, reason: &str) -> ChannelError {
    let mut text = printable(text);
    // An address that cannot be read may still hold a secret.
    if let Some((scheme, rest)) = text.split_once("://") {
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        let host = host.split_once("/t/").map_or(host, |(host, _)| host);
        text = format!("{scheme}://{host}");
    }
    ChannelError {
        text,
        reason: reason.to_owned(),
    }
}

fn is_path(text: &str) -> bool {
    let drive = text.as_bytes();
    let has_drive = drive.len() > 2
        && drive[0].is_ascii_alphabetic()
        && drive[1] == b':'
        && matches!(drive[2], b'\\' | b'/');
    text == "."
        || text == ".."
        || text.starts_with(['/', '\\'])
        || has_drive
        || ["./", "../", ".\\", "..\\"]
            .iter()
            .any(|start| text.starts_with(start))
}

/// Resolves `.` and `..` as far as texts can.
fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                cleaned.pop();
            }
            part => cleaned.push(part),
        }
    }
    cleaned
}

fn named(text: &str, alias: &Url) -> Result<Url, &'static str> {
    if text == "defaults" {
        return Err("it stands for several channels: name each by its address");
    }
    let is_fine = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && part
                .chars()
                .all(|character| character.is_alphanumeric() || "-_.".contains(character))
    };
    if !text.trim_end_matches('/').split('/').all(is_fine) {
        return Err("a name, an address such as `https://…`, or a path such as `./…` is expected");
    }
    alias
        .join(&format!("{}/", text.trim_end_matches('/')))
        .map_err(|_| "it cannot be put behind the alias")
}

/// Without secrets, without what no channel has, and with one slash at its end.
fn canonical(mut url: Url) -> Result<Url, &'static str> {
    if !["https", "http", "file", "s3"].contains(&url.scheme()) {
        return Err("only `https`, `http`, `file` and `s3` addresses are read");
    }
    if url.scheme() != "file" && url.host_str().is_none_or(str::is_empty) {
        return Err("the address names no host");
    }
    // Both fail only where there is no host, and so nothing to take away.
    url.set_username("").ok();
    url.set_password(None).ok();
    url.set_query(None);
    url.set_fragment(None);
    let mut parts: Vec<&str> = url
        .path()
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    if url.scheme() != "file" {
        let token = |parts: &[&str]| parts.windows(2).position(|pair| pair[0] == "t");
        if let Some(place) = token(&parts) {
            parts.drain(place..place + 2);
        }
        // What is left would be taken for one when it is read again.
        if token(&parts).is_some() {
            return Err("the address has more than one token in it");
        }
    }
    let path = match parts.as_slice() {
        [] => "/".to_owned(),
        parts => format!("/{}/", parts.join("/")),
    };
    url.set_path(&path);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> ChannelBase {
        ChannelBase::new("/studio/show")
    }

    fn channel(text: &str) -> Channel {
        Channel::parse(text, &base()).unwrap()
    }

    #[test]
    fn one_channel_has_one_address() {
        for text in [
            "conda-forge",
            "conda-forge/",
            "https://conda.anaconda.org/conda-forge",
            "https://conda.anaconda.org:443//conda-forge/?a#b",
            "https://user:pass@conda.anaconda.org/t/tk-1-2/conda-forge",
        ] {
            let channel = channel(text);
            assert_eq!(
                channel.url(),
                "https://conda.anaconda.org/conda-forge/",
                "{text}"
            );
            assert_eq!(channel.to_string(), "conda-forge");
        }
    }

    #[test]
    #[cfg(unix)]
    fn paths_are_completed() {
        assert_eq!(channel("./pkgs").url(), "file:///studio/show/pkgs/");
        assert_eq!(channel("../pkgs").url(), "file:///studio/pkgs/");
        assert_eq!(channel("/srv/a b").url(), "file:///srv/a%20b/");
        assert_eq!(
            channel("/srv/a b").folder(),
            Some(PathBuf::from("/srv/a b/"))
        );
        assert_eq!(channel("file:///srv/t/x").url(), "file:///srv/t/x/");
    }

    #[test]
    fn an_alias_gives_names() {
        let base = base().with_alias("https://mirror.example/conda").unwrap();
        let channel = Channel::parse("conda-forge/label/dev", &base).unwrap();
        assert_eq!(
            channel.url(),
            "https://mirror.example/conda/conda-forge/label/dev/"
        );
        assert_eq!(channel.to_string(), "conda-forge/label/dev");
        assert!(channel.is_called("conda-forge/label/dev"));
        assert!(channel.is_called("https://token@mirror.example/conda/conda-forge/label/dev"));
        assert!(!channel.is_called("conda-forge"));
        let elsewhere = Channel::parse("s3://studio/conda", &base).unwrap();
        assert_eq!(elsewhere.to_string(), "s3://studio/conda");
    }

    #[test]
    fn what_is_no_channel_is_refused_without_its_secrets() {
        for text in [
            "",
            "a b",
            "ftp://host/x",
            "https://",
            "defaults",
            "conda-forge/linux-64",
            "a\\b",
            "a[linux-64]",
            "https://user:secret@host:port/x",
            "https://h:p/t/secret/x",
            "https://host/t/secret/t/secret/x",
        ] {
            let error = Channel::parse(text, &base()).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
