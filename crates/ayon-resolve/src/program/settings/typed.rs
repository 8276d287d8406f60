//! From the merged layer to typed values, and what holds when nobody says anything.

use std::path::PathBuf;

use ayon_model::{Platform, PlatformError, Selection};
use ayon_studio::{Location, LocationError};

use super::reading::{count, duration, list, names, not_usable};
use super::{Access, Display, Emission, HostName, Record, Server, Settings, Solving, Targets};
use crate::program::Report;
use crate::program::configuration;
use crate::program::environment::{self, Environment};
use crate::program::setting::{Given, Layer, Source, Value};

/// The settings that `layer` holds; the server's key is not among them.
pub(super) fn settings(mut layer: Layer) -> Result<Settings, Report> {
    let packages = super::python::settings(&mut layer)?;
    let names_of_conda = names(&layer, "conda.names");
    let conda = super::conda::settings(&mut layer, names_of_conda)?;
    let text = |name: &str| layer.text(name).map(str::to_owned);
    let path = |name: &str| layer.text(name).map(PathBuf::from);
    Ok(Settings {
        selection: selection(&layer),
        targets: Targets {
            platforms: platforms(&layer)?,
            hosts: hosts(&layer)?,
            headless: layer.is_on("headless"),
            launcher: text("launcher"),
            python: text("python"),
        },
        studio: layer.get("studio").map(studio).transpose()?.flatten(),
        server: Server {
            key: None,
            timeout: duration(&layer, "server-timeout"),
            retries: layer
                .get("server-retries")
                .map(|_| count(&layer, "server-retries")),
        },
        access: Access {
            offline: layer.is_on("offline"),
            refresh: layer.is_on("refresh"),
            cache: path("cache-dir").filter(|_| !layer.is_on("no-cache")),
        },
        solving: Solving {
            time_limit: duration(&layer, "time-limit"),
            prereleases: layer.is_on("prereleases"),
        },
        emission: Emission {
            emit: text("emit"),
            format: text("format").unwrap_or_default(),
            output: path("output"),
        },
        lock: super::lock::settings(&layer),
        explaining: super::explaining::settings(&layer)?,
        conda,
        packages,
        rez: super::rez::settings(&layer, names(&layer, "rez.names"))?,
        display: Display {
            json: layer.is_on("json"),
            color: text("color").unwrap_or_default(),
            progress: !layer.is_on("no-progress") && !layer.is_on("json"),
            verbosity: i16::from(count(&layer, "verbose")) - i16::from(count(&layer, "quiet")),
        },
        record: Record {
            layer,
            files: Vec::new(),
            has_key: false,
        },
    })
}

/// What holds when nobody says anything.
pub(super) fn defaults(environment: &Environment) -> Layer {
    let mut layer = Layer::default();
    let mut set = |name, value| layer.set(name, value, Source::Default);
    set("format", Value::Text("spec".to_owned()));
    set("color", Value::Text("auto".to_owned()));
    set(
        "conda.channels",
        Value::List(vec!["conda-forge".to_owned()]),
    );
    if let Some(folder) = configuration::default_cache_folder(environment)
        .and_then(|path| path.to_str().map(str::to_owned))
    {
        set("cache-dir", Value::Text(folder));
    }
    layer
}

fn selection(layer: &Layer) -> Selection {
    let text = |name: &str| layer.text(name).map(str::to_owned);
    let typed = |name: &str| {
        matches!(
            layer.get(name).map(|given| &given.source),
            Some(Source::Flag(_))
        )
    };
    let word = layer
        .text("bundle")
        .filter(|name| matches!(*name, "production" | "staging" | "dev"));
    // A person who types `--bundle production` inside a launcher that runs in staging means production.
    let switch =
        |name: &str| layer.is_on(name) && (word.is_none() || word == Some(name) || typed(name));
    Selection {
        bundle: text("bundle"),
        staging: switch("staging"),
        dev: switch("dev"),
        project: text("project"),
        project_bundle: text("project-bundle"),
        user: text("user"),
    }
}

fn platforms(layer: &Layer) -> Result<Vec<Platform>, Report> {
    let Some(given) = layer.get("platform") else {
        return Ok(Vec::new());
    };
    let read = |text: &String| {
        // The error repeats what was typed; it is cleaned when it is printed.
        text.parse().map_err(|error: PlatformError| {
            not_usable("platform", given).because(error.to_string())
        })
    };
    list(layer, "platform").iter().map(read).collect()
}

fn hosts(layer: &Layer) -> Result<Vec<HostName>, Report> {
    let Some(given) = layer.get("host") else {
        return Ok(Vec::new());
    };
    let read = |text: &String| {
        HostName::read(text).map_err(|cause| not_usable("host", given).because(cause))
    };
    list(layer, "host").iter().map(read).collect()
}

fn studio(given: &Given) -> Result<Option<Location>, Report> {
    let Value::Text(text) = &given.value else {
        return Ok(None);
    };
    text.parse().map(Some).map_err(|error: LocationError| {
        let report = not_usable("studio", given).because(error.to_string());
        match error {
            LocationError::CredentialsInAddress => report.hint(format!(
                "give the key in the environment variable `{}`",
                environment::API_KEY
            )),
            _ => report,
        }
    })
}
