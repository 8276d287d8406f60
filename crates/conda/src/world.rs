//! Everything that could be part of an answer: the records of all names that are reached from what is asked.
//!
//! This is where channel priority is decided. With strict priority the first channel that has a name is the only one
//! that is read for it: what the solver never sees it cannot take. Which channels were passed over is found again when
//! somebody asks.

use std::collections::BTreeMap;

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
        Ok(world)
    }

    /// All names that were reached.
    pub(crate) fn names(&self) -> impl Iterator<Item = &PackageName> {
        self.offers.keys()
    }

    /// What there is of a name that was reached.
    pub(crate) fn offer(&self, name: &str) -> Option<&Offer> {
        self.offers.get(name)
    }

    /// The record that a solver chose of the lists. `None` for one of the caller's own.
    pub(crate) fn find(&self, chosen: &rattler_conda_types::RepoDataRecord) -> Option<Record> {
        let offer = self
            .offers
            .get(chosen.package_record.name.as_normalized())?;
        let mut usable = offer.usable();
        let found = usable.find(|candidate| std::ptr::eq(candidate.record.rattler(), chosen))?;
        Some(found.record.clone())
    }

    /// The records that may be used, as the lists that a solver takes: one for each subdirectory, in order.
    pub(crate) fn lists(&self) -> Vec<Vec<&Record>> {
        let mut lists: BTreeMap<(usize, usize), Vec<&Record>> = BTreeMap::new();
        for candidate in self.offers.values().flat_map(Offer::usable) {
            lists
                .entry(candidate.from)
                .or_default()
                .push(&candidate.record);
        }
        lists.into_values().collect()
    }
}

impl Offer {
    fn read(ask: &Ask, name: &PackageName, demands: &[&Spec]) -> Result<Self, RecordsError> {
        let pinned = ask.pinned.iter().filter(|record| record.name() == *name);
        let mut offer = Self::default();
        offer.candidates.extend(pinned.map(|record| Candidate {
            record: record.clone(),
            from: (PINNED, 0),
            bar: unreadable(record),
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
            record,
            from: (place, subdir),
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
    let is_bad = |text: &str| {
        text.len() > LONGEST
            || (text.contains(['(', '[']) && (is_too_deep(text) || text.contains("when")))
    };
    texts.any(is_bad).then_some(Bar::Unreadable)
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
