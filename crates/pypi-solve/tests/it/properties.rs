//! Random small worlds: every answer is held against what can be said of it without a solver.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use pypi::Constraint;
use pypi_solve::{Ask, From, MemoryIndex, Refusal, Solution, solve};

use crate::world::{ask, roots};

const NAMES: [&str; 5] = ["alpha", "beta", "gamma", "delta", "omega"];
const VERSIONS: [&str; 4] = ["1.0", "1.1", "2.0", "3.0b1"];
const RANGES: [&str; 7] = ["", ">=1.1", "<2", "==2.0", "!=1.1", ">2", ">=1.0,<1.1"];

/// Releases: which package, which version, what each needs.
type Releases = BTreeMap<(usize, usize), Vec<Need>>;

#[derive(Debug, Clone)]
struct Need {
    on: usize,
    range: usize,
    /// Only with the extra `x` of whoever needs it.
    is_extra: bool,
    /// Of its extra `x` too.
    wants_extra: bool,
}

fn needs() -> impl Strategy<Value = Vec<Need>> {
    let need = (
        0..NAMES.len(),
        0..RANGES.len(),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(on, range, is_extra, wants_extra)| Need {
            on,
            range,
            is_extra,
            wants_extra,
        });
    proptest::collection::vec(need, 0..3)
}

fn releases() -> impl Strategy<Value = Releases> {
    let release = (0..NAMES.len(), 0..VERSIONS.len());
    proptest::collection::btree_map(release, needs(), 0..16)
}

impl Need {
    fn text(&self) -> String {
        let extra = if self.wants_extra { "[x]" } else { "" };
        let marker = if self.is_extra { " ; extra == 'x'" } else { "" };
        format!("{}{extra}{}{marker}", NAMES[self.on], RANGES[self.range])
    }

    fn root(&self) -> String {
        let extra = if self.wants_extra { "[x]" } else { "" };
        format!("{}{extra}{}", NAMES[self.on], RANGES[self.range])
    }

    fn allows(&self, version: usize) -> bool {
        let set = pypi::VersionSet::from_specifiers(RANGES[self.range]).unwrap();
        set.contains(&VERSIONS[version].parse().unwrap())
    }
}

fn index(releases: &Releases) -> MemoryIndex {
    let mut index = MemoryIndex::new("a test");
    for ((name, version), needs) in releases {
        let texts: Vec<String> = needs.iter().map(Need::text).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        index.add(NAMES[*name], VERSIONS[*version], &texts);
    }
    index
}

fn asked(wanted: &[Need]) -> Ask {
    let texts: Vec<String> = wanted.iter().map(Need::root).collect();
    ask(&texts.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Whether any choice of one version or none per package, and of its extra, satisfies everybody.
fn is_satisfiable(releases: &Releases, wanted: &[Need]) -> bool {
    fn go(releases: &Releases, wanted: &[Need], chosen: &mut Vec<Option<usize>>) -> bool {
        if chosen.len() == NAMES.len() {
            return holds(releases, wanted, chosen);
        }
        let name = chosen.len();
        let versions = releases
            .keys()
            .filter(|(of, _)| *of == name)
            .map(|(_, version)| Some(*version));
        std::iter::once(None).chain(versions).any(|choice| {
            chosen.push(choice);
            let found = go(releases, wanted, chosen);
            chosen.pop();
            found
        })
    }
    go(releases, wanted, &mut Vec::new())
}

/// Whether a choice satisfies all that the roots lead to.
fn holds(releases: &Releases, wanted: &[Need], chosen: &[Option<usize>]) -> bool {
    let mut rest: Vec<Need> = wanted.to_vec();
    let mut seen: BTreeSet<(usize, bool)> = BTreeSet::new();
    while let Some(need) = rest.pop() {
        let Some(version) = chosen[need.on].filter(|version| need.allows(*version)) else {
            return false;
        };
        for extra in [false, true] {
            if (!extra || need.wants_extra) && seen.insert((need.on, extra)) {
                let of = &releases[&(need.on, version)];
                rest.extend(of.iter().filter(|of| of.is_extra == extra).cloned());
            }
        }
    }
    true
}

fn choice(solution: &Solution) -> BTreeMap<String, String> {
    let packages = solution.packages();
    packages
        .map(|package| (package.name.to_string(), package.version.to_string()))
        .collect()
}

fn answer(index: &MemoryIndex, ask: &Ask) -> Option<Solution> {
    match solve(index, ask, &|| false) {
        Ok(solution) => Some(solution),
        Err(Refusal::Conflict(_)) => None,
        Err(other) => panic!("{other}"),
    }
}

proptest! {
    #[test]
    fn there_is_an_answer_exactly_if_there_is_one(releases in releases(), wanted in proptest::collection::vec(needs(), 1..3)) {
        let wanted: Vec<Need> = wanted.into_iter().flatten().collect();
        let solution = answer(&index(&releases), &asked(&wanted));
        prop_assert_eq!(solution.is_some(), is_satisfiable(&releases, &wanted));
        let Some(solution) = solution else { return Ok(()) };

        // It is valid, and nothing is in it that nobody asks for.
        let place = |name: &str| NAMES.iter().position(|known| *known == name).unwrap();
        let mut chosen = vec![None; NAMES.len()];
        for (name, version) in choice(&solution) {
            chosen[place(&name)] = VERSIONS.iter().position(|known| *known == version);
        }
        prop_assert!(holds(&releases, &wanted, &chosen));
        for package in solution.packages() {
            prop_assert!(!package.wanted_by.is_empty(), "{} is there for nobody", package.name);
            for edge in &package.wanted_by {
                let Constraint::Versions { set, .. } = &edge.requirement.constraint else { panic!() };
                prop_assert!(set.contains(&package.version));
                if let From::Package(name, version) = &edge.from {
                    prop_assert_eq!(&solution.get(name).unwrap().version, version);
                }
            }
        }
    }

    #[test]
    fn neither_order_nor_the_unchosen_matter(releases in releases(), wanted in needs(), turn in 0..3_usize) {
        let Some(first) = answer(&index(&releases), &asked(&wanted)) else { return Ok(()) };
        let mut turned = wanted.clone();
        turned.rotate_left(turn.min(wanted.len()));
        let second = answer(&index(&releases), &asked(&turned)).unwrap();
        prop_assert_eq!(choice(&first), choice(&second));

        // What was not chosen may go, from the newest down to the oldest.
        let kept = choice(&first);
        let mut fewer = releases.clone();
        fewer.retain(|(name, version), _| kept.get(NAMES[*name]).map(String::as_str) == Some(VERSIONS[*version]));
        let alone = answer(&index(&fewer), &asked(&wanted)).unwrap();
        prop_assert_eq!(choice(&alone), kept.clone());

        // A lock that is locked again stays as it is.
        let mut again = asked(&wanted);
        again.preferences = first.packages().map(|package| (package.name.clone(), package.version.clone())).collect();
        prop_assert_eq!(choice(&answer(&index(&releases), &again).unwrap()), kept);
    }

    #[test]
    fn the_facts_of_a_conflict_conflict(releases in releases(), wanted in needs()) {
        let index = index(&releases);
        let Err(Refusal::Conflict(conflict)) = solve(&index, &asked(&wanted), &|| false) else { return Ok(()) };
        // Whoever is not among the facts may be taken away without making it solvable.
        let speaks = |name: usize| conflict.facts.iter().any(|fact| matches!(&fact.subject, pypi_solve::Subject::Package(of, _) if of.as_str() == NAMES[name]));
        let mut mute = releases.clone();
        for ((name, _), needs) in &mut mute {
            if !speaks(*name) {
                needs.clear();
            }
        }
        let mut asked = asked(&wanted);
        let number = |fact: &pypi_solve::Fact| match fact.subject {
            pypi_solve::Subject::Asker(asker) => Some(asker.0),
            pypi_solve::Subject::Package(..) => None,
        };
        let told: BTreeSet<u32> = conflict.facts.iter().filter_map(number).collect();
        let all = roots(&wanted.iter().map(Need::root).collect::<Vec<_>>().iter().map(String::as_str).collect::<Vec<_>>());
        asked.roots = all.into_iter().filter(|root| told.contains(&root.asker.0)).collect();
        prop_assert!(!asked.roots.is_empty());
        prop_assert!(answer(&crate::properties::index(&mute), &asked).is_none());
        prop_assert!(!conflict.contested.is_empty());
    }
}
