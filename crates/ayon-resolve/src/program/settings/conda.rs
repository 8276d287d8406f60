//! What is special to conda: which channels are asked and how they rank, what the machines have, and what pip may do.

use std::path::PathBuf;

use super::Names;
use super::reading::conceal;
use super::reading::{list, not_usable};
use crate::program::Report;
use crate::program::environment::Environment;
use crate::program::plain::one_line;
use crate::program::setting::Layer;

/// What is special to conda.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Conda {
    /// The channels, the first the most important.
    pub(crate) channels: Vec<String>,
    /// `strict`, `flexible` or `disabled`.
    pub(crate) priority: Option<String>,
    /// What bare names are put behind.
    pub(crate) alias: Option<String>,
    /// Channels and where they are asked instead.
    pub(crate) mirrors: Vec<(String, String)>,
    /// Buckets and how they are reached.
    pub(crate) buckets: Vec<String>,
    /// The CUDA that drivers serve.
    pub(crate) cuda: Option<String>,
    /// What the machines have besides.
    pub(crate) virtual_packages: Vec<String>,
    /// Whether what no channel carries is refused.
    pub(crate) no_pip: bool,
    /// Names that differ from what the program knows.
    pub(crate) names: Names,
    /// A copy of the community's mapping, where somebody named one.
    pub(crate) names_file: Option<PathBuf>,
    /// Where conda's programs keep credentials.
    pub(crate) auth_file: Option<PathBuf>,
}

impl std::fmt::Debug for Conda {
    /// Without anything that may hold a token.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Conda").finish_non_exhaustive()
    }
}

/// What `layer` says about conda; what may not be shown is taken out of it.
pub(super) fn settings(layer: &mut Layer, names: Names) -> Result<Conda, Report> {
    let text = |name: &str| layer.text(name).map(str::to_owned);
    let mut channels = list(layer, "channel");
    if channels.is_empty() {
        channels = list(layer, "conda.channels");
    }
    let found = Conda {
        channels,
        priority: text("channel-priority"),
        alias: text("channel-alias"),
        mirrors: mirrors(layer)?,
        buckets: list(layer, "channel-bucket"),
        cuda: text("cuda"),
        virtual_packages: list(layer, "virtual-package"),
        no_pip: layer.is_on("no-pip"),
        names,
        names_file: text("conda-names").map(PathBuf::from),
        auth_file: None,
    };
    for name in [
        "channel",
        "conda.channels",
        "channel-alias",
        "channel-mirror",
        "channel-bucket",
    ] {
        conceal(layer, name);
    }
    Ok(found)
}

/// The file in which conda's programs keep credentials: the one that is named, or the usual one if it is there.
pub(super) fn auth_file(environment: &Environment) -> Option<PathBuf> {
    let named = environment.get("RATTLER_AUTH_FILE").map(PathBuf::from);
    let home = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    let usual = || {
        let home = environment.folder(home)?;
        Some(home.join(".rattler").join("credentials.json")).filter(|path| path.is_file())
    };
    named.or_else(usual)
}

fn mirrors(layer: &Layer) -> Result<Vec<(String, String)>, Report> {
    let Some(given) = layer.get("channel-mirror") else {
        return Ok(Vec::new());
    };
    let read = |text: &String| {
        match text.split_once('=') {
        Some((channel, place)) if !channel.is_empty() && place.contains(['/', '\\']) => {
            Ok((channel.to_owned(), place.to_owned()))
        }
        _ => Err(not_usable("channel-mirror", given).because(format!(
            "`{}` is not CHANNEL=PLACE, such as conda-forge=https://mirror.example/conda-forge or conda-forge=./copy",
            one_line(&super::reading::shown(text))
        ))),
    }
    };
    list(layer, "channel-mirror").iter().map(read).collect()
}
