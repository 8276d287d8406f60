//! Channels and an index in memory, a bundle, and the backend run on all of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context as Poller, Poll, Waker};

use ayon_backend::example::{ask, give, resolution};
use ayon_backend::{Ask, Backend, Context, Emission, Resolution, ResolveError};
use ayon_backend_conda::{Channels, ChannelsError, Conda, OpenChannels, Options};
use conda::{
    Answers, Channel, ChannelBase, MemoryRecords, PackageName, Platform, Record, RecordFacts,
    Records, RecordsError,
};
use pypi::{Metadata, MetadataAnswer, NewFile, NewLocation};
use pypi_solve::MemoryIndex;

/// Channels in memory, in their order.
#[derive(Default)]
pub(crate) struct World {
    channels: Vec<Vec<MemoryRecords>>,
    /// Where answers are kept, and the state in which the channels say to be.
    remembered: Option<(Answers, String)>,
}

/// Records that say in which state they are.
struct Stated(MemoryRecords, Option<String>);

impl Records for Stated {
    fn channel(&self) -> &Channel {
        self.0.channel()
    }

    fn platform(&self) -> Platform {
        self.0.platform()
    }

    fn has(&self, name: &PackageName) -> bool {
        self.0.has(name)
    }

    fn of(&self, name: &PackageName) -> Result<Vec<Record>, RecordsError> {
        self.0.of(name)
    }

    fn names(&self) -> Vec<PackageName> {
        self.0.names()
    }

    fn state(&self) -> Option<String> {
        self.1.clone()
    }
}

impl Channels for World {
    fn open(&self, platform: Platform) -> Result<OpenChannels, ChannelsError> {
        let mut open = OpenChannels::default();
        for channel in &self.channels {
            let (here, elsewhere): (Vec<_>, Vec<_>) = channel
                .iter()
                .cloned()
                .partition(|subdir| [platform, Platform::NOARCH].contains(&subdir.platform()));
            let state = self.remembered.as_ref().map(|(_, state)| state);
            let shared = |subdir| Arc::new(Stated(subdir, state.cloned())) as Arc<dyn Records>;
            open.channels.push(here.into_iter().map(shared).collect());
            open.elsewhere.extend(elsewhere.into_iter().map(shared));
        }
        Ok(open)
    }

    fn describe(&self) -> String {
        "the channels of a test".to_owned()
    }
}

impl World {
    /// One more channel, the least important so far.
    pub(crate) fn channel(mut self, name: &str, records: &[(&str, &str, &str, &[&str])]) -> Self {
        let base = ChannelBase::new("/");
        let channel = Channel::parse(name, &base).unwrap();
        let mut subdirs: BTreeMap<Platform, MemoryRecords> = BTreeMap::new();
        for (subdir, name, version, depends) in records {
            let platform: Platform = subdir.parse().unwrap();
            let mut facts = RecordFacts::new(name, version, "h1_0");
            facts.depends = depends.iter().map(|&text| text.to_owned()).collect();
            facts.size = Some(1000);
            let digits = format!("{:0>64x}", name.bytes().map(u64::from).sum::<u64>());
            facts.sha256 = digits.parse().ok();
            if platform == Platform::NOARCH {
                facts.noarch = Some("python".to_owned());
            }
            let record = facts.at(&channel, platform).unwrap();
            let subdir = subdirs.entry(platform);
            subdir
                .or_insert_with(|| MemoryRecords::new(channel.clone(), platform))
                .add(record);
        }
        self.channels.push(subdirs.into_values().collect());
        self
    }

    /// Answers are kept, and the channels say to be in a state.
    pub(crate) fn remembering(mut self, answers: &Answers, state: &str) -> Self {
        self.remembered = Some((answers.clone(), state.to_owned()));
        self
    }

    /// A channel with two Pythons and a few packages for two platforms.
    pub(crate) fn usual() -> Self {
        let mut records = vec![
            ("noarch", "pip", "24.0", &["python >=3.8"][..]),
            (
                "noarch",
                "requests",
                "2.32.3",
                &["python >=3.8", "urllib3 >=1.21,<3"],
            ),
            ("noarch", "urllib3", "2.6.3", &["python >=3.8"]),
            ("noarch", "urllib3", "1.26.18", &["python >=3.8"]),
            ("noarch", "typing_extensions", "4.12.2", &["python >=3.8"]),
            ("noarch", "six", "1.16.0", &["python"]),
            ("noarch", "jsonschema", "4.26.0", &["python >=3.10"]),
        ];
        for platform in ["linux-64", "win-64"] {
            records.extend([
                (platform, "python", "3.11.9", &["openssl >=3,<4.0a0"][..]),
                (platform, "python", "3.12.4", &["openssl >=3,<4.0a0"]),
                (platform, "openssl", "3.3.0", &[]),
                (platform, "pillow", "9.5.0", &["python >=3.11,<3.12.0a0"]),
                (platform, "pillow", "10.4.0", &["python >=3.12,<3.13.0a0"]),
            ]);
        }
        Self::default().channel("conda-forge", &records)
    }
}

/// What no channel has.
pub(crate) fn index() -> MemoryIndex {
    let mut index = MemoryIndex::new("https://index.invalid/simple");
    add(&mut index, "clique", "1.6.1", &[]);
    add(&mut index, "clique", "2.0.0", &[]);
    add(
        &mut index,
        "gazu",
        "0.10.0",
        &["requests>=2.25", "python-socketio", "six"],
    );
    add(&mut index, "six", "1.16.0", &[]);
    add(&mut index, "python-socketio", "5.11.0", &["bidict"]);
    add(&mut index, "bidict", "0.23.1", &[]);
    add(&mut index, "requests", "2.99.0", &[]);
    add(&mut index, "jsonschema", "2.6.0", &[]);
    index
}

/// Adds a release with one wheel.
pub(crate) fn add(index: &mut MemoryIndex, name: &str, version: &str, requires: &[&str]) {
    let name: pypi::DistributionName = name.parse().unwrap();
    let file = format!("{}-{version}-py3-none-any.whl", name.with_underscores());
    let url = format!("https://index.invalid/files/{file}");
    let mut text = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
    for requirement in requires {
        writeln!(text, "Requires-Dist: {requirement}").unwrap();
    }
    let metadata = Metadata::parse(text.as_bytes()).unwrap();
    let digest = format!("{:0>64x}", file.bytes().map(u64::from).sum::<u64>());
    let file = NewFile {
        hashes: BTreeMap::from([("sha256".to_owned(), digest)]),
        ..NewFile::new(file, NewLocation::Url(url))
    };
    index.add_file(name, file, MetadataAnswer::Known(Arc::new(metadata)));
}

/// A bundle whose launcher has urllib3 and idna.
pub(crate) fn bundle() -> Resolution {
    let mut resolution = resolution();
    for (addon, requirement) in [
        ("core", "pillow>=9,<11"),
        ("core", "clique>=1.6,<2"),
        ("ftrack", "requests>=2.25"),
        ("ftrack", "gazu"),
        ("maya", "typing-extensions"),
    ] {
        ask(&mut resolution, addon, requirement);
    }
    for (name, version) in [("urllib3", "1.26.18"), ("bidict", "0.23.1")] {
        give(&mut resolution, name, version);
        // Nobody asks for it: it is there, that is all.
        resolution.distributions.remove(&name.parse().unwrap());
    }
    resolution
}

/// Solves.
pub(crate) fn solve(
    world: World,
    index: Option<MemoryIndex>,
    options: Options,
    resolutions: Vec<Resolution>,
) -> (Conda, Result<Vec<Resolution>, ResolveError>) {
    solve_after(world, index, options, resolutions, &[])
}

/// Solves where this was chosen before.
pub(crate) fn solve_after(
    world: World,
    index: Option<MemoryIndex>,
    options: Options,
    resolutions: Vec<Resolution>,
    previous: &[Resolution],
) -> (Conda, Result<Vec<Resolution>, ResolveError>) {
    let answers = world.remembered.as_ref();
    let answers = answers.map_or_else(Answers::disabled, |(answers, _)| answers.clone());
    let conda = Conda::new(options)
        .with_answers(answers)
        .with_channels(Arc::new(world));
    let conda = match index {
        Some(index) => conda.with_index(Arc::new(index)),
        None => conda,
    };
    let format = conda.format("explicit").unwrap();
    let ask = Ask {
        resolutions,
        format,
        previous,
    };
    let context = Context::default();
    // Whatever has to be waited for blocks: one poll is the end.
    let resolved = {
        let mut future = pin!(conda.resolve(ask, &context));
        match future.as_mut().poll(&mut Poller::from_waker(Waker::noop())) {
            Poll::Ready(resolved) => resolved,
            Poll::Pending => panic!("resolving does not wait for anybody"),
        }
    };
    (conda, resolved)
}

/// Writes what was solved.
pub(crate) fn write(conda: &Conda, resolutions: &[Resolution], format: &str) -> Emission {
    conda
        .emit(resolutions, conda.format(format).unwrap())
        .unwrap()
}

/// The text of a file.
pub(crate) fn text(emission: &Emission, place: usize) -> &str {
    str::from_utf8(&emission.files[place].content).unwrap()
}
