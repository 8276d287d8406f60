//! `host show`: what is known of DCC hosts. `host probe` has a file of its own.

use std::collections::BTreeMap;

use ayon_model::{Host, HostPython};
use clap::{Args, Subcommand};
use serde::Serialize;

use super::probe::ProbeArguments;
use crate::program::plain::one_line;
use crate::program::printer::Printer;
use crate::program::session::Session;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

/// What can be done with hosts.
#[derive(Debug, Subcommand)]
pub(crate) enum HostCommand {
    /// Say what is known of hosts
    Show(ShowArguments),
    /// Ask a host's own Python what it brings, and write a host profile
    Probe(ProbeArguments),
}

impl HostCommand {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        match self {
            Self::Show(_) => {}
            Self::Probe(arguments) => arguments.record(layer),
        }
    }
}

/// What `host show` takes.
#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// A host, or a host with its version; otherwise all
    #[arg(value_name = "NAME[/VERSION]")]
    pub(crate) hosts: Vec<String>,
}

/// Says what is known of hosts.
pub(crate) fn show(
    arguments: &ShowArguments,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let mut session = Session::open(settings, printer)?;
    let hosts = session.run(async |resolver| Ok(resolver.studio().await?.hosts.clone()))?;
    session.finish(printer);
    let named = |host: &Host, text: &str| {
        *host.name == *text || format!("{}/{}", host.name, host.version) == text
    };
    for text in &arguments.hosts {
        if !hosts.iter().any(|host| named(host, text)) {
            let known: Vec<String> = hosts
                .iter()
                .map(|host| format!("{}/{}", host.name, host.version))
                .collect();
            return Err(
                Report::no(format!("the studio has no host `{}`", one_line(text)))
                    .did_you_mean(text, known.iter().map(String::as_str))
                    .hint("`ayon-resolve host probe` writes a profile of one"),
            );
        }
    }
    let wanted = |host: &&Host| {
        arguments.hosts.is_empty() || arguments.hosts.iter().any(|text| named(host, text))
    };
    let shown: Vec<HostDocument> = hosts
        .iter()
        .filter(wanted)
        .map(HostDocument::from)
        .collect();
    if printer.is_json() {
        printer.json("hosts", 1, &Hosts { hosts: shown })?;
    } else {
        let lines: String = shown.iter().map(HostDocument::text).collect();
        printer.text(&lines)?;
    }
    Ok(Verdict::Fine)
}

#[derive(Serialize)]
struct Hosts {
    hosts: Vec<HostDocument>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HostDocument {
    name: String,
    version: String,
    /// A full version, or a series such as `3.11`; absent where it has none of its own or nobody knows it.
    python: Option<String>,
    has_own_python: Option<bool>,
    platforms: Vec<&'static str>,
    qt_binding: Option<String>,
    modules: BTreeMap<String, String>,
    file: String,
}

impl From<&Host> for HostDocument {
    fn from(host: &Host) -> Self {
        let modules = host.modules.iter();
        Self {
            name: host.name.to_string(),
            version: host.version.to_string(),
            python: host.python_version().map(ToString::to_string),
            has_own_python: match host.python {
                HostPython::Exact(_) | HostPython::Series(_) => Some(true),
                HostPython::NotEmbedded => Some(false),
                HostPython::Unknown => None,
            },
            platforms: host.systems.iter().map(|system| system.as_str()).collect(),
            qt_binding: host.qt_binding.clone(),
            modules: modules
                .map(|(name, version)| (name.to_string(), version.to_string()))
                .collect(),
            file: host.place.to_string(),
        }
    }
}

impl HostDocument {
    fn text(&self) -> String {
        let python = match (&self.python, self.has_own_python) {
            (Some(version), _) => format!("python {version}"),
            (None, Some(false)) => "no python of its own".to_owned(),
            (None, _) => "python unknown".to_owned(),
        };
        let qt = self
            .qt_binding
            .as_ref()
            .map_or(String::new(), |qt| format!(", {qt}"));
        let modules = match self.modules.len() {
            0 => String::new(),
            count => format!(", {count} modules"),
        };
        let platforms = self.platforms.join(", ");
        format!(
            "{}/{}  {python}{qt}{modules}  ({platforms})\n",
            self.name, self.version
        )
    }
}
