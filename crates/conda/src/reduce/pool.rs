//! Names, candidates and dependencies by number, read when they are first met.

use std::borrow::Cow;
use std::ops::Range;

use rattler_conda_types::Version;
use rustc_hash::FxHashMap;

use super::bits::Bits;
use super::matcher::Matcher;
use crate::records::Light;
use crate::world::{self, Demands, Offer};
use crate::{Ask, PackageName, Priority, RecordsError};

/// Everything that was met so far.
pub(crate) struct Pool<'a> {
    pub(crate) ask: &'a Ask,
    demands: Demands<'a>,
    pub(crate) names: Vec<Name<'a>>,
    by_name: FxHashMap<Cow<'a, str>, u32>,
    pub(crate) specs: Vec<Spec>,
    by_text: FxHashMap<Cow<'a, str>, u32>,
    versions: Vec<Version>,
    by_version: FxHashMap<&'a str, u32>,
    /// Numbers of specs, of which each candidate has a range.
    lists: Vec<u32>,
    /// For each subdirectory in the question's order: the numbers here of its own specs.
    maps: Vec<Vec<Vec<u32>>>,
}

/// A name, and what there is of it.
pub(crate) struct Name<'a> {
    pub(crate) text: Cow<'a, str>,
    /// Whether its candidates have been read.
    pub(crate) is_read: bool,
    pub(crate) candidates: Vec<Candidate<'a>>,
    /// Those that may be used, as far as each for itself tells.
    pub(crate) usable: Bits,
    /// Those that could still be chosen.
    pub(crate) alive: Bits,
    /// Those that could not, and are shown to the solver all the same.
    pub(crate) shown: Bits,
    /// Whether every answer has it.
    pub(crate) is_required: bool,
    /// The dependencies that name it.
    pub(crate) specs: Vec<u32>,
    /// What its candidates need for extras of theirs.
    pub(crate) extras: Vec<u32>,
    /// What was read in full, for whatever the rows do not tell.
    offer: Option<Offer>,
    /// The channels that count.
    channels: Vec<usize>,
}

pub(crate) struct Candidate<'a> {
    from: From,
    version: u32,
    build: Cow<'a, str>,
    build_number: u64,
    depends: Range<u32>,
    constrains: Range<u32>,
    /// Whether it tracks a feature, which makes it less wanted.
    is_tracked: bool,
    /// Whether it cannot be used, whatever else is chosen.
    is_barred: bool,
}

#[derive(Clone, Copy)]
enum From {
    /// A row: the channel and the subdirectory by place in the question, and its number there.
    Row(usize, usize, u32),
    /// One of the offer's, by place.
    Whole(usize),
    /// Something the machine has.
    Machine,
}

/// A dependency.
pub(crate) struct Spec {
    pub(crate) name: u32,
    matcher: Option<Matcher>,
    /// Whether a record with it cannot be used.
    is_unreadable: bool,
    /// The candidates it allows, once they are read; never, if that is uncertain.
    pub(crate) allowed: Option<Bits>,
    /// Those with this dependency, and those with this constraint: name and place.
    pub(crate) dependents: Vec<(u32, u32)>,
    pub(crate) constrainers: Vec<(u32, u32)>,
}

impl Spec {
    /// Whether it holds of whoever has it, and is understood.
    pub(crate) fn is_certain(&self) -> bool {
        self.matcher.is_some()
    }

    /// Whether anything that is left satisfies it, as far as is known.
    pub(crate) fn is_satisfiable(&self, names: &[Name<'_>]) -> bool {
        let allowed = self.allowed.as_ref();
        allowed.is_none_or(|allowed| allowed.meets(&names[self.name as usize].alive))
    }
}

/// No number yet.
const UNKNOWN: u32 = u32::MAX;

impl<'a> Pool<'a> {
    pub(crate) fn new(ask: &'a Ask) -> Self {
        let mut pool = Pool {
            ask,
            demands: Demands::of(ask),
            names: Vec::new(),
            by_name: FxHashMap::default(),
            specs: Vec::new(),
            by_text: FxHashMap::default(),
            versions: Vec::new(),
            by_version: FxHashMap::default(),
            lists: Vec::new(),
            maps: ask
                .channels
                .iter()
                .map(|subdirs| vec![Vec::new(); subdirs.len()])
                .collect(),
        };
        for package in ask.target.to_rattler() {
            let name = pool.name(Cow::Owned(package.name.as_normalized().to_owned()));
            let version = pool.versions.len();
            pool.versions.push(package.version);
            let name = &mut pool.names[name as usize];
            name.candidates.push(Candidate {
                from: From::Machine,
                version: super::small(version),
                build: Cow::Owned(package.build_string.as_str().to_owned()),
                build_number: 0,
                depends: 0..0,
                constrains: 0..0,
                is_tracked: false,
                is_barred: false,
            });
            name.alive = Bits::all(name.candidates.len());
            name.is_required = true;
        }
        pool
    }

    /// The number of a name.
    pub(crate) fn name(&mut self, text: Cow<'a, str>) -> u32 {
        if let Some(number) = self.by_name.get(&text) {
            return *number;
        }
        let number = super::small(self.names.len());
        self.names.push(Name {
            // What a machine has is known, and nothing else has such a name.
            is_read: text.starts_with("__"),
            text: text.clone(),
            candidates: Vec::new(),
            usable: Bits::default(),
            alive: Bits::default(),
            shown: Bits::default(),
            is_required: false,
            specs: Vec::new(),
            extras: Vec::new(),
            offer: None,
            channels: Vec::new(),
        });
        self.by_name.insert(text, number);
        number
    }

    /// The number of a dependency.
    fn spec(&mut self, text: Cow<'a, str>) -> u32 {
        if let Some(number) = self.by_text.get(&text) {
            return *number;
        }
        let name = rattler_conda_types::PackageName::normalized_name_from_matchspec_str(&text);
        let name = match (&text, name) {
            (Cow::Borrowed(text), Cow::Borrowed(name)) => Cow::Borrowed(&text[..name.len()]),
            (_, name) => Cow::Owned(name.into_owned()),
        };
        let is_unreadable = world::is_unreadable(&text);
        let matcher = if is_unreadable {
            None
        } else {
            Matcher::read(&text)
        };
        let name = self.name(name);
        let number = self.add(name, matcher, is_unreadable);
        self.by_text.insert(text, number);
        number
    }

    fn add(&mut self, name: u32, matcher: Option<Matcher>, is_unreadable: bool) -> u32 {
        let number = super::small(self.specs.len());
        self.specs.push(Spec {
            name,
            matcher,
            is_unreadable,
            allowed: None,
            dependents: Vec::new(),
            constrainers: Vec::new(),
        });
        let name = &mut self.names[name as usize];
        name.specs.push(number);
        if name.is_read {
            self.match_spec(number);
        }
        number
    }

    /// What the question itself asks of a name.
    pub(crate) fn asked(&mut self, spec: &crate::Spec) -> u32 {
        let name = self.name(Cow::Owned(spec.name().as_str().to_owned()));
        self.add(name, Some(Matcher::of(spec.rattler())), false)
    }

    /// Finds the candidates that a dependency allows.
    fn match_spec(&mut self, number: u32) {
        let spec = &self.specs[number as usize];
        let candidates = &self.names[spec.name as usize].candidates;
        let Some(matcher) = &spec.matcher else {
            return;
        };
        let mut allowed = Bits::none(candidates.len());
        // Builds of one version stand together.
        let mut last = None;
        for (place, candidate) in candidates.iter().enumerate() {
            let fits = match last {
                Some((version, fits)) if version == candidate.version => fits,
                _ => matcher.allows_version(&self.versions[candidate.version as usize]),
            };
            last = Some((candidate.version, fits));
            if fits && matcher.allows_build(&candidate.build, candidate.build_number) {
                allowed.insert(place);
            }
        }
        self.specs[number as usize].allowed = Some(allowed);
    }

    /// Reads the candidates of a name.
    pub(crate) fn read(&mut self, number: u32) -> Result<(), RecordsError> {
        if self.names[number as usize].is_read {
            return Ok(());
        }
        self.names[number as usize].is_read = true;
        let text = self.names[number as usize].text.clone();
        let name = PackageName::unchecked(text.to_string());
        let mut candidates = Vec::new();
        if !self.read_rows(&name, number, &mut candidates)? {
            candidates.clear();
            self.read_whole(&name, number, &mut candidates)?;
        }
        let [usable, alive] = self.link(number, &candidates);
        let name = &mut self.names[number as usize];
        name.candidates = candidates;
        (name.usable, name.alive) = (usable, alive);
        for spec in name.specs.clone() {
            self.match_spec(spec);
        }
        Ok(())
    }

    /// Tells dependencies who has them, and which candidates may be used as far as is known.
    fn link(&mut self, number: u32, candidates: &[Candidate<'a>]) -> [Bits; 2] {
        let mut usable = Bits::all(candidates.len());
        let mut alive = usable.clone();
        for (place, candidate) in candidates.iter().enumerate() {
            let holder = (number, super::small(place));
            let mut is_usable = !candidate.is_barred;
            let mut is_alive = true;
            for &spec in slice(&self.lists, &candidate.depends) {
                let spec = &mut self.specs[spec as usize];
                spec.dependents.push(holder);
                is_usable &= !spec.is_unreadable;
                is_alive &= spec.is_satisfiable(&self.names);
            }
            for &spec in slice(&self.lists, &candidate.constrains) {
                let spec = &mut self.specs[spec as usize];
                spec.constrainers.push(holder);
                is_usable &= !spec.is_unreadable;
                let is_required = self.names[spec.name as usize].is_required;
                is_alive &= !is_required || spec.is_satisfiable(&self.names);
            }
            if !is_usable {
                usable.remove(place);
            }
            if !(is_usable && is_alive) {
                alive.remove(place);
            }
        }
        [usable, alive]
    }

    /// The dependencies of a candidate, and its constraints.
    pub(crate) fn wishes(&self, name: u32, place: usize) -> (&[u32], &[u32]) {
        let candidate = &self.names[name as usize].candidates[place];
        (
            slice(&self.lists, &candidate.depends),
            slice(&self.lists, &candidate.constrains),
        )
    }

    /// Reads a name by its rows, where these tell all that counts; otherwise says `false`.
    fn read_rows(
        &mut self,
        name: &PackageName,
        number: u32,
        candidates: &mut Vec<Candidate<'a>>,
    ) -> Result<bool, RecordsError> {
        let ask = self.ask;
        let is_pinned = ask.pinned.iter().any(|record| record.name() == *name);
        if is_pinned || ask.exclude_newer.is_some() || !self.demands.of_name(name).is_empty() {
            return Ok(false);
        }
        let mut channels = Vec::new();
        for (place, subdirs) in ask.channels.iter().enumerate() {
            let before = candidates.len();
            for (subdir, records) in subdirs.iter().enumerate() {
                let Some(packed) = records.packed() else {
                    return Ok(false);
                };
                let rows = packed.rows(name.as_str())?;
                if rows.iter().any(|row| row.has_extras) {
                    return Ok(false);
                }
                if self.maps[place][subdir].is_empty() {
                    self.maps[place][subdir] = vec![UNKNOWN; packed.specs()];
                }
                for row in rows {
                    match self.candidate(place, subdir, packed, &row)? {
                        Some(candidate) => candidates.push(candidate),
                        // Who reads it in full will say what is wrong with it.
                        None => return Ok(false),
                    }
                }
            }
            if candidates.len() > before {
                channels.push(place);
                if ask.priority == Priority::Strict {
                    break;
                }
            }
        }
        self.names[number as usize].channels = channels;
        Ok(true)
    }

    fn candidate(
        &mut self,
        place: usize,
        subdir: usize,
        packed: &'a crate::PackedRecords,
        row: &Light<'a>,
    ) -> Result<Option<Candidate<'a>>, RecordsError> {
        let Some(version) = self.version(row.version) else {
            return Ok(None);
        };
        let range = |pool: &mut Self, specs: &[u32]| {
            let start = super::small(pool.lists.len());
            for &own in specs {
                let mut number = pool.maps[place][subdir]
                    .get(own as usize)
                    .copied()
                    .unwrap_or(UNKNOWN);
                if number == UNKNOWN {
                    number = pool.spec(Cow::Borrowed(packed.spec(own)?));
                    pool.maps[place][subdir][own as usize] = number;
                }
                pool.lists.push(number);
            }
            Ok::<_, RecordsError>(start..super::small(pool.lists.len()))
        };
        Ok(Some(Candidate {
            from: From::Row(place, subdir, row.number),
            version,
            build: Cow::Borrowed(row.build),
            build_number: row.build_number,
            depends: range(self, &row.depends)?,
            constrains: range(self, &row.constrains)?,
            is_tracked: row.is_tracked,
            is_barred: false,
        }))
    }

    /// Reads a name in full.
    fn read_whole(
        &mut self,
        name: &PackageName,
        number: u32,
        candidates: &mut Vec<Candidate<'a>>,
    ) -> Result<(), RecordsError> {
        let offer = Offer::read(self.ask, name, self.demands.of_name(name))?;
        for (place, candidate) in offer.candidates.iter().enumerate() {
            let package = &candidate.record.rattler().package_record;
            let is_barred = candidate.bar.is_some();
            let mut list = |texts: &[String]| {
                let start = super::small(self.lists.len());
                // What is barred never counts, and its texts may be anything.
                for text in texts.iter().filter(|_| !is_barred) {
                    let spec = self.spec(Cow::Owned(text.clone()));
                    self.lists.push(spec);
                }
                start..super::small(self.lists.len())
            };
            let (depends, constrains) = (list(&package.depends), list(&package.constrains));
            let extra = package.extra_depends.values().flatten();
            for text in extra.filter(|_| !is_barred) {
                let spec = self.spec(Cow::Owned(text.clone()));
                let wanted = self.specs[spec as usize].name;
                self.names[number as usize].extras.push(wanted);
            }
            let version = self.version_of(package.version.version());
            candidates.push(Candidate {
                from: From::Whole(place),
                version,
                build: Cow::Owned(package.build.as_str().to_owned()),
                build_number: package.build_number,
                depends,
                constrains,
                is_tracked: !package.track_features.is_empty(),
                is_barred,
            });
        }
        let name = &mut self.names[number as usize];
        name.channels.clone_from(&offer.channels);
        name.offer = Some(offer);
        Ok(())
    }

    /// The number of a version. `None` for a text that is none.
    fn version(&mut self, text: &'a str) -> Option<u32> {
        if let Some(number) = self.by_version.get(text) {
            return Some(*number);
        }
        let version: Version = text.parse().ok()?;
        let number = super::small(self.versions.len());
        self.versions.push(version);
        self.by_version.insert(text, number);
        Some(number)
    }

    /// A number for a version that has been read before.
    fn version_of(&mut self, version: &Version) -> u32 {
        if self.versions.last() != Some(version) {
            self.versions.push(version.clone());
        }
        super::small(self.versions.len() - 1)
    }

    /// The candidates of a name that are left and that the solver tells apart by their dependencies alone, by groups of more
    /// than one.
    pub(crate) fn twins(&self, number: u32) -> Vec<Vec<usize>> {
        let name = &self.names[number as usize];
        let key = |place: usize| {
            let candidate = &name.candidates[place];
            (
                &self.versions[candidate.version as usize],
                candidate.build_number,
                candidate.is_tracked,
            )
        };
        let mut left: Vec<usize> = name.alive.iter().collect();
        left.sort_by(|&a, &b| key(a).cmp(&key(b)));
        let groups = left.chunk_by(|&a, &b| key(a).cmp(&key(b)).is_eq());
        groups
            .filter(|group| group.len() > 1)
            .map(<[usize]>::to_vec)
            .collect()
    }

    /// The usable candidates that are as good as one, but for their dependencies.
    pub(crate) fn equals(&self, number: u32, place: usize) -> Vec<usize> {
        let name = &self.names[number as usize];
        let key = |place: usize| {
            let candidate = &name.candidates[place];
            (
                &self.versions[candidate.version as usize],
                candidate.build_number,
                candidate.is_tracked,
            )
        };
        name.usable
            .iter()
            .filter(|&other| key(other).cmp(&key(place)).is_eq())
            .collect()
    }

    /// The first of the usable candidates with the highest version that a dependency allows: by this the solver judges who
    /// has the dependency.
    pub(crate) fn highest(&self, spec: u32) -> Option<(u32, usize)> {
        let spec = &self.specs[spec as usize];
        let name = &self.names[spec.name as usize];
        let mut usable = spec.allowed.clone()?;
        usable.intersect(&name.usable);
        let mut highest: Option<(usize, &Version)> = None;
        for place in usable.iter() {
            let version = &self.versions[name.candidates[place].version as usize];
            if highest.is_none_or(|(_, highest)| version > highest) {
                highest = Some((place, version));
            }
        }
        highest.map(|(place, _)| (spec.name, place))
    }

    /// What is left of a name, in full.
    pub(crate) fn offer(&mut self, number: u32) -> Result<Offer, RecordsError> {
        let name = &mut self.names[number as usize];
        let mut offer = name.offer.take().unwrap_or_default();
        offer.channels.clone_from(&name.channels);
        let mut whole: Vec<Option<world::Candidate>> =
            offer.candidates.drain(..).map(Some).collect();
        let mut left = name.alive.clone();
        left.join(&name.shown);
        for place in left.iter() {
            match name.candidates[place].from {
                From::Machine => {}
                From::Whole(place) => offer.candidates.extend(whole[place].take()),
                From::Row(channel, subdir, number) => {
                    if let Some(packed) = self.ask.channels[channel][subdir].packed() {
                        let record = packed.whole(&name.text, number)?;
                        let candidate = world::Candidate::usable(record, (channel, subdir));
                        offer.candidates.push(candidate);
                    }
                }
            }
        }
        offer.sort();
        Ok(offer)
    }
}

fn slice<'l>(lists: &'l [u32], range: &Range<u32>) -> &'l [u32] {
    &lists[range.start as usize..range.end as usize]
}
