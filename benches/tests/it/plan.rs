//! Plans over the whole corpus against a search that tries everything in order of preference.
//!
//! The search knows nothing of positions, cells or learning: it takes the best candidate of the most important addon,
//! then of the next, adds what they require, ends with the launcher, and checks every pair of facts anew each time. It
//! is only quick where the best answer is near, which is what real plans are like; the rest it gives up.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use ayon_benches::plan;
use ayon_model::{
    AddonName, AddonRelease, LauncherBuild, PythonRequirement, Studio, System, Version,
    VersionRange,
};
use ayon_solve::{Question, Refusal, Resolution, Wanted, resolve};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestRunner;
use pypi::{Constraint, DistributionName, VersionSet};

use crate::World;
use crate::python_semver::satisfied;

const SYSTEM: System = System::Linux;

pub(crate) fn the_newest_finals_are_chosen_over_the_whole_corpus(world: &World) {
    let asked = ["core", "maya", "nuke", "houdini", "ftrack"];
    let resolution = resolve(&world.studio, &plan(&asked, ">=1.6.0"), &|| None).unwrap();
    let picks = picks(&resolution);
    assert_eq!(
        violations(&world.studio, &picks, &resolution.launcher.version),
        Vec::<String>::new()
    );
    // Nothing stands in the way of the newest of anything.
    let newest = |name: &&str| {
        let name = AddonName::from(*name);
        let newest = world.studio.addons[&name]
            .releases
            .keys()
            .filter(|version| is_final(version))
            .max();
        (name, newest.unwrap().clone())
    };
    assert_eq!(picks, asked.iter().map(newest).collect());
    let newest = world
        .studio
        .launchers
        .keys()
        .filter(|version| is_final(version))
        .max();
    assert_eq!(Some(&resolution.launcher.version), newest);
    let asked = asked.map(|name| Asked {
        name: name.into(),
        bound: None,
    });
    assert_eq!(
        exhaustive(&world.studio, &asked, ">=1.6.0"),
        Ok(Some((picks, resolution.launcher.version)))
    );
}

/// Random plans in which the newest often does not go: addons held back, and old launchers.
pub(crate) fn plans_agree_with_exhaustive_search(world: &World) {
    let studio = &world.studio;
    let names: Vec<AddonName> = studio.addons.keys().cloned().collect();
    // Older launchers do not say what they bring.
    let told = |version: &&Version| **version >= Version::new(1, 5, 0);
    let launchers: Vec<String> = studio
        .launchers
        .keys()
        .filter(told)
        .map(ToString::to_string)
        .collect();
    // Nearly everything requires core, so a bound on core is what hurts.
    let core = names
        .iter()
        .position(|name| name.as_str() == "core")
        .unwrap();
    let name = prop_oneof![3 => 0..names.len(), 1 => Just(core)];
    let bound = (select(vec!["<=", "<", "==", ">="]), any::<Index>());
    let asks = proptest::collection::vec((name, proptest::option::weighted(0.7, bound)), 1..7);
    let launcher = (select(vec!["==", ">=", "<="]), select(launchers));
    let launcher = launcher.prop_map(|(sign, version)| format!("{sign}{version}"));
    let mut runner = TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(300)
    });
    let (solved, refused) = (Cell::new(0), Cell::new(0));
    let run = runner.run(&(asks, launcher), |(asks, launcher)| {
        let mut asked: Vec<Asked> = Vec::new();
        for (name, bound) in asks {
            let name = &names[name];
            if asked.iter().all(|asked| asked.name != *name) {
                let versions: Vec<&Version> = studio.addons[name].releases.keys().collect();
                let bound = bound.map(|(sign, bound)| format!("{sign}{}", bound.get(&versions)));
                asked.push(Asked {
                    name: name.clone(),
                    bound,
                });
            }
        }
        let Ok(expected) = exhaustive(studio, &asked, &launcher) else {
            return Ok(());
        };
        let counter = if expected.is_some() {
            &solved
        } else {
            &refused
        };
        counter.set(counter.get() + 1);
        match resolve(studio, &question(&asked, &launcher), &|| None) {
            Ok(resolution) => {
                let picks = picks(&resolution);
                prop_assert_eq!(
                    violations(studio, &picks, &resolution.launcher.version),
                    Vec::<String>::new()
                );
                prop_assert_eq!(Some((picks, resolution.launcher.version)), expected);
            }
            Err(Refusal::Conflict(_)) => prop_assert_eq!(expected, None),
            Err(refusal) => prop_assert!(false, "{}", refusal),
        }
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
    // Neither answer is so rare that the other is all that was tested.
    assert!(
        solved.get() > 100 && refused.get() > 10,
        "{solved:?} {refused:?}"
    );
}

/// An addon asked for, perhaps bounded by a range.
#[derive(Clone, Debug)]
struct Asked {
    name: AddonName,
    bound: Option<String>,
}

fn question(asked: &[Asked], launcher: &str) -> Question {
    let names: Vec<&str> = asked.iter().map(|asked| asked.name.as_str()).collect();
    let mut question = plan(&names, launcher);
    for (ask, asked) in question.addons.iter_mut().zip(asked) {
        if let Some(bound) = &asked.bound {
            ask.wanted = Wanted::Within(VersionRange::read(bound));
        }
    }
    question
}

type Picks = BTreeMap<AddonName, Version>;

fn picks(resolution: &Resolution) -> Picks {
    resolution
        .addons
        .iter()
        .map(|addon| (addon.name.clone(), addon.version.clone()))
        .collect()
}

fn is_final(version: &Version) -> bool {
    version.pre.is_empty() && version.build.is_empty()
}

/// Best first: finals before all else, then by version.
fn best_first<'a>(versions: impl Iterator<Item = &'a Version>) -> Vec<&'a Version> {
    let mut versions: Vec<&Version> = versions.collect();
    versions.sort_by(|a, b| (is_final(b), b).cmp(&(is_final(a), a)));
    versions
}

/// The search took too many steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct TooFar;

/// The best answer by trying every combination, most preferred first, or nothing.
fn exhaustive(
    studio: &Studio,
    asked: &[Asked],
    launcher: &str,
) -> Result<Option<(Picks, Version)>, TooFar> {
    let mut launchers = best_first(studio.launchers.keys());
    launchers.retain(|version| satisfied(&version.to_string(), launcher) == Ok(true));
    Search {
        studio,
        asked,
        launchers,
        steps: Cell::new(0),
    }
    .extend(&mut Picks::new())
}

struct Search<'a> {
    studio: &'a Studio,
    asked: &'a [Asked],
    launchers: Vec<&'a Version>,
    steps: Cell<u32>,
}

impl Search<'_> {
    /// Decides the first undecided addon that is asked for, then those that the picks require, then the launcher.
    fn extend(&self, picks: &mut Picks) -> Result<Option<(Picks, Version)>, TooFar> {
        let asked = self
            .asked
            .iter()
            .map(|asked| &asked.name)
            .find(|name| !picks.contains_key(*name));
        let Some(name) = asked.cloned().or_else(|| required(self.studio, picks)) else {
            let mut fitting = self
                .launchers
                .iter()
                .filter(|version| violations(self.studio, picks, version).is_empty());
            return Ok(fitting
                .next()
                .map(|launcher| (picks.clone(), (*launcher).clone())));
        };
        for version in self.candidates(&name) {
            self.steps.set(self.steps.get() + 1);
            if self.steps.get() > 500 {
                return Err(TooFar);
            }
            picks.insert(name.clone(), version.clone());
            // A launcher that suits the picks so far must be left, or nothing further down can succeed.
            let mut launchers = self.launchers.iter();
            if launchers.any(|launcher| contradictions(self.studio, picks, launcher).is_empty())
                && let Some(answer) = self.extend(picks)?
            {
                return Ok(Some(answer));
            }
            picks.remove(&name);
        }
        Ok(None)
    }

    fn candidates(&self, name: &AddonName) -> Vec<&Version> {
        let bound = self
            .asked
            .iter()
            .find(|asked| asked.name == *name)
            .and_then(|asked| asked.bound.as_deref());
        let within = |version: &&Version| {
            bound.is_none_or(|bound| satisfied(&version.to_string(), bound) == Ok(true))
        };
        let releases = self.studio.addons.get(name).map(|addon| &addon.releases);
        best_first(
            releases
                .into_iter()
                .flat_map(|releases| releases.keys())
                .filter(within),
        )
    }
}

/// The first addon that a pick requires and nobody has picked.
fn required(studio: &Studio, picks: &Picks) -> Option<AddonName> {
    let releases = picks
        .iter()
        .map(|(name, version)| release(studio, name, version));
    let needed = releases.flat_map(|release| &release.relations().unwrap().required);
    needed
        .filter(|(_, range)| range.is_some())
        .map(|(name, _)| name)
        .find(|name| !picks.contains_key(*name))
        .cloned()
}

/// Everything that is wrong with a complete set of picks.
fn violations(studio: &Studio, picks: &Picks, launcher: &Version) -> Vec<String> {
    let mut violations = contradictions(studio, picks, launcher);
    violations
        .extend(required(studio, picks).map(|name| format!("{name} is required and missing")));
    violations
}

/// Everything among these picks that cannot be mended by picking more.
fn contradictions(studio: &Studio, picks: &Picks, launcher: &Version) -> Vec<String> {
    let build = studio.launchers[launcher]
        .builds_for(SYSTEM)
        .next()
        .unwrap();
    let mut found = Vec::new();
    let mut asked: BTreeMap<&DistributionName, VersionSet> = BTreeMap::new();
    let mut sources: BTreeMap<&DistributionName, BTreeSet<String>> = BTreeMap::new();
    for (name, version) in picks {
        let release = release(studio, name, version);
        let relations = release.relations().unwrap();
        let mut must = |what: &str, version: &str, range: &VersionRange| {
            if satisfied(version, range.text()) != Ok(true) {
                found.push(format!("{name}: {what} {version} is not {range}"));
            }
        };
        if let Some(range) = &relations.server {
            must("server", studio.server_version.as_deref().unwrap(), range);
        }
        if let Some(range) = &relations.launcher {
            must("launcher", &launcher.to_string(), range);
        }
        for (other, range) in relations.required.iter().chain(&relations.soft_required) {
            if let (Some(version), Some(range)) = (picks.get(other), range) {
                must(other.as_str(), &version.to_string(), range);
            }
        }
        for (other, range) in &relations.required {
            if range.is_none() && picks.contains_key(other) {
                found.push(format!("{name}: {other} must not be there"));
            }
        }
        if let (Some(interpreter), Some(python)) = (&release.python.interpreter, &build.python)
            && !interpreter.set.contains(python)
        {
            found.push(format!(
                "{name}: Python {python} is not {}",
                interpreter.text
            ));
        }
        for requirement in release
            .python
            .distributions
            .iter()
            .filter(|requirement| reaches(requirement))
        {
            let distribution = &requirement.dependency.name;
            match &requirement.dependency.constraint {
                Constraint::Versions { set, .. } => {
                    let merged = asked.entry(distribution).or_insert_with(VersionSet::any);
                    *merged = merged.intersection(set);
                }
                Constraint::Source(source) => {
                    sources
                        .entry(distribution)
                        .or_default()
                        .insert(source.to_string());
                }
            }
        }
    }
    for (distribution, set) in asked {
        let given = given(build, distribution);
        if set.is_empty() || given.is_some_and(|given| !set.contains(given)) {
            found.push(format!(
                "{distribution}: {given:?} and what is asked do not meet"
            ));
        }
    }
    for (distribution, sources) in sources {
        if sources.len() > 1 || given(build, distribution).is_some() {
            found.push(format!("{distribution}: more than one source"));
        }
    }
    found
}

fn given<'a>(
    build: &'a LauncherBuild,
    distribution: &DistributionName,
) -> Option<&'a pypi::Version> {
    build
        .modules
        .get(distribution)
        .or_else(|| build.runtime_modules.get(distribution))
}

/// The launcher's process gets both halves; markers do not occur in the corpus.
fn reaches(requirement: &PythonRequirement) -> bool {
    assert!(requirement.dependency.marker.is_none());
    requirement.system.is_none_or(|system| system == SYSTEM)
}

fn release<'a>(studio: &'a Studio, name: &AddonName, version: &Version) -> &'a AddonRelease {
    &studio.addons[name].releases[version]
}
