//! Everything that could be part of an answer: the records of all names that are reached from what is asked.
//!
//! This is where channel priority is decided. With strict priority the first channel that has a name is the only one
//! that is read for it: what the solver never sees it cannot take. Which channels were passed over is found again when
//! somebody asks.

use std::collections::{BTreeMap, BTreeSet};

use rattler_conda_types::RepoDataRecord;

use crate::spec::is_too_deep;
use crate::{Ask, PackageName, Priority, Record, Records, RecordsError, Root, Spec};

/// The records that could be part of an answer, by name.
pub(crate) struct World {
    offers: BTreeMap<PackageName, Offer>,
}

/// What there is of a name.
#[derive(Default)]
pub(crate) struct Offer {
    /// In the order of channels and subdirectories, and by address within one.
    pub(crate) candidates: Vec<Candidate>,
    /// The channels they are from, by their place in the question. With strict priority there is at most one.
    pub(crate) channels: Vec<usize>,
    /// Whether it is all that the question pins, and no channel was read.
    pub(crate) is_pinned: bool,
}

/// A record, and why it cannot be used if it cannot.
pub(crate) struct Candidate {
    pub(crate) record: Record,
    /// Where it is from, by place in the question: its channel and the subdirectory there.
    pub(crate) from: (usize, usize),
    pub(crate) bar: Option<Bar>,
    /// What the solver is given instead of it.
    instead: Option<Box<RepoDataRecord>>,
}

/// Why a record cannot be used, whatever else is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Bar {
    /// It is newer than what is looked at, or without a date.
    Newer,
    /// Somebody asks for the package from elsewhere.
    Elsewhere,
    /// What it depends on cannot be read safely.
    Unreadable,
}

impl World {
    /// Reads all that is reached from what is asked.
    pub(crate) fn read(ask: &Ask) -> Result<Self, RecordsError> {
        let demands = Demands::of(ask);
        let mut world = Self {
            offers: BTreeMap::new(),
        };
        let mut open: Vec<PackageName> = ask.asked().map(|root| root.spec.name().clone()).collect();
        while let Some(name) = open.pop() {
            if name.is_virtual() || world.offers.contains_key(&name) {
                continue;
            }
            let offer = Offer::read(ask, &name, demands.of_name(&name))?;
            for candidate in offer.usable() {
                for text in dependencies(&candidate.record) {
                    let needed =
                        rattler_conda_types::PackageName::normalized_name_from_matchspec_str(text);
                    if !world.offers.contains_key(&*needed) {
                        open.push(PackageName::of_dependency(text));
                    }
                }
            }
            world.offers.insert(name, offer);
        }
        world.break_ties(ask);
        Ok(world)
    }

    /// Without priority the best version is taken from anywhere, and of one version what an earlier channel has: so conda
    /// says and does. The solver compares builds next, by number, and channels not at all. So it is given a number in which
    /// the channel comes before the build; but not where somebody asks for builds by number.
    fn break_ties(&mut self, ask: &Ask) {
        if ask.priority != Priority::Disabled {
            return;
        }
        let specs = ask.asked().chain(&ask.constraints).map(|root| &root.spec);
        let mut by_number: BTreeSet<PackageName> = specs
            .filter(|spec| spec.rattler().build_number.is_some())
            .map(|spec| spec.name().clone())
            .collect();
        for candidate in self.offers.values().flat_map(Offer::usable) {
            let constrains = candidate.record.constrains().iter().map(String::as_str);
            let texts = dependencies(&candidate.record).chain(constrains);
            let texts = texts.filter(|text| text.contains("build_number"));
            by_number.extend(texts.map(PackageName::of_dependency));
        }
        for (name, offer) in &mut self.offers {
            if offer.channels.len() < 2 || by_number.contains(name) {
                continue;
            }
            for candidate in offer
                .candidates
                .iter_mut()
                .filter(|candidate| candidate.bar.is_none())
            {
                let mut instead = candidate.record.rattler().clone();
                let behind = ask.channels.len().saturating_sub(candidate.from.0) as u64;
                let number = &mut instead.package_record.build_number;
                *number = number.saturating_add(behind.saturating_mul(1 << 40));
                candidate.instead = Some(Box::new(instead));
            }
        }
    }

    /// All names that were reached.
    pub(crate) fn names(&self) -> impl Iterator<Item = &PackageName> {
        self.offers.keys()
    }

    /// With just these records.
    pub(crate) fn of(ask: &Ask, offers: BTreeMap<PackageName, Offer>) -> Self {
        let mut world = Self { offers };
        world.break_ties(ask);
        world
    }

    /// What there is of a name that was reached.
    pub(crate) fn offer(&self, name: &str) -> Option<&Offer> {
        self.offers.get(name)
    }

    /// The record that a solver chose of the lists. `None` for one of the caller's own.
    pub(crate) fn find(&self, chosen: &RepoDataRecord) -> Option<Record> {
        let offer = self
            .offers
            .get(chosen.package_record.name.as_normalized())?;
        let mut usable = offer.usable();
        let found = usable.find(|candidate| std::ptr::eq(candidate.for_solver(), chosen))?;
        Some(found.record.clone())
    }

    /// The records that may be used, as the lists that a solver takes: one for each subdirectory, in order.
    pub(crate) fn lists(&self) -> Vec<Vec<&RepoDataRecord>> {
        let mut lists: BTreeMap<(usize, usize), Vec<&RepoDataRecord>> = BTreeMap::new();
        for candidate in self.offers.values().flat_map(Offer::usable) {
            lists
                .entry(candidate.from)
                .or_default()
                .push(candidate.for_solver());
        }
        lists.into_values().collect()
    }
}

impl Candidate {
    /// A record that can be used.
    pub(crate) fn usable(record: Record, from: (usize, usize)) -> Self {
        Self {
            record,
            from,
            bar: None,
            instead: None,
        }
    }

    /// The record as the solver is given it.
    pub(crate) fn for_solver(&self) -> &RepoDataRecord {
        self.instead
            .as_deref()
            .unwrap_or_else(|| self.record.rattler())
    }
}

impl Offer {
    pub(crate) fn read(
        ask: &Ask,
        name: &PackageName,
        demands: &[&Spec],
    ) -> Result<Self, RecordsError> {
        let pinned = ask.pinned.iter().filter(|record| record.name() == *name);
        let mut offer = Self::default();
        offer.candidates.extend(pinned.map(|record| Candidate {
            bar: unreadable(record),
            ..Candidate::usable(record.clone(), (PINNED, 0))
        }));
        if !offer.candidates.is_empty() {
            offer.is_pinned = true;
            return Ok(offer);
        }
        for (place, channel) in ask.channels.iter().enumerate() {
            let mut found = read_channel(ask, place, channel, name, demands)?;
            // Whoever names a channel means it: what others have does not count, not even for priority.
            let counts = found
                .iter()
                .any(|candidate| candidate.bar != Some(Bar::Elsewhere));
            offer.candidates.append(&mut found);
            if counts {
                offer.channels.push(place);
                if ask.priority == Priority::Strict {
                    break;
                }
            }
        }
        Ok(offer)
    }

    /// Puts candidates in their order.
    pub(crate) fn sort(&mut self) {
        let key = |candidate: &Candidate| (candidate.from, candidate.record.url().to_owned());
        self.candidates.sort_by_cached_key(key);
    }

    pub(crate) fn usable(&self) -> impl Iterator<Item = &Candidate> {
        self.candidates
            .iter()
            .filter(|candidate| candidate.bar.is_none())
    }
}

/// Where pinned records are from: in front of all channels there can be they would hide nothing, and behind neither.
const PINNED: usize = usize::MAX;

pub(crate) fn read_channel(
    ask: &Ask,
    place: usize,
    channel: &[std::sync::Arc<dyn Records>],
    name: &PackageName,
    demands: &[&Spec],
) -> Result<Vec<Candidate>, RecordsError> {
    let mut found = Vec::new();
    for (subdir, records) in channel.iter().enumerate() {
        if !records.has(name) {
            continue;
        }
        let mut records = records.of(name)?;
        let url = |record: &Record| record.rattler().url.as_str().to_owned();
        if !records.is_sorted_by(|a, b| a.url() < b.url()) {
            records.sort_by_cached_key(url);
            records.dedup_by(|b, a| a.url() == b.url());
        }
        found.extend(records.into_iter().map(|record| Candidate {
            bar: bar(ask, &record, demands),
            ..Candidate::usable(record, (place, subdir))
        }));
    }
    Ok(found)
}

fn bar(ask: &Ask, record: &Record, demands: &[&Spec]) -> Option<Bar> {
    if !demands.iter().all(|spec| spec.is_from(record)) {
        return Some(Bar::Elsewhere);
    }
    ask.is_too_new(record)
        .then_some(Bar::Newer)
        .or_else(|| unreadable(record))
}

/// The texts of all that a record can need.
fn dependencies(record: &Record) -> impl Iterator<Item = &str> {
    let package = &record.rattler().package_record;
    let extra = package.extra_depends.values().flatten();
    package.depends.iter().chain(extra).map(String::as_str)
}

/// Texts from a channel may be anything. What cannot be parsed merely makes a record unusable, but what would take the
/// parser's stack or meets what it does not do must not come near it.
fn unreadable(record: &Record) -> Option<Bar> {
    let package = &record.rattler().package_record;
    let constrains = package.constrains.iter().map(String::as_str);
    let mut texts = dependencies(record).chain(constrains);
    texts.any(is_unreadable).then_some(Bar::Unreadable)
}

/// Whether a dependency's text must not come near the parser.
pub(crate) fn is_unreadable(text: &str) -> bool {
    text.len() > LONGEST
        || (text.contains(['(', '[']) && (is_too_deep(text) || text.contains("when")))
}

/// As long as no dependency that anybody wrote.
const LONGEST: usize = 4000;

/// Where packages must come from, by name: specs that name a channel, a subdirectory or a file.
pub(crate) struct Demands<'a>(BTreeMap<&'a PackageName, Vec<&'a Spec>>);

impl<'a> Demands<'a> {
    pub(crate) fn of(ask: &'a Ask) -> Self {
        let mut demands: BTreeMap<_, Vec<&Spec>> = BTreeMap::new();
        for Root { spec, .. } in ask.asked().chain(&ask.constraints) {
            if spec.has_place() {
                demands.entry(spec.name()).or_default().push(spec);
            }
        }
        Self(demands)
    }

    pub(crate) fn of_name(&self, name: &PackageName) -> &[&'a Spec] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}
