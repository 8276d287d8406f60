//! `host probe`: ask a host's own Python what it is and what it brings, and write it down as a host profile.
//!
//! The profile is what a studio folder keeps as `hosts/NAME-VERSION.toml`: facts that no document of a vendor lists so
//! completely. The interpreter is one that the user names, and the only program this program ever starts.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;

use clap::Args;
use serde::Deserialize;

use crate::program::flags::OutputArguments;
use crate::program::output::{self, OutputFile};
use crate::program::plain::one_line;
use crate::program::printer::Printer;
use crate::program::setting::{Layer, Value};
use crate::program::settings::{HostName, Settings};
use crate::program::{Report, Verdict};

mod interpreter;

const EXAMPLES: &str = "\
Examples:
  ayon-resolve host probe maya/2025 -o studio/hosts/ -- mayapy
  ayon-resolve host probe houdini/20.5 -- hython
  ayon-resolve host probe blender/4.2 -- blender --background --python-expr {script}

The interpreter is started with `-c` and a short script; where an argument is `{script}`, it stands there instead.";

/// What `host probe` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct ProbeArguments {
    /// What to call the host
    #[arg(value_name = "NAME/VERSION", value_parser = HostName::read)]
    host: HostName,
    /// The host's interpreter, and its arguments
    #[arg(value_name = "INTERPRETER", last = true, required = true)]
    interpreter: Vec<OsString>,
    #[command(flatten)]
    output: OutputArguments,
}

impl ProbeArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        self.output.record(layer);
    }
}

/// Asks, and writes the profile.
pub(crate) fn run(
    arguments: &ProbeArguments,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let named = arguments
        .interpreter
        .first()
        .map(|word| word.to_string_lossy())
        .unwrap_or_default();
    let progress = printer.progress(&format!("Asking {named}"));
    let line = interpreter::ask(&arguments.interpreter, interpreter::Limits::default())?;
    drop(progress);
    let answer: Answer = serde_json::from_str(&line).map_err(|error| {
        Report::unknown(format!("the answer of `{}` is damaged", one_line(&named)))
            .because_of(&error)
    })?;
    let (profile, left_out) = profile(&arguments.host, &answer);
    if !left_out.is_empty() {
        printer.warning(&format!(
            "left out, since a name or a version makes no sense: {}",
            left_out.join(", ")
        ));
    }
    let HostName { name, version } = &arguments.host;
    let file = OutputFile {
        name: format!("{name}-{version}.toml"),
        bytes: profile.into_bytes(),
    };
    output::write(&[file], settings.emission.output.as_deref(), printer)?;
    Ok(Verdict::Fine)
}

/// What the script says.
#[derive(Debug, Deserialize)]
struct Answer {
    python: String,
    implementation: String,
    system: String,
    machine: String,
    platform: Option<String>,
    abi: Option<String>,
    extension_suffix: Option<String>,
    libc: Option<String>,
    distributions: Vec<(String, String)>,
    modules: Vec<(String, String)>,
}

/// The profile of `host`, and what of the answer cannot stand in one.
fn profile(host: &HostName, answer: &Answer) -> (String, Vec<String>) {
    let mut left_out = Vec::new();
    let mut modules = BTreeMap::new();
    for (name, version) in answer.distributions.iter().chain(&answer.modules) {
        if is_distribution_name(name) && is_version(version) {
            // The first on the path is the one that is imported.
            modules.entry(normalized(name)).or_insert(version);
        } else {
            left_out.push(format!("{} {}", one_line(name), one_line(version)));
        }
    }
    let mut text = format!(
        "# {} {}, as its own interpreter describes itself. Written by `ayon-resolve host probe`.\n",
        host.name, host.version
    );
    let mut line = |key: &str, value: &str| {
        // A text never fails to grow.
        let _ = writeln!(text, "{key} = {}", Value::Text(one_line(value)));
    };
    line("name", &host.name);
    line("version", &host.version);
    line("python", &answer.python);
    line("implementation", &answer.implementation);
    for (module, binding) in [("pyside6", "PySide6"), ("pyside2", "PySide2")] {
        if let Some(version) = modules.get(module) {
            line("qt_binding", &format!("{binding} {version}"));
            break;
        }
    }
    let _ = writeln!(
        text,
        "embedded_python = true\nplatforms = [{}]",
        Value::Text(system(&answer.system))
    );
    let _ = writeln!(
        text,
        "\n[tags]\nmachine = {}",
        Value::Text(one_line(&answer.machine))
    );
    let tags = [
        ("platform", &answer.platform),
        ("abi", &answer.abi),
        ("extension_suffix", &answer.extension_suffix),
        ("libc", &answer.libc),
    ];
    for (key, value) in tags {
        if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
            let _ = writeln!(text, "{key} = {}", Value::Text(one_line(value)));
        }
    }
    text.push_str("\n[modules]\n");
    for (name, version) in &modules {
        let _ = writeln!(text, "{name} = {}", Value::Text((*version).clone()));
    }
    (text, left_out)
}

/// AYON's name of what Python calls `sys.platform`.
fn system(python: &str) -> String {
    match python {
        "win32" | "cygwin" | "msys" => "windows".to_owned(),
        // Python 2 says `linux2`.
        other if other.starts_with("linux") => "linux".to_owned(),
        other => one_line(other),
    }
}

/// PEP 508's grammar of a name, which makes it a bare key of TOML once normalised.
fn is_distribution_name(name: &str) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = name.as_bytes();
    let inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    is_end(bytes.first()) && is_end(bytes.last()) && bytes.iter().all(inner)
}

/// PEP 503's normal form.
fn normalized(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

/// Whether it can be a version: a digit first, and the letters of PEP 440 after it.
fn is_version(version: &str) -> bool {
    version.starts_with(|c: char| c.is_ascii_digit())
        && version
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '!' | '+' | '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_has_the_layout_of_the_sample_studio() {
        let answer = r#"{"python": "3.11.4", "implementation": "CPython", "system": "linux", "machine": "x86_64",
            "platform": "linux-x86_64", "abi": "cpython-311-x86_64-linux-gnu", "extension_suffix": null,
            "libc": "glibc 2.28", "distributions": [["Py_Yaml", "6.0"], ["py.yaml", "5.0"], ["evil\"]", "1"], ["x", "?"]],
            "modules": [["pyside6", "6.5.3"]]}"#;
        let host = HostName::read("maya/2025").unwrap();
        let (profile, left_out) = profile(&host, &serde_json::from_str(answer).unwrap());
        assert_eq!(left_out, ["evil\"] 1", "x ?"]);
        insta::assert_snapshot!(profile, @r#"
        # maya 2025, as its own interpreter describes itself. Written by `ayon-resolve host probe`.
        name = "maya"
        version = "2025"
        python = "3.11.4"
        implementation = "CPython"
        qt_binding = "PySide6 6.5.3"
        embedded_python = true
        platforms = ["linux"]

        [tags]
        machine = "x86_64"
        platform = "linux-x86_64"
        abi = "cpython-311-x86_64-linux-gnu"
        libc = "glibc 2.28"

        [modules]
        py-yaml = "6.0"
        pyside6 = "6.5.3"
        "#);
        let read: toml::Table = toml::from_str(&profile).unwrap();
        assert_eq!(read["modules"]["py-yaml"].as_str(), Some("6.0"));
    }
}
