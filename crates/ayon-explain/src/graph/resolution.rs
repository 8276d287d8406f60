//! A resolution as a graph.
//!
//! Three layers meet here. Addons, the launcher and what they ask of Python are in every resolution. What an ecosystem's
//! solver chose comes on top: a venv's [lock](pypi::lock::Lock), or [artefacts](ayon_solve::Artefact) of conda or rez.
//! Where artefacts say which of them stand for what an addon asks, the bare wish is left out: it would be told twice.

use std::collections::{BTreeMap, BTreeSet};

use ayon_model::{Origin, Subject, printable};
use ayon_solve::{Artefact, Demander, Edge, Object, Resolution, ResolvedDistribution, Verb};
use pypi::lock::{Lock, LockedPackage};

use super::{Builder, Graph, HeldBack, Kind, NodeId};

impl Graph {
    /// Who needs whom in `resolution`.
    pub fn of(resolution: &Resolution) -> Self {
        let root = match &resolution.bundle {
            Some(name) => format!("bundle {name}"),
            None => Subject::Request.to_string(),
        };
        let mut builder = Builder::new(&root);
        builder.chosen(resolution);
        builder.given(resolution);
        let is_told = |artefact: &Artefact| {
            let mut demands = artefact.wanted_by.iter();
            demands.any(|demand| matches!(demand.by, Demander::Origin(_)))
        };
        let is_told = resolution.artefacts.iter().any(is_told);
        for distribution in resolution.distributions.values() {
            if distribution.given.is_some() || !is_told {
                builder.distribution(distribution);
            }
        }
        builder.artefacts(&resolution.artefacts);
        if let Some(lock) = &resolution.lock {
            builder.lock(lock, resolution);
        }
        builder.tie();
        builder.finish(resolution.target.to_string())
    }
}

impl Builder {
    /// Addons and launcher, and what they ask of each other, of the server and of the interpreter.
    fn chosen(&mut self, resolution: &Resolution) {
        for addon in &resolution.addons {
            let id = self.node(Kind::Addon, addon.name.as_str());
            self.version(id, &addon.version.to_string());
            if let Some(folder) = &addon.development {
                self.nodes[id.0].location = Some(printable(&folder.to_string_lossy()));
            }
        }
        let launcher = self.node(Kind::Launcher, "launcher");
        self.version(launcher, &resolution.launcher.version.to_string());
        self.nodes[launcher.0].location = Some(printable(&resolution.launcher.filename));
        let python = self.node(Kind::Python, "python");
        self.version(python, &resolution.python.version.to_string());
        self.nodes[python.0].is_given = true;
        let words = format!("python {}", resolution.python.version);
        self.asked(&resolution.python.origin, python, Verb::Provides, &words);
        // Whoever brings the interpreter provides it; that was told just now, in that word.
        let is_told =
            |edge: &&Edge| edge.object == Object::Python && edge.origin == resolution.python.origin;
        for edge in resolution.edges.iter().filter(|edge| !is_told(edge)) {
            let to = match &edge.object {
                Object::Server => self.node(Kind::Server, "server"),
                Object::Launcher => launcher,
                Object::Python => python,
                // What is not there is not needed: an addon that is only named "if present".
                Object::Addon(name) => match self.get(Kind::Addon, name.as_str()) {
                    Some(id) => id,
                    None => continue,
                },
                Object::Distribution(name) => self.node(Kind::Distribution, name.as_str()),
            };
            let verb = match &edge.origin.subject {
                Subject::Bundle(_) => Verb::Pins,
                _ => Verb::Needs,
            };
            let words = format!("{} {}", edge.object, edge.range);
            self.asked(&edge.origin, to, verb, words.trim_end());
        }
    }

    /// The modules that the process has.
    fn given(&mut self, resolution: &Resolution) {
        for (name, given) in &resolution.modules {
            let id = self.node(Kind::Distribution, name.as_str());
            let version = given.version.to_string();
            self.version(id, &version);
            self.nodes[id.0].is_given = true;
            let words = format!("{name} {version}");
            self.asked(&given.origin, id, Verb::Provides, &words);
        }
    }

    /// A distribution and the addons that ask for it.
    fn distribution(&mut self, distribution: &ResolvedDistribution) {
        let id = self.node(Kind::Distribution, distribution.name.as_str());
        if let Some(given) = &distribution.given {
            self.version(id, &given.version.to_string());
            self.nodes[id.0].is_given = true;
        } else {
            let allowed = match &distribution.source {
                Some(source) => source.to_string(),
                None => distribution.set.to_string(),
            };
            self.nodes[id.0].allowed = Some(printable(&allowed)).filter(|set| !set.is_empty());
        }
        for asker in &distribution.askers {
            let extras: Vec<&str> = asker.extras.iter().map(pypi::ExtraName::as_str).collect();
            let extras = match extras.as_slice() {
                [] => String::new(),
                extras => format!("[{}]", extras.join(",")),
            };
            let words = format!("{}{extras} {}", distribution.name, asker.text);
            self.asked(&asker.origin, id, Verb::Needs, words.trim_end());
        }
    }

    fn artefacts(&mut self, artefacts: &[Artefact]) {
        for artefact in artefacts {
            let id = self.node(Kind::Package, &artefact.name);
            let build = artefact.build.as_deref();
            let version = match build {
                Some(build) if !build.is_empty() => format!("{} {build}", artefact.version),
                _ => artefact.version.clone(),
            };
            self.version(id, version.trim_start());
            self.nodes[id.0].location = Some(printable(&artefact.location));
        }
        let names: BTreeSet<&str> = artefacts.iter().map(|artefact| &*artefact.name).collect();
        for artefact in artefacts {
            let id = self.node(Kind::Package, &artefact.name);
            for demand in &artefact.wanted_by {
                match &demand.by {
                    Demander::Origin(origin) => {
                        self.asked(origin, id, Verb::Needs, &demand.words);
                    }
                    Demander::Artefact(name) => {
                        let from = self.node(Kind::Package, name);
                        self.edge(from, id, Verb::Needs, &demand.words, None);
                    }
                }
            }
        }
        let told: BTreeSet<&str> = artefacts
            .iter()
            .filter(|artefact| !artefact.wanted_by.is_empty())
            .map(|artefact| &*artefact.name)
            .collect();
        // An ecosystem that does not say who wants a package says at least what each package wants.
        for artefact in artefacts {
            let from = self.node(Kind::Package, &artefact.name);
            for words in &artefact.requires {
                let Some((name, verb)) = named(words, &names) else {
                    continue;
                };
                let to = self.node(Kind::Package, name);
                if !told.contains(name) {
                    self.edge(from, to, verb, words, None);
                }
            }
        }
    }

    /// What a venv's solver chose, and why.
    fn lock(&mut self, lock: &Lock, resolution: &Resolution) {
        for package in &lock.packages {
            let id = self.node(Kind::Distribution, package.name.as_str());
            let node = &mut self.nodes[id.0];
            node.location = package.index.as_deref().map(printable);
            node.held_back = held_back(package);
            node.version = package.version.as_ref().map(ToString::to_string);
        }
        // A lock names the askers of the studio in words; those that the resolution knows are edges already.
        let mut origins: BTreeMap<String, &Origin> = BTreeMap::new();
        for asker in resolution
            .distributions
            .values()
            .flat_map(|asked| &asked.askers)
        {
            origins.insert(asker.origin.to_string(), &asker.origin);
        }
        for package in &lock.packages {
            let id = self.node(Kind::Distribution, package.name.as_str());
            for wanted in &package.wanted_by {
                if !wanted.is_root {
                    // `requests 2.31.0`: a name has no spaces.
                    let name = wanted.who.split_whitespace().next().unwrap_or_default();
                    let from = self.node(Kind::Distribution, name);
                    self.edge(from, id, Verb::Needs, &wanted.requirement, None);
                } else if !origins.contains_key(&wanted.who) {
                    // Typed or configured: a constraint, an override.
                    let words = format!("{} ({})", wanted.requirement, wanted.who);
                    self.edge(Self::root(), id, Verb::Needs, &words, None);
                }
            }
        }
    }

    fn asked(&mut self, origin: &Origin, to: NodeId, verb: Verb, words: &str) {
        let from = self.subject(&origin.subject);
        self.edge(from, to, verb, words, origin.place.as_ref());
    }

    /// The node of somebody who asks.
    fn subject(&mut self, subject: &Subject) -> NodeId {
        let (kind, name, version) = match subject {
            Subject::Request => return Self::root(),
            Subject::Bundle(name) => {
                let title = printable(&subject.to_string());
                if self.nodes[Self::root().0].name == title {
                    return Self::root();
                }
                (Kind::Bundle, name.to_string(), String::new())
            }
            Subject::Launcher(version) => {
                (Kind::Launcher, "launcher".to_owned(), version.to_string())
            }
            Subject::Host { name, version } => {
                (Kind::Host, format!("{name}/{version}"), String::new())
            }
            Subject::Addon { name, version } => {
                (Kind::Addon, name.to_string(), version.to_string())
            }
            Subject::Distribution { name, version } => {
                (Kind::Distribution, name.to_string(), version.to_string())
            }
            Subject::Studio(_) | Subject::DependencyPackage(_) | Subject::Index(_) => {
                (Kind::Other, subject.to_string(), String::new())
            }
        };
        let id = self.node(kind, &name);
        if self.nodes[id.0].version.is_none() {
            self.version(id, &version);
        }
        id
    }
}

fn held_back(package: &LockedPackage) -> Option<HeldBack> {
    let held_back = package.held_back.as_ref()?;
    Some(HeldBack {
        newest: held_back.newest.to_string(),
        by: held_back.by.iter().map(|by| printable(by)).collect(),
    })
}

/// Which of `names` a requirement is about, in conda's or rez's way of writing: `numpy >=1.2`, `python_abi 3.11.* *_cp311`,
/// `maya-2024+`, `~usd-23`, `!foo`.
fn named<'a>(words: &str, names: &BTreeSet<&'a str>) -> Option<(&'a str, Verb)> {
    let (verb, rest) = match words.strip_prefix('~') {
        Some(rest) => (Verb::IfPresentNeeds, rest),
        None => (Verb::Needs, words),
    };
    let rest = rest.rsplit("::").next().unwrap_or(rest);
    let end = rest.find(|c: char| c.is_whitespace() || "<>=!~#@[".contains(c));
    let whole = &rest[..end.unwrap_or(rest.len())];
    let before = rest.split('-').next().unwrap_or(rest);
    // Conda's names hold dashes; rez's do not, and a dash begins the version.
    let found = names.get(whole).or_else(|| names.get(before));
    found.map(|name| (*name, verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_name_packages_in_both_ways_of_writing() {
        let names = BTreeSet::from(["python", "python-dateutil", "maya", "usd"]);
        for (words, name, verb) in [
            ("python-dateutil >=2.8", "python-dateutil", Verb::Needs),
            ("python >=3.9,<3.10.0a0", "python", Verb::Needs),
            ("conda-forge::python", "python", Verb::Needs),
            ("maya-2024+<2026", "maya", Verb::Needs),
            ("~usd-23", "usd", Verb::IfPresentNeeds),
        ] {
            assert_eq!(named(words, &names), Some((name, verb)), "{words}");
        }
        assert_eq!(named("!maya", &names), None);
        assert_eq!(named("__glibc >=2.17", &names), None);
    }
}
