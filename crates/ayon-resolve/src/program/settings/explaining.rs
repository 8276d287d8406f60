//! Settings of the commands that explain, and of the hints that a conflict ends with.

use ayon_model::Process;

use super::{HostName, reading};
use crate::program::Report;
use crate::program::setting::{Layer, Source, Value};

/// What is explained, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Explaining {
    /// The backend whose packages are explained too.
    pub(crate) with: Option<String>,
    /// The processes that are explained, beside those of `--host` and `--headless`.
    pub(crate) processes: Vec<Process>,
    /// How far a tree goes.
    pub(crate) depth: Option<usize>,
    /// Whether a tree shows who asks.
    pub(crate) is_inverted: bool,
    /// The bundle that a picture shows the difference to.
    pub(crate) against: Option<String>,
    /// The format of a picture or a difference, where one was typed: one that a file names is a backend's.
    pub(crate) format: Option<String>,
    /// How many hints to look for, if the user has a wish.
    pub(crate) hints: Option<u8>,
}

/// What `layer` says of explaining.
pub(super) fn settings(layer: &Layer) -> Result<Explaining, Report> {
    let text = |name: &str| layer.text(name).map(str::to_owned);
    let format = layer
        .get("format")
        .filter(|given| matches!(given.source, Source::Flag(_)))
        .and_then(|_| text("format"));
    Ok(Explaining {
        with: text("with"),
        processes: processes(layer)?,
        depth: match layer.get("depth").map(|given| &given.value) {
            // The parser of flags lets no negative number through; a variable may hold one, which is no depth at all.
            Some(Value::Number(depth)) => Some(usize::try_from(*depth).unwrap_or_default()),
            _ => None,
        },
        is_inverted: layer.is_on("invert"),
        against: text("against"),
        format,
        hints: match layer.get("hints").map(|given| &given.value) {
            Some(Value::Count(hints)) => Some(*hints),
            _ => None,
        },
    })
}

fn processes(layer: &Layer) -> Result<Vec<Process>, Report> {
    let Some(given) = layer.get("process") else {
        return Ok(Vec::new());
    };
    let read = |text: &String| match text.as_str() {
        "launcher" => Ok(Process::Launcher),
        "headless" => Ok(Process::Headless),
        host => {
            let host = HostName::read(host).map_err(|cause| {
                let cause = format!("{cause}, nor `launcher` or `headless`");
                reading::not_usable("process", given).because(cause)
            })?;
            Ok(Process::Host {
                name: host.name.into(),
                version: host.version.into(),
            })
        }
    };
    reading::list(layer, "process").iter().map(read).collect()
}
