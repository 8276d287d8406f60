//! What beside the studio a lock is made from: options that decide what is chosen, and the places that packages come from.
//!
//! Only what differs from what holds when nobody says anything is listed, so that a new option of a later program makes no
//! lock stale. Places lose what may be secret in them; of files that are read the content counts, not the name.

use std::path::Path;

use ayon_resolve::lock::{Digest, InputKind, InputName, InputState, Inputs};

use crate::program::Report;
use crate::program::settings::{Names, Settings};

/// More than any file of constraints that people write.
const SIZE_LIMIT: u64 = 16 << 20;

/// What `settings` say to `backend`.
#[cfg_attr(
    not(any(feature = "conda", feature = "venv")),
    allow(
        unused_variables,
        unused_mut,
        clippy::unnecessary_wraps,
        reason = "only their inputs are in files"
    )
)]
pub(super) fn of(settings: &Settings, backend: Option<&str>) -> Result<Inputs, Report> {
    let mut found = Found::default();
    match backend {
        #[cfg(feature = "conda")]
        Some("conda") => {
            conda(settings, &mut found)?;
            if !settings.conda.no_pip {
                python(settings, &mut found)?;
            }
        }
        #[cfg(feature = "venv")]
        Some("venv") => python(settings, &mut found)?,
        #[cfg(feature = "rez")]
        Some("rez") => rez(settings, &mut found),
        _ => {}
    }
    Ok(found.0)
}

/// The inputs found so far.
#[derive(Default)]
struct Found(Inputs);

#[cfg_attr(
    not(all(feature = "conda", feature = "rez", feature = "venv")),
    allow(dead_code, reason = "no backend has inputs of every kind")
)]
impl Found {
    fn add(&mut self, kind: InputKind, name: &str, value: impl Into<Option<String>>) {
        let state = InputState {
            value: value.into(),
            digest: None,
        };
        self.0.insert(InputName::new(kind, name), state);
    }

    fn option(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.add(InputKind::Option, name, value.to_string());
        }
    }

    fn switch(&mut self, name: &str, is_on: bool) {
        self.option(name, is_on.then_some("yes"));
    }

    /// Places in their order, which counts.
    fn places(&mut self, name: &str, places: &[String]) {
        if !places.is_empty() {
            let places: Vec<String> = places
                .iter()
                .map(|place| pypi::without_secret(place).0)
                .collect();
            self.add(InputKind::Source, name, places.join(" "));
        }
    }

    /// Texts whose digest counts, and which are too long to be told.
    fn digest<'a>(&mut self, name: &str, texts: impl IntoIterator<Item = &'a str>) {
        let mut texts = texts.into_iter().peekable();
        if texts.peek().is_some() {
            let state = InputState {
                value: None,
                digest: Some(Digest::of_texts(texts)),
            };
            self.0
                .insert(InputName::new(InputKind::Option, name), state);
        }
    }

    fn files(&mut self, name: &str, paths: &[impl AsRef<Path>]) -> Result<(), Report> {
        let mut texts = Vec::new();
        for path in paths {
            let text = ayon_disk::read_to_string(path.as_ref(), SIZE_LIMIT);
            texts.push(text.map_err(|error| Report::unknown(error.to_string()))?);
        }
        self.digest(name, texts.iter().map(String::as_str));
        Ok(())
    }

    fn names(&mut self, table: &str, names: &Names) {
        let pair = |(name, other): (&String, &Option<String>)| match other {
            Some(other) => format!("{name}={other}"),
            None => format!("{name} has none"),
        };
        let texts: Vec<String> = names.iter().map(pair).collect();
        self.digest(table, texts.iter().map(String::as_str));
    }
}

#[cfg(any(feature = "conda", feature = "venv"))]
fn python(settings: &Settings, found: &mut Found) -> Result<(), Report> {
    let choosing = &settings.packages.choosing;
    choice(settings, found);
    found.option("prerelease", choosing.prerelease.as_ref());
    found.files("constraint", &choosing.constraints)?;
    found.files("override", &choosing.overrides)?;
    let excluded: Vec<String> = choosing.exclude.iter().map(ToString::to_string).collect();
    found.option(
        "exclude-package",
        (!excluded.is_empty()).then(|| excluded.join(" ")),
    );
    found.switch("allow-build", choosing.build_python.is_some());
    let locking = &settings.packages.locking;
    found.switch("all-wheels", locking.all_wheels);
    let indexes = &settings.packages.indexes;
    if indexes.none {
        found.switch("no-index", true);
    } else {
        let mut all: Vec<String> = indexes.named.iter().map(|(_, url)| url.clone()).collect();
        all.extend(indexes.extra.iter().cloned());
        all.extend(indexes.last.clone());
        found.places("index", &all);
    }
    found.places("find-links", &indexes.find_links);
    let pins = indexes.pins.iter();
    let pins: Vec<String> = pins
        .map(|(package, index)| format!("{package}={index}"))
        .collect();
    found.option("package-index", (!pins.is_empty()).then(|| pins.join(" ")));
    Ok(())
}

/// What conda and Python are told alike.
#[cfg(any(feature = "conda", feature = "venv"))]
fn choice(settings: &Settings, found: &mut Found) {
    let choosing = &settings.packages.choosing;
    let usual = ayon_model::Floors::default();
    let floors = settings.packages.floors;
    found.option("exclude-newer", choosing.exclude_newer);
    found.option("resolution", choosing.resolution.as_ref());
    found.option(
        "glibc",
        (floors.glibc != usual.glibc).then_some(floors.glibc),
    );
    found.option(
        "macos",
        (floors.macos != usual.macos).then_some(floors.macos),
    );
    found.switch("with-provided", settings.packages.locking.with_provided);
}

#[cfg(feature = "conda")]
fn conda(settings: &Settings, found: &mut Found) -> Result<(), Report> {
    let conda = &settings.conda;
    choice(settings, found);
    found.places("channel", &conda.channels);
    found.option("channel-priority", conda.priority.as_ref());
    found.places("channel-alias", conda.alias.as_slice());
    found.option("cuda", conda.cuda.as_ref());
    let machine = &conda.virtual_packages;
    found.option(
        "virtual-package",
        (!machine.is_empty()).then(|| machine.join(" ")),
    );
    found.switch("no-pip", conda.no_pip);
    found.names("conda.names", &conda.names);
    found.files("conda-names", conda.names_file.as_slice())
}

#[cfg(feature = "rez")]
fn rez(settings: &Settings, found: &mut Found) {
    let rez = &settings.rez;
    let paths = rez.repositories.paths.clone().unwrap_or_default();
    found.places("rez-path", &paths);
    found.names("rez.names", &rez.names);
}
