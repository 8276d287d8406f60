//! Against brute force in tiny worlds: every choice there is, by rules written down again.

use std::collections::BTreeSet;
use std::sync::Arc;

use conda::{
    Ask, MemoryRecords, OwnRecord, Platform, Priority, Record, RecordFacts, Records, SolveError,
    Target,
};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use crate::worlds::{answer, channel, roots};

const NAMES: [&str; 4] = ["a", "b", "c", "d"];
const VERSIONS: u8 = 3;

/// What is asked of a package: its place among the names, a comparison, and a version.
#[derive(Clone, Debug)]
struct Asks {
    name: usize,
    comparison: &'static str,
    version: u8,
}

impl Asks {
    fn text(&self) -> String {
        match self.comparison {
            "" => NAMES[self.name].to_owned(),
            comparison => format!("{} {comparison}{}", NAMES[self.name], self.version),
        }
    }

    fn allows(&self, version: u8) -> bool {
        match self.comparison {
            ">=" => version >= self.version,
            "<" => version < self.version,
            "==" => version == self.version,
            "!=" => version != self.version,
            _ => true,
        }
    }
}

#[derive(Clone, Debug)]
struct Package {
    channel: usize,
    name: usize,
    version: u8,
    depends: Vec<Asks>,
    constrains: Vec<Asks>,
    needs_cuda: bool,
}

#[derive(Clone, Debug)]
struct Tiny {
    packages: Vec<Package>,
    asked: Vec<Asks>,
    constraints: Vec<Asks>,
    priority: Priority,
    has_cuda: bool,
}

fn asks() -> impl Strategy<Value = Asks> {
    let comparison = prop::sample::select(vec!["", "", "", ">=", "<", "==", "!="]);
    (0..NAMES.len(), comparison, 1..=VERSIONS).prop_map(|(name, comparison, version)| Asks {
        name,
        comparison,
        version,
    })
}

fn package() -> impl Strategy<Value = Package> {
    let depends = prop::collection::vec(asks(), 0..3);
    let constrains = prop::collection::vec(asks(), 0..2);
    let place = (0..2_usize, 0..NAMES.len(), 1..=VERSIONS);
    (place, depends, constrains, prop::bool::weighted(0.1)).prop_map(
        |((channel, name, version), mut depends, mut constrains, needs_cuda)| {
            depends.retain(|asks| asks.name != name);
            constrains.retain(|asks| asks.name != name);
            Package {
                channel,
                name,
                version,
                depends,
                constrains,
                needs_cuda,
            }
        },
    )
}

fn tiny() -> impl Strategy<Value = Tiny> {
    let priority = prop::sample::select(vec![
        Priority::Strict,
        Priority::Flexible,
        Priority::Disabled,
    ]);
    let packages = prop::collection::vec(package(), 4..24);
    let asked = prop::collection::vec(asks(), 1..3);
    (
        packages,
        asked,
        prop::collection::vec(asks(), 0..2),
        priority,
        any::<bool>(),
    )
        .prop_map(|(mut packages, asked, constraints, priority, has_cuda)| {
            let mut seen = BTreeSet::new();
            packages
                .retain(|package| seen.insert((package.channel, package.name, package.version)));
            Tiny {
                packages,
                asked,
                constraints,
                priority,
                has_cuda,
            }
        })
}

impl Tiny {
    fn ask(&self) -> Ask {
        let mut target = Target::new(Platform::LINUX_64);
        if self.has_cuda {
            target = target.with_cuda("12".parse().unwrap_or_else(|error| panic!("{error}")));
        }
        let mut ask = Ask::new(target);
        for (place, name) in ["first", "second"].into_iter().enumerate() {
            let channel = channel(name);
            let mut memory = MemoryRecords::new(channel.clone(), Platform::NOARCH);
            for package in self
                .packages
                .iter()
                .filter(|package| package.channel == place)
            {
                let record = package.facts().at(&channel, Platform::NOARCH);
                memory.add(record.unwrap_or_else(|error| panic!("{error}")));
            }
            let memory: Arc<dyn Records> = Arc::new(memory);
            ask.channels.push(vec![memory]);
        }
        ask.priority = self.priority;
        ask.roots = texts(&self.asked);
        ask.constraints = texts(&self.constraints);
        ask
    }

    /// The packages that count, by name.
    fn counting(&self, name: usize) -> Vec<&Package> {
        let of_name = self.packages.iter().filter(|package| package.name == name);
        let first = of_name.clone().map(|package| package.channel).min();
        of_name
            .filter(|package| self.priority != Priority::Strict || Some(package.channel) == first)
            .collect()
    }

    /// Whether this is an answer, but for packages that nobody needs.
    fn holds(&self, chosen: &[Option<&Package>]) -> bool {
        let has =
            |asks: &Asks| chosen[asks.name].is_some_and(|package| asks.allows(package.version));
        let allows =
            |asks: &Asks| chosen[asks.name].is_none_or(|package| asks.allows(package.version));
        let is_fine = |package: &&Package| {
            package.depends.iter().all(has)
                && package.constrains.iter().all(allows)
                && (self.has_cuda || !package.needs_cuda)
        };
        self.asked.iter().all(has)
            && self.constraints.iter().all(allows)
            && chosen.iter().flatten().all(is_fine)
    }

    fn can_be(&self) -> bool {
        let choices: Vec<Vec<Option<&Package>>> = (0..NAMES.len())
            .map(|name| {
                std::iter::once(None)
                    .chain(self.counting(name).into_iter().map(Some))
                    .collect()
            })
            .collect();
        let total: usize = choices.iter().map(Vec::len).product();
        (0..total).any(|mut number| {
            let chosen: Vec<Option<&Package>> = choices
                .iter()
                .map(|choices| {
                    let chosen = choices[number % choices.len()];
                    number /= choices.len();
                    chosen
                })
                .collect();
            self.holds(&chosen)
        })
    }

    /// The packages that records stand for; an error if one does not count.
    fn chosen(&self, records: &[Record]) -> Result<Vec<Option<&Package>>, TestCaseError> {
        let mut chosen = vec![None; NAMES.len()];
        for record in records {
            let name = NAMES
                .iter()
                .position(|name| *name == record.name().as_str());
            let name = name.ok_or_else(|| TestCaseError::fail("a name that is none"))?;
            let is_it = |package: &&Package| {
                package.version.to_string() == record.version().to_string()
                    && ["first", "second"][package.channel] == record.channel().to_string()
            };
            let found = self.counting(name).into_iter().find(is_it);
            prop_assert!(
                found.is_some() && chosen[name].is_none(),
                "{record} does not count"
            );
            chosen[name] = found;
        }
        Ok(chosen)
    }
}

impl Package {
    fn facts(&self) -> RecordFacts {
        let mut facts = RecordFacts::new(NAMES[self.name], &self.version.to_string(), "0");
        facts.depends = self.depends.iter().map(Asks::text).collect();
        facts
            .depends
            .extend(self.needs_cuda.then(|| "__cuda >=11".to_owned()));
        facts.constrains = self.constrains.iter().map(Asks::text).collect();
        facts
    }
}

fn texts(asks: &[Asks]) -> Vec<conda::Root> {
    let texts: Vec<String> = asks.iter().map(Asks::text).collect();
    roots(&texts.iter().map(String::as_str).collect::<Vec<_>>())
}

/// What was chosen, or the conflict as facts.
fn told(ask: &Ask) -> Result<Vec<Record>, String> {
    match answer(ask) {
        Ok(solution) => Ok(solution.records),
        Err(SolveError::Conflict(conflict)) => Err(format!("{:#?}", conflict.statements)),
        Err(other) => panic!("{other}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn answers_are_those_of_brute_force(tiny in tiny()) {
        match told(&tiny.ask()) {
            Ok(records) => {
                let chosen = tiny.chosen(&records)?;
                prop_assert!(tiny.holds(&chosen), "{records:?}");
                // Nothing is there that nobody needs.
                let mut needed: BTreeSet<usize> = tiny.asked.iter().map(|asks| asks.name).collect();
                for _ in NAMES {
                    let of = |name: &usize| chosen[*name].into_iter().flat_map(|package| &package.depends);
                    let more: Vec<usize> = needed.iter().flat_map(of).map(|asks| asks.name).collect();
                    needed.extend(more);
                }
                prop_assert_eq!(records.len(), needed.len());
            }
            Err(_) => prop_assert!(!tiny.can_be()),
        }
    }

    #[test]
    fn order_does_not_matter(tiny in tiny(), turn in 0..24_usize) {
        let mut other = tiny.clone();
        other.asked.reverse();
        other.constraints.reverse();
        if !other.packages.is_empty() {
            let turn = turn % other.packages.len();
            other.packages.rotate_left(turn);
        }
        let (one, two) = (told(&tiny.ask()), told(&other.ask()));
        prop_assert_eq!(one.is_ok(), two.is_ok());
        if one.is_ok() {
            prop_assert_eq!(one, two);
        }
    }

    #[test]
    fn ones_own_ask_as_roots_do(tiny in tiny(), split in 0..4_usize) {
        let direct = tiny.ask();
        let mut through = tiny.ask();
        let others = through.roots.split_off(split.min(through.roots.len()));
        let own = |name: &str, holds: Vec<usize>, depends: Vec<conda::Root>| OwnRecord {
            name: name.to_owned(), version: "1".to_owned(), holds, depends,
        };
        through.own = vec![own("bundle", vec![1], Vec::new()), own("addon", Vec::new(), others)];
        prop_assert_eq!(told(&direct).is_ok(), told(&through).is_ok());
        if let Ok(records) = told(&through) {
            prop_assert!(tiny.holds(&tiny.chosen(&records)?));
        }
    }

    #[test]
    fn an_answer_stays_where_it_was(tiny in tiny()) {
        let mut ask = tiny.ask();
        if let Ok(records) = told(&ask) {
            ask.preferred = records.clone();
            prop_assert_eq!(&told(&ask), &Ok(records.clone()));
            ask.preferred.clear();
            ask.pinned = records.clone();
            prop_assert_eq!(told(&ask), Ok(records));
        }
    }

    #[test]
    fn conflicts_are_told_by_what_was_said(tiny in tiny()) {
        let ask = tiny.ask();
        if let Err(SolveError::Conflict(conflict)) = answer(&ask) {
            prop_assert!(!conflict.statements.is_empty());
            let lines = conflict.lines(&|speaker| format!("{speaker:?}"));
            prop_assert!(lines.len() <= 12, "{lines:#?}");
            // What is asked and not among the statements is not needed for the conflict.
            let is_told = |root: &conda::Root| conflict.statements.iter().any(|said| {
                said.speaker == conda::Speaker::Asker(root.asker) && said.about == *root.spec.name()
            });
            let mut fewer = ask.clone();
            fewer.roots.retain(is_told);
            fewer.constraints.retain(is_told);
            prop_assert!(told(&fewer).is_err());
            for remedy in &conflict.remedies {
                prop_assert!(told(&remedy.apply(&ask)).is_ok(), "{remedy:?}");
            }
        }
    }
}
