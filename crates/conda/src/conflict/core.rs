//! The smallest set of statements that cannot all be true, found by solving without some of them.
//!
//! A *statement* is one line of what one would tell: that somebody asks for a package, that records of one package need
//! another, that an earlier channel hides a later one. What the solver's own account names bounds where to look; within
//! that, statements are left out by halves for as long as what remains still cannot be.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rattler_conda_types::{GenericVirtualPackage, RepoDataRecord};
use rattler_solve::CancellationToken;

use crate::engine::{self, Outcome, Task};
use crate::world::{Bar, Demands, World, read_channel};
use crate::{Ask, PackageName, Priority, Record, SolveError, Spec, Strategy};

use super::asked::Asked;

/// One thing that is said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Said {
    /// Somebody outside asks; by place in the list of all that is asked.
    Asked(usize),
    /// Records of one package need another.
    Needs(PackageName, PackageName),
    /// Records of one package allow another only so.
    Constrains(PackageName, PackageName),
    /// What is pinned is all there is of a package.
    Pins(PackageName),
    /// Channels after the first that has it do not count for a package.
    Priority(PackageName),
    /// What is newer than the cut does not count for a package.
    Cut(PackageName),
}

/// All that can be said around some packages, and a way to find out what of it cannot be.
pub(super) struct Statements<'a> {
    pub(super) asked: Vec<Asked<'a>>,
    pub(super) all: Vec<Said>,
    pub(super) offers: BTreeMap<PackageName, Wide>,
    machine: Vec<GenericVirtualPackage>,
    token: &'a CancellationToken,
    /// How many records the solver was shown, and how many it is shown at most.
    shown: Cell<usize>,
    most_shown: usize,
}

/// Nobody waits longer than it takes to look at so many records: what is left by then is told, though it could be less.
/// On a channel of sixty thousand records it takes a hundredth of it.
const MOST_SHOWN: usize = 500_000;

/// All there is of a package in the channels of the question, whether it counts or not.
#[derive(Default)]
pub(super) struct Wide {
    pub(super) records: Vec<Known>,
}

/// A record, what may keep it from counting, and of what it speaks.
pub(super) struct Known {
    pub(super) record: Record,
    /// Where it is from, by place in the question: its channel and the subdirectory there.
    pub(super) from: (usize, usize),
    pub(super) is_pinned: bool,
    pub(super) is_hidden: bool,
    pub(super) is_newer: bool,
    /// Names, and the place of the text in what it needs.
    pub(super) needs: Vec<(PackageName, usize)>,
    /// Names, and the place of the text in what it constrains.
    pub(super) constrains: Vec<(PackageName, usize)>,
}

impl<'a> Statements<'a> {
    /// All that can be said around these packages.
    pub(super) fn around(
        ask: &'a Ask,
        world: &World,
        names: &BTreeSet<PackageName>,
        token: &'a CancellationToken,
    ) -> Result<Self, SolveError> {
        let demands = Demands::of(ask);
        let mut offers = BTreeMap::new();
        for name in names.iter().filter(|name| !name.is_virtual()) {
            offers.insert(name.clone(), Wide::read(ask, world, name, &demands)?);
        }
        let asked: Vec<Asked> = Asked::all(ask)
            .filter(|asked| names.contains(asked.spec.name()))
            .collect();
        let all = said(ask, &asked, &offers, names);
        Ok(Self {
            asked,
            all,
            offers,
            machine: ask.target.to_rattler(),
            token,
            shown: Cell::new(0),
            most_shown: MOST_SHOWN,
        })
    }

    /// A smallest set of statements that cannot all be true. Empty if all can.
    pub(super) fn smallest(&self) -> Result<Vec<Said>, SolveError> {
        if !self.cannot_be(&self.all)? {
            return Ok(Vec::new());
        }
        let near = self.smallest_of(&self.all)?;
        // What is far from who asks is often shorter told, as where two chains meet.
        let mut far_first = self.all.clone();
        far_first.reverse();
        let far = self.smallest_of(&far_first)?;
        Ok(if far.len() < near.len() { far } else { near })
    }

    /// Leaves out by halves; what comes first stays first (Junker's `QuickXplain`).
    fn smallest_of(&self, all: &[Said]) -> Result<Vec<Said>, SolveError> {
        let mut found = self.reduce(&[], false, all)?;
        found.sort_by_key(|said| self.all.iter().position(|other| other == said));
        Ok(found)
    }

    fn reduce(&self, kept: &[Said], is_new: bool, open: &[Said]) -> Result<Vec<Said>, SolveError> {
        if is_new && self.cannot_be(kept)? {
            return Ok(Vec::new());
        }
        if open.len() <= 1 || self.shown.get() > self.most_shown {
            return Ok(open.to_vec());
        }
        let (first, second) = open.split_at(open.len() / 2);
        let with = [kept, first].concat();
        let mut of_second = self.reduce(&with, true, second)?;
        let with = [kept, &of_second].concat();
        let mut found = self.reduce(&with, !of_second.is_empty(), first)?;
        found.append(&mut of_second);
        Ok(found)
    }

    /// Whether these statements cannot all be true.
    pub(super) fn cannot_be(&self, said: &[Said]) -> Result<bool, SolveError> {
        let said: BTreeSet<&Said> = said.iter().collect();
        let records = self.records(&said);
        self.shown.set(self.shown.get() + records.len());
        let mut lists: BTreeMap<(usize, usize), Vec<&RepoDataRecord>> = BTreeMap::new();
        for (from, record) in &records {
            lists.entry(*from).or_default().push(record);
        }
        let of_kind = |is_constraint: bool| {
            let asked = self.asked.iter().enumerate();
            let asked = asked.filter(|(place, asked)| {
                asked.is_constraint == is_constraint && said.contains(&Said::Asked(*place))
            });
            asked
                .map(|(_, asked)| asked.spec.rattler().clone())
                .collect()
        };
        let task = Task {
            lists: lists.into_values().collect(),
            preferred: Vec::new(),
            machine: &self.machine,
            specs: of_kind(false),
            constraints: of_kind(true),
            priority: Priority::Disabled,
            strategy: Strategy::Highest,
        };
        match engine::ask(task, self.token, false).map_err(SolveError::Unsupported)? {
            Outcome::Chosen(_) => Ok(false),
            Outcome::Unsolvable(_) => Ok(true),
            Outcome::Stopped => Err(SolveError::Stopped),
        }
    }

    /// The records that count if this is said, and of them only what is said.
    fn records(&self, said: &BTreeSet<&Said>) -> Vec<((usize, usize), RepoDataRecord)> {
        let mut records = Vec::new();
        let mut seen: BTreeSet<&PackageName> = BTreeSet::new();
        let mut open: Vec<&PackageName> = Vec::new();
        for (place, asked) in self.asked.iter().enumerate() {
            if said.contains(&Said::Asked(place)) {
                open.push(asked.spec.name());
            }
        }
        while let Some(name) = open.pop() {
            let Some(offer) = self.offers.get(name).filter(|_| seen.insert(name)) else {
                continue;
            };
            for known in offer.counting(name, said) {
                if !self.is_from(known, name, said) {
                    continue;
                }
                let full = known.record.rattler();
                let mut record = bare(full);
                for (to, place) in &known.needs {
                    if said.contains(&Said::Needs(name.clone(), to.clone())) {
                        record
                            .package_record
                            .depends
                            .extend(known.record.depends().get(*place).cloned());
                        open.push(to);
                    }
                }
                for (to, place) in &known.constrains {
                    if said.contains(&Said::Constrains(name.clone(), to.clone())) {
                        let text = known.record.constrains().get(*place);
                        record.package_record.constrains.extend(text.cloned());
                    }
                }
                records.push((known.from, record));
            }
        }
        records
    }

    /// Whether a record is from where it is asked for, if this is said.
    pub(super) fn is_from(
        &self,
        known: &Known,
        name: &PackageName,
        said: &BTreeSet<&Said>,
    ) -> bool {
        let mut asked = self.asked.iter().enumerate();
        asked.all(|(place, asked)| {
            asked.spec.name() != name
                || known.is_pinned
                || !said.contains(&Said::Asked(place))
                || asked.spec.is_from(&known.record)
        })
    }

    /// The spec of a text that a record has.
    pub(super) fn spec(text: &str) -> Option<Spec> {
        Spec::parse(text, crate::Dialect::Lenient).ok()
    }
}

impl Wide {
    fn read(
        ask: &Ask,
        world: &World,
        name: &PackageName,
        demands: &Demands<'_>,
    ) -> Result<Self, SolveError> {
        let offer = world.offer(name.as_str());
        let winner = offer.and_then(|offer| offer.channels.first().copied());
        let mut wide = Self::default();
        for record in ask.pinned.iter().filter(|record| record.name() == *name) {
            wide.records
                .push(Known::of(record.clone(), (usize::MAX, 0)));
        }
        wide.records
            .iter_mut()
            .for_each(|known| known.is_pinned = true);
        for (place, channel) in ask.channels.iter().enumerate() {
            for candidate in read_channel(ask, place, channel, name, demands.of_name(name))? {
                if candidate.bar == Some(Bar::Unreadable) {
                    continue;
                }
                let mut known = Known::of(candidate.record, candidate.from);
                known.is_hidden =
                    ask.priority == Priority::Strict && winner.is_some_and(|winner| place > winner);
                known.is_newer = ask.is_too_new(&known.record);
                wide.records.push(known);
            }
        }
        Ok(wide)
    }

    /// The records that count if this is said.
    pub(super) fn counting<'s>(
        &'s self,
        name: &PackageName,
        said: &BTreeSet<&Said>,
    ) -> impl Iterator<Item = &'s Known> {
        let is_pinned = said.contains(&Said::Pins(name.clone()));
        let is_cut = said.contains(&Said::Cut(name.clone()));
        let is_strict = said.contains(&Said::Priority(name.clone()));
        self.records.iter().filter(move |known| {
            if is_pinned || known.is_pinned {
                return known.is_pinned;
            }
            !(is_cut && known.is_newer || is_strict && known.is_hidden)
        })
    }
}

impl Known {
    fn of(record: Record, from: (usize, usize)) -> Self {
        let named = |texts: &[String]| {
            let names = texts.iter().map(|text| PackageName::of_dependency(text));
            names.zip(0..).collect()
        };
        Self {
            needs: named(record.depends()),
            constrains: named(record.constrains()),
            record,
            from,
            is_pinned: false,
            is_hidden: false,
            is_newer: false,
        }
    }
}

/// A record that needs nothing.
fn bare(full: &RepoDataRecord) -> RepoDataRecord {
    let package = &full.package_record;
    let mut bare = rattler_conda_types::PackageRecord::new(
        package.name.clone(),
        package.version.clone(),
        package.build.clone(),
    );
    bare.build_number = package.build_number;
    bare.md5 = package.md5;
    bare.sha256 = package.sha256;
    bare.license.clone_from(&package.license);
    bare.license_family.clone_from(&package.license_family);
    bare.track_features.clone_from(&package.track_features);
    RepoDataRecord {
        package_record: bare,
        identifier: full.identifier.clone(),
        url: full.url.clone(),
        channel: full.channel.clone(),
    }
}

/// All that can be said, what is nearest to who asks first.
fn said(
    ask: &Ask,
    asked: &[Asked<'_>],
    offers: &BTreeMap<PackageName, Wide>,
    names: &BTreeSet<PackageName>,
) -> Vec<Said> {
    let mut all: Vec<Said> = (0..asked.len()).map(Said::Asked).collect();
    let mut seen: BTreeSet<&PackageName> = BTreeSet::new();
    let mut open: VecDeque<&PackageName> = asked.iter().map(|asked| asked.spec.name()).collect();
    while let Some(name) = open.pop_front() {
        let Some((name, offer)) = offers.get_key_value(name).filter(|_| seen.insert(name)) else {
            continue;
        };
        let any = |is: fn(&Known) -> bool| offer.records.iter().any(is);
        if any(|known| known.is_pinned) {
            all.push(Said::Pins(name.clone()));
        }
        if any(|known| known.is_hidden) {
            all.push(Said::Priority(name.clone()));
        }
        if ask.exclude_newer.is_some() && any(|known| known.is_newer) {
            all.push(Said::Cut(name.clone()));
        }
        let mut needed: BTreeSet<&PackageName> = BTreeSet::new();
        let mut constrained: BTreeSet<&PackageName> = BTreeSet::new();
        for known in &offer.records {
            needed.extend(known.needs.iter().map(|(to, _)| to));
            constrained.extend(known.constrains.iter().map(|(to, _)| to));
        }
        let is_known = |to: &&&PackageName| names.contains(**to) || to.is_virtual();
        let constrained = constrained.iter().filter(is_known);
        all.extend(constrained.map(|to| Said::Constrains(name.clone(), (*to).clone())));
        for to in needed.iter().filter(is_known) {
            all.push(Said::Needs(name.clone(), (*to).clone()));
            open.push_back(to);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        Asker, Channel, ChannelBase, Dialect, MemoryRecords, Platform, Records, Root, Target,
    };

    /// A chain of packages at whose end two differ, and much beside it.
    fn question() -> Ask {
        let channel = Channel::parse("conda-forge", &ChannelBase::new("/")).unwrap();
        let mut records = MemoryRecords::new(channel, Platform::NOARCH);
        for place in 0..8 {
            let next = format!("link{}", place + 1);
            let beside = format!("beside{place}");
            records.give(&beside, "1", &[]);
            records.give(&format!("link{place}"), "1", &[&next, &beside]);
        }
        records.give("link8", "1", &["end <2"]);
        records.give("end", "1", &[]);
        records.give("end", "2", &[]);
        let records: Arc<dyn Records> = Arc::new(records);
        let mut ask = Ask::new(Target::new(Platform::LINUX_64));
        ask.channels = vec![vec![records]];
        ask.roots = ["link0", "end >=2", "beside0"]
            .map(|text| Root {
                spec: Spec::parse(text, Dialect::Strict).unwrap(),
                asker: Asker(0),
            })
            .to_vec();
        ask
    }

    #[test]
    fn little_is_left_and_with_little_patience_more() {
        let ask = question();
        let world = World::read(&ask).unwrap();
        let names = world.names().cloned().collect();
        let token = CancellationToken::new();
        let mut statements = Statements::around(&ask, &world, &names, &token).unwrap();
        let smallest = statements.smallest().unwrap();
        // Two who ask, and nine steps from one to the other.
        assert_eq!(smallest.len(), 11, "{smallest:?}");
        for place in 0..smallest.len() {
            let mut fewer = smallest.clone();
            fewer.remove(place);
            assert!(!statements.cannot_be(&fewer).unwrap(), "{fewer:?}");
        }
        let shown = statements.shown.get();
        statements.shown.set(0);
        statements.most_shown = 100;
        let short = statements.smallest().unwrap();
        assert!(statements.shown.get() < shown);
        assert!(short.len() > smallest.len());
        assert!(statements.cannot_be(&short).unwrap());
    }
}
