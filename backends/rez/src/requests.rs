//! A resolution as rez requests: families, their ranges, their order, and who asks.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use ayon_backend::spec::{self, Body};
use ayon_backend::{EmitError, Object, Resolution, ResolvedDistribution};
use ayon_model::{Origin, Process};

use crate::names::{self, Options, platform_words, version_word};
use crate::versions::{semver_text, version_range};

const FORMAT: &str = "a rez request";

/// What a resolution asks of rez, in order of importance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Requests {
    /// What is fixed by the target: platform, processor, launcher, interpreter, host.
    pub(crate) target: Vec<Request>,
    /// The addons, by name.
    pub(crate) addons: Vec<Request>,
    /// The distributions that are not there already, by name.
    pub(crate) distributions: Vec<Request>,
    /// What rez has no words for.
    pub(crate) notes: Vec<String>,
    /// Every family with what it was asked for: two things must not meet in one.
    asked: BTreeMap<String, String>,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// As rez reads it: `clique-1.6+<1.7`.
    pub(crate) text: String,
    /// Its family.
    pub(crate) family: String,
    /// What it is, in AYON's words: `addon core`, `clique`.
    pub(crate) what: String,
    /// Who asks, in a few words for a comment; empty where that is the target or the bundle itself.
    pub(crate) who: String,
    /// Who asks, where that is written, and in which words; empty where the target asks.
    pub(crate) askers: Vec<(Origin, String)>,
    /// Whether it is for a package that this crate publishes.
    pub(crate) is_ours: bool,
}

impl Requests {
    /// The requests of a resolution.
    pub(crate) fn of(resolution: &Resolution, options: &Options) -> Result<Self, EmitError> {
        let mut requests = Self::default();
        requests.add_target(resolution, options)?;
        for addon in &resolution.addons {
            let mut request = Request::new(
                options.addon_family(&addon.name),
                &format!("=={}", semver_text(&addon.version)),
                format!("addon {}", addon.name),
            );
            request.askers = askers(resolution, &Object::Addon(addon.name.clone()));
            request.is_ours = true;
            requests.claim(&request)?;
            requests.addons.push(request);
        }
        for distribution in resolution.missing() {
            requests.add_distribution(distribution, options)?;
        }
        Ok(requests)
    }

    /// What a list of requests does not say: which addons a developer's folder stands in for, and what rez has no words for.
    pub(crate) fn all_notes(&self, resolution: &Resolution) -> Vec<String> {
        let developed = resolution
            .addons
            .iter()
            .filter(|addon| addon.development.is_some());
        let notes = developed.map(|addon| {
            let (name, version) = (&addon.name, &addon.version);
            format!(
                "addon {name} is read from a developer's folder; the request is for {version}, which the bundle pins"
            )
        });
        notes.chain(self.notes.iter().cloned()).collect()
    }

    /// All of them, in order of importance.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Request> {
        let groups = [&self.target, &self.addons, &self.distributions];
        groups.into_iter().flatten()
    }

    fn add_target(&mut self, resolution: &Resolution, options: &Options) -> Result<(), EmitError> {
        let target = &resolution.target;
        let (system, processor) = platform_words(target.platform);
        let python = crate::python_text(&resolution.python.version);
        let launcher = semver_text(&resolution.launcher.version);
        let mut fixed = vec![
            (
                names::PLATFORM,
                format!("-{system}"),
                "the platform".to_owned(),
            ),
            (
                names::ARCHITECTURE,
                format!("-{processor}"),
                "the processor".to_owned(),
            ),
            (
                names::LAUNCHER,
                format!("=={launcher}"),
                "the launcher".to_owned(),
            ),
            (
                names::PYTHON,
                format!("-{python}"),
                "the interpreter".to_owned(),
            ),
        ];
        if let Process::Host { name, version } = &target.process {
            let text = version_word(version);
            if *text != **version {
                self.notes.push(format!(
                    "host version {version} is requested as {text}, which rez can read"
                ));
            }
            fixed.push((name, format!("-{text}"), format!("host {name}")));
        }
        for (family, rest, what) in fixed {
            let mut request = Request::new(options.family(family), &rest, what);
            if family == names::LAUNCHER {
                request.askers = askers(resolution, &Object::Launcher);
                request.is_ours = true;
            }
            self.claim(&request)?;
            self.target.push(request);
        }
        Ok(())
    }

    fn add_distribution(
        &mut self,
        distribution: &ResolvedDistribution,
        options: &Options,
    ) -> Result<(), EmitError> {
        let name = &distribution.name;
        let Some(family) = options.distribution_family(name) else {
            self.notes.push(format!(
                "{name} is not requested: the site has no rez package of it"
            ));
            return Ok(());
        };
        self.note_the_unsayable(distribution);
        let range = version_range(&distribution.set);
        let text = range.text.ok_or_else(|| EmitError::Inexpressible {
            what: format!("{name} {}", distribution.set),
            format: FORMAT,
            reason: "no final release is in it, and rez knows no others in ranges; pin one version exactly".to_owned(),
        })?;
        self.notes
            .extend(range.notes.iter().map(|note| format!("{name}: {note}")));
        let mut request = Request::new(family, &separated(&text), name.to_string());
        request.who = spec::who(&distribution.askers);
        request.askers = distribution
            .askers
            .iter()
            .map(|asker| {
                (
                    asker.origin.clone(),
                    spec::without_secret(&format!("{name} {}", asker.text)).0,
                )
            })
            .collect();
        self.claim(&request)?;
        self.distributions.push(request);
        Ok(())
    }

    fn note_the_unsayable(&mut self, distribution: &ResolvedDistribution) {
        let name = &distribution.name;
        if let Some(source) = &distribution.source {
            let (source, _) = spec::without_secret(&source.to_string());
            self.notes.push(format!(
                "{name} is asked for from {source}; rez cannot say so, the package must be of that"
            ));
        }
        if !distribution.extras.is_empty() {
            let extras = distribution.extras.iter().map(pypi::ExtraName::as_str);
            let extras = extras.collect::<Vec<_>>().join(", ");
            self.notes.push(format!(
                "{name} is asked for with its extras ({extras}); rez cannot say so"
            ));
        }
    }

    /// Takes the family for this request alone.
    fn claim(&mut self, request: &Request) -> Result<(), EmitError> {
        match self.asked.entry(request.family.clone()) {
            Entry::Vacant(entry) => drop(entry.insert(request.what.clone())),
            Entry::Occupied(entry) => {
                return Err(EmitError::Inexpressible {
                    what: request.what.clone(),
                    format: FORMAT,
                    reason: format!(
                        "its family would be `{}`, which is the one of {} already; give one of them another name",
                        entry.key(),
                        entry.get()
                    ),
                });
            }
        }
        Ok(())
    }
}

impl Request {
    /// `rest` is the range with its separator.
    fn new(family: String, rest: &str, what: String) -> Self {
        Self {
            text: format!("{family}{rest}"),
            family,
            what,
            who: String::new(),
            askers: Vec::new(),
            is_ours: false,
        }
    }
}

/// Everybody who asks for an addon or the launcher.
fn askers(resolution: &Resolution, object: &Object) -> Vec<(Origin, String)> {
    let edges = resolution
        .edges
        .iter()
        .filter(|edge| edge.object == *object);
    edges
        .map(|edge| (edge.origin.clone(), format!("{object} {}", edge.range)))
        .collect()
}

/// A range with the separator that rez wants between it and a family's name.
pub(crate) fn separated(range: &str) -> String {
    let bare = range.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    if bare {
        format!("-{range}")
    } else {
        range.to_owned()
    }
}

/// Writes one resolution as a list of requests, one a line.
pub(crate) fn write(resolution: &Resolution, options: &Options) -> Result<Body, EmitError> {
    let requests = Requests::of(resolution, options)?;
    let mut text = String::new();
    let groups = [
        ("the target", &requests.target),
        ("the addons", &requests.addons),
    ];
    for (title, group) in groups {
        text.extend(["# ", title, "\n"]);
        for request in group {
            text.extend([request.text.as_str(), "\n"]);
        }
    }
    for request in &requests.distributions {
        text.extend(["# ", &request.who, "\n", &request.text, "\n"]);
    }
    let usage = "Lines with a number sign are comments: rez-env $(grep -v '^#' FILE)".to_owned();
    Ok(Body {
        usage: vec![usage],
        facts: Vec::new(),
        text,
        notes: requests.all_notes(resolution),
    })
}
