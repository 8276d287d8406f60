//! A small index in memory, a bundle, and the backend run on both.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context as Poller, Poll, Waker};

use ayon_backend::example::{ask, give, resolution};
use ayon_backend::{Ask, Backend, Context, Emission, Resolution, ResolveError};
use ayon_backend_venv::{Options, Venv};
use ayon_model::Half;
use pypi::{Index, Metadata, MetadataAnswer, NewFile, NewLocation};
use pypi_solve::MemoryIndex;

/// Adds a release with one wheel.
pub(crate) fn add(index: &mut MemoryIndex, name: &str, version: &str, requires: &[&str]) {
    add_wheel(index, name, version, "py3-none-any", requires);
}

/// Adds a wheel with these tags to a release.
pub(crate) fn add_wheel(
    index: &mut MemoryIndex,
    name: &str,
    version: &str,
    tags: &str,
    requires: &[&str],
) {
    let name: pypi::DistributionName = name.parse().unwrap();
    let file = format!("{}-{version}-{tags}.whl", name.with_underscores());
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

/// What some addons of the [bundle](bundle) ask for, and what that needs.
pub(crate) fn index() -> MemoryIndex {
    let mut index = MemoryIndex::new("https://index.invalid/simple");
    for (name, version, requires) in [
        ("arrow", "0.17.0", &["six"][..]),
        ("arrow", "1.3.0", &["six"]),
        ("six", "1.16.0", &[]),
        ("clique", "1.6.1", &[]),
        ("clique", "2.0.0", &[]),
        (
            "ftrack-python-api",
            "3.1.0",
            &["arrow<1", "clique>=1.6,<3", "websocket-client<1"],
        ),
        ("websocket-client", "0.59.0", &["six"]),
        ("websocket-client", "1.8.0", &[]),
        ("aiohttp-middlewares", "2.4.0", &["aiohttp>=3", "yarl"]),
        ("aiohttp", "3.13.3", &["yarl"]),
        ("aiohttp", "3.14.0", &["yarl"]),
        ("yarl", "1.20.0", &[]),
        ("yarl", "1.23.0", &[]),
    ] {
        add(&mut index, name, version, requires);
    }
    add_wheel(
        &mut index,
        "opencolorio",
        "2.5.2",
        "cp311-cp311-manylinux_2_28_x86_64",
        &[],
    );
    add_wheel(
        &mut index,
        "opencolorio",
        "2.5.2",
        "cp311-cp311-win_amd64",
        &[],
    );
    index
}

/// A bundle whose launcher has aiohttp and yarl.
pub(crate) fn bundle() -> Resolution {
    let mut resolution = resolution();
    for (addon, requirement) in [
        ("core", "clique>=1.6,<2"),
        ("ftrack", "ftrack-python-api>=3"),
        ("core", "opencolorio>=2.3"),
        ("core", "websocket-client"),
        ("core", "aiohttp-middlewares"),
    ] {
        ask(&mut resolution, addon, requirement);
    }
    for name in ["opencolorio", "websocket-client", "aiohttp-middlewares"] {
        let distribution = resolution
            .distributions
            .get_mut(&name.parse().unwrap())
            .unwrap();
        distribution.askers[0].half = Half::Runtime;
    }
    for (name, version) in [("aiohttp", "3.13.3"), ("yarl", "1.20.0")] {
        give(&mut resolution, name, version);
        // Nobody asks for it: it is there, that is all.
        resolution.distributions.remove(&name.parse().unwrap());
    }
    resolution
}

/// Solves and writes.
pub(crate) fn run(
    index: impl Index + 'static,
    options: Options,
    resolutions: Vec<Resolution>,
    format: &str,
) -> Result<Emission, ResolveError> {
    let venv = Venv::new(options).with_index(Arc::new(index));
    let format = venv.format(format)?;
    let ask = Ask {
        resolutions,
        format,
        previous: &[],
    };
    let context = Context::default();
    // Whatever has to be waited for blocks: one poll is the end.
    let mut future = pin!(venv.resolve(ask, &context));
    let Poll::Ready(resolved) = future.as_mut().poll(&mut Poller::from_waker(Waker::noop())) else {
        panic!("resolving does not wait for anybody");
    };
    Ok(venv.emit(&resolved?, format)?)
}

/// The text of the only file.
pub(crate) fn text(emission: &Emission) -> &str {
    let [file] = emission.files.as_slice() else {
        panic!("{} files", emission.files.len());
    };
    str::from_utf8(&file.content).unwrap()
}
