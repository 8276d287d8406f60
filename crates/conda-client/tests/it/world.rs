//! Channels that are made up, in a folder or on a server, and how a server can fail to give them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use conda::{Channel, ChannelBase, Moment, PackageName, Platform};
use conda_client::{Client, ClientError, Options, Subdir};
use transport::stand_in::{Request, Server, Wire, begin, hang, say};

/// Long after everything that a test writes.
pub(crate) const NOW: i64 = 4_000_000_000_000;

pub(crate) const BOTH: [Platform; 2] = [Platform::LINUX_64, Platform::NOARCH];

/// A repodata with packages of one version each, that need nothing but what is named.
pub(crate) fn repodata(subdir: &str, packages: &[(&str, &str, &[&str])]) -> String {
    let mut text =
        format!("{{\"info\":{{\"subdir\":\"{subdir}\"}},\"packages\":{{}},\"packages.conda\":{{");
    for (index, (name, version, needs)) in packages.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        write!(
            text,
            "{comma}\"{name}-{version}-0.conda\":{{\"name\":\"{name}\",\"version\":\"{version}\",\"build\":\"0\",\
             \"build_number\":0,\"depends\":{needs:?},\"subdir\":\"{subdir}\",\"size\":1}}"
        )
        .expect("a text");
    }
    text.push_str("}}");
    text
}

/// What a server does with a path.
#[derive(Clone, Debug)]
pub(crate) enum Manner {
    /// Gives it.
    Give(Vec<u8>),
    /// Answers a status, and some words.
    Say(u16, &'static str),
    /// Claims to give it, and goes away half through.
    Cut(Vec<u8>),
    /// Says nothing.
    Hang,
    /// Answers a status so often, and gives it then.
    Later(u16, u32, Vec<u8>),
    /// Sends to another address.
    Redirect(String),
}

/// A server, and what it does.
pub(crate) struct World {
    pub(crate) server: Server,
    paths: Arc<Mutex<BTreeMap<String, Manner>>>,
    control: Arc<Mutex<Option<&'static str>>>,
}

impl World {
    /// A server that knows nothing.
    pub(crate) fn new() -> Self {
        let paths: Arc<Mutex<BTreeMap<String, Manner>>> = Arc::default();
        let control: Arc<Mutex<Option<&'static str>>> = Arc::default();
        let (known, how) = (Arc::clone(&paths), Arc::clone(&control));
        let server = Server::new(move |request, wire| {
            let control = *how.lock().unwrap_or_else(PoisonError::into_inner);
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            // A signature is in the query.
            let path = request.target.split('?').next().unwrap_or_default();
            let manner = known.get(path).cloned();
            if let Some(Manner::Later(_, times, _)) = known.get_mut(path)
                && request.method == "GET"
            {
                *times = times.saturating_sub(1);
            }
            drop(known);
            answer(request, manner, control, wire)
        });
        Self {
            server,
            paths,
            control,
        }
    }

    /// A server with a channel at `/channel`, which has `tool` for Linux and `library` for all.
    pub(crate) fn with_channel() -> Self {
        let world = Self::new();
        world.give(
            "/channel/linux-64/repodata.json",
            &repodata("linux-64", &[("tool", "1.0", &["library"])]),
        );
        world.give(
            "/channel/noarch/repodata.json",
            &repodata("noarch", &[("library", "2.0", &[])]),
        );
        world
    }

    pub(crate) fn set(&self, path: &str, manner: Manner) {
        self.paths().insert(path.to_owned(), manner);
    }

    pub(crate) fn give(&self, path: &str, text: &str) {
        self.set(path, Manner::Give(text.as_bytes().to_vec()));
    }

    /// The same compressed, beside.
    pub(crate) fn give_zst(&self, path: &str, text: &str) {
        let bytes = zstd::encode_all(text.as_bytes(), 3).expect("it is compressed");
        self.set(&format!("{path}.zst"), Manner::Give(bytes));
    }

    pub(crate) fn remove(&self, path: &str) {
        self.paths().remove(path);
    }

    /// The paths of the shards below a path.
    pub(crate) fn shards(&self, below: &str) -> Vec<String> {
        let paths = self.paths();
        paths
            .keys()
            .filter(|path| path.starts_with(below))
            .cloned()
            .collect()
    }

    pub(crate) fn set_control(&self, control: &'static str) {
        *self.control.lock().unwrap_or_else(PoisonError::into_inner) = Some(control);
    }

    pub(crate) fn channel(&self) -> Channel {
        channel(&self.server.url("/channel"))
    }

    /// What was asked for so far, `GET`s only.
    pub(crate) fn asked(&self) -> Vec<String> {
        let requests = self.server.requests();
        let gets = requests.iter().filter(|request| request.method == "GET");
        let mut asked: Vec<String> = gets.map(|request| request.target.clone()).collect();
        asked.sort();
        asked
    }

    fn paths(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Manner>> {
        self.paths.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn answer(
    request: &Request,
    manner: Option<Manner>,
    control: Option<&str>,
    wire: &mut dyn Wire,
) -> io::Result<()> {
    let body = match manner {
        None => return say(wire, 404, &[], b"no"),
        Some(Manner::Say(status, _) | Manner::Later(status, 1.., _))
            if request.method == "HEAD" =>
        {
            return begin(wire, status, &["Content-Length: 0"]);
        }
        Some(Manner::Say(status, words)) => return say(wire, status, &[], words.as_bytes()),
        Some(Manner::Later(status, 1.., _)) => {
            return say(wire, status, &["Retry-After: 0"], b"later");
        }
        Some(Manner::Hang) => return hang(wire),
        Some(Manner::Redirect(place)) => {
            return say(wire, 302, &[&format!("Location: {place}")], b"");
        }
        Some(Manner::Cut(bytes)) => {
            begin(wire, 200, &[&format!("Content-Length: {}", bytes.len())])?;
            return match request.method.as_str() {
                "HEAD" => Ok(()),
                _ => wire.write_all(&bytes[..bytes.len() / 2]),
            };
        }
        Some(Manner::Give(bytes) | Manner::Later(_, 0, bytes)) => bytes,
    };
    let tag = format!(
        "\"{:x}\"",
        body.iter().fold(7_u64, |sum, byte| sum
            .wrapping_mul(31)
            .wrapping_add((*byte).into()))
    );
    let mut headers = vec![format!("ETag: {tag}")];
    headers.extend(control.map(|control| format!("Cache-Control: {control}")));
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    if request.header("if-none-match") == Some(tag.as_str()) {
        return begin(wire, 304, &headers);
    }
    if request.method == "HEAD" {
        let length = format!("Content-Length: {}", body.len());
        return begin(wire, 200, &[headers.as_slice(), &[&length]].concat());
    }
    say(wire, 200, &headers, &body)
}

pub(crate) fn channel(text: &str) -> Channel {
    Channel::parse(text, &ChannelBase::new("/")).expect("a channel")
}

pub(crate) fn folder_channel(folder: &Path) -> Channel {
    channel(folder.to_str().expect("a text"))
}

/// Writes a file of a test.
pub(crate) fn write(path: &Path, bytes: &[u8]) {
    ayon_disk::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    ayon_disk::write_atomic(path, bytes).expect("a file");
}

pub(crate) fn at(milliseconds: i64) -> Moment {
    Moment::from_milliseconds(milliseconds).expect("a time")
}

/// Impatient ones.
pub(crate) fn options(cache: Option<&Path>) -> Options {
    let mut options = Options::new(at(NOW));
    options.cache = cache.map(Path::to_owned);
    options.http.connect_timeout = Duration::from_secs(5);
    options.http.read_timeout = Duration::from_secs(5);
    options.http.retries = 2;
    options.http.retry_pause = Duration::from_millis(5);
    options
}

/// Opens both subdirectories of a channel.
pub(crate) fn open(client: &Client, channel: &Channel) -> Result<Vec<Subdir>, ClientError> {
    let mut opened = client.open(std::slice::from_ref(channel), &BOTH)?;
    Ok(opened.remove(0))
}

pub(crate) fn words(client: &Client, channel: &Channel) -> String {
    match open(client, channel) {
        Ok(_) => "it was opened".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// All that some subdirectories have.
pub(crate) fn all(subdirs: &[Subdir]) -> Vec<String> {
    let mut all = Vec::new();
    for subdir in subdirs {
        for name in subdir.records.names() {
            let records = subdir.records.of(&name).expect("records");
            all.extend(records.iter().map(|record| {
                format!("{}/{}-{}", record.subdir(), record.name(), record.version())
            }));
        }
    }
    all
}

pub(crate) fn name(text: &str) -> PackageName {
    text.parse().expect("a name")
}

/// All files below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}
