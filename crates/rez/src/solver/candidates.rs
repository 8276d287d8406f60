//! The variants among which one scope chooses, and what each of them asks for.
//!
//! [`Candidates`] are made once, when a scope is opened with a range; all that happens to the scope later is that bits go
//! out in a set of them. What they ask for is turned round, from "this variant asks for these families" to "this family
//! is asked for in these words by these variants", so that the two questions of a solve, *what do all of them need?* and
//! *who cannot live with that?*, are a few operations on words of bits.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::SolveError;
use super::bits::Bits;
use super::pool::{FamilyId, Pool, PooledFamily, RangeId, RequirementId, VariantRequires};
use super::preference::Preference;

/// The variants of a family within a range, best version first.
pub(super) struct Candidates {
    pub(super) family: Arc<PooledFamily>,
    /// By release in order of preference; within a release by index.
    pub(super) variants: Vec<Candidate>,
    asks: OnceCell<Asks>,
    /// Which variants a range contains.
    within: RefCell<FxHashMap<RangeId, Rc<Bits>>>,
}

/// One variant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// Place in the family's listing.
    pub(super) release: u32,
    rank: u32,
    /// Which variant of the release, and whether it has any.
    index: Option<u32>,
}

impl Candidate {
    pub(super) fn release(self) -> usize {
        self.release as usize
    }

    pub(super) fn index(self) -> Option<usize> {
        self.index.map(|index| index as usize)
    }
}

/// What candidates ask for.
pub(super) struct Asks {
    /// By family name, the order in which rez extracts.
    pub(super) families: Vec<FamilyAsks>,
    /// What each variant asks for, in its own order.
    pub(super) variants: Vec<VariantRequires>,
    places: FxHashMap<FamilyId, u32>,
}

/// What candidates ask of one family.
pub(super) struct FamilyAsks {
    pub(super) family: FamilyId,
    /// The variants that want it; conflict and weak requirements do not.
    pub(super) wanted: Bits,
    /// Every requirement with the variants that have it.
    pub(super) requirements: Vec<(RequirementId, Bits)>,
}

impl Candidates {
    /// The variants of all releases in a range that the ask does not exclude; `None` where there are none.
    ///
    /// # Errors
    /// A release in range whose definition cannot be read.
    pub(super) fn new(
        pool: &mut Pool,
        preference: &Preference,
        family: &Arc<PooledFamily>,
        range: RangeId,
    ) -> Result<Option<Self>, SolveError> {
        let spans = pool.spans(range, family).clone();
        let mut releases: SmallVec<[u32; 32]> = SmallVec::new();
        for (place, release) in (0_u32..).zip(&family.releases) {
            let in_range = |&(start, end): &(u32, u32)| (start..end).contains(&release.rank);
            if spans.iter().any(in_range) && !preference.excludes(&family.name, release) {
                releases.push(place);
            }
        }
        let mut variants = Vec::with_capacity(releases.len());
        for &release in &releases {
            family.releases[release as usize].definition(&family.name)?;
        }
        preference.sort_releases(family, &mut releases);
        for release in releases {
            let entry = &family.releases[release as usize];
            let count = entry.variant_count();
            let indices = (0..count.unwrap_or(1)).map(|index| count.is_some().then_some(index));
            variants.extend(indices.map(|index| Candidate {
                release,
                rank: entry.rank,
                index,
            }));
        }
        Ok((!variants.is_empty()).then(|| Self {
            family: family.clone(),
            variants,
            asks: OnceCell::new(),
            within: RefCell::default(),
        }))
    }

    /// All of them.
    pub(super) fn all(&self) -> Bits {
        Bits::all(self.variants.len())
    }

    /// What they ask for, if it has been read.
    pub(super) fn asks(&self) -> Option<&Asks> {
        self.asks.get()
    }

    /// Reads what they ask for.
    ///
    /// # Errors
    /// In listing order, the first variant whose requests are invalid or contradict themselves.
    pub(super) fn read_asks(&self, pool: &mut Pool, building: bool) -> Result<&Asks, SolveError> {
        if let Some(asks) = self.asks.get() {
            return Ok(asks);
        }
        let asks = Asks::new(self, pool, building)?;
        Ok(self.asks.get_or_init(|| asks))
    }

    /// What one of them asks for, in its own order.
    pub(super) fn requirements(&self, variant: usize) -> &[RequirementId] {
        self.asks
            .get()
            .map_or(&[], |asks| &asks.variants[variant].requirements)
    }

    /// Those whose version is in a range.
    pub(super) fn within(&self, pool: &mut Pool, range: RangeId) -> Rc<Bits> {
        if let Some(known) = self.within.borrow().get(&range) {
            return known.clone();
        }
        let spans = pool.spans(range, &self.family);
        let mut bits = Bits::none(self.variants.len());
        for (number, variant) in self.variants.iter().enumerate() {
            let contains = |&(start, end): &(u32, u32)| (start..end).contains(&variant.rank);
            if spans.iter().any(contains) {
                bits.insert(number);
            }
        }
        let bits = Rc::new(bits);
        self.within.borrow_mut().insert(range, bits.clone());
        bits
    }

    /// The variants of the release that `variant` belongs to.
    pub(super) fn release_of(&self, variant: usize) -> std::ops::Range<usize> {
        let release = self.variants[variant].release;
        let same = |number: &usize| self.variants[*number].release == release;
        let start = (0..variant)
            .rev()
            .take_while(same)
            .last()
            .unwrap_or(variant);
        let end = (variant..self.variants.len())
            .take_while(same)
            .last()
            .unwrap_or(variant);
        start..end + 1
    }
}

impl Asks {
    fn new(candidates: &Candidates, pool: &mut Pool, building: bool) -> Result<Self, SolveError> {
        let count = candidates.variants.len();
        let mut by_release: FxHashMap<u32, Arc<[VariantRequires]>> = FxHashMap::default();
        let mut listed: SmallVec<[u32; 32]> = candidates
            .variants
            .iter()
            .map(|variant| variant.release)
            .collect();
        listed.sort_unstable();
        listed.dedup();
        for release in listed {
            by_release.insert(
                release,
                pool.variants(&candidates.family, release as usize, building)?,
            );
        }
        let mut asks = Self {
            families: Vec::new(),
            variants: Vec::with_capacity(count),
            places: FxHashMap::default(),
        };
        for (number, variant) in candidates.variants.iter().enumerate() {
            let requires = by_release[&variant.release][variant.index().unwrap_or(0)].clone();
            for &requirement in &*requires.requirements {
                asks.note(pool, requirement, number, count);
            }
            asks.variants.push(requires);
        }
        asks.families
            .sort_by(|a, b| pool.name(a.family).cmp(pool.name(b.family)));
        asks.places = (0..)
            .zip(&asks.families)
            .map(|(place, asks)| (asks.family, place))
            .collect();
        Ok(asks)
    }

    fn note(&mut self, pool: &Pool, requirement: RequirementId, variant: usize, count: usize) {
        let entry = pool.requirement(requirement);
        let next = self.families.len();
        let place = *self
            .places
            .entry(entry.family)
            .or_insert_with(|| u32::try_from(next).unwrap_or(u32::MAX));
        if place as usize == next {
            self.families.push(FamilyAsks {
                family: entry.family,
                wanted: Bits::none(count),
                requirements: Vec::new(),
            });
        }
        let asks = &mut self.families[place as usize];
        if !entry.is_conflict {
            asks.wanted.insert(variant);
        }
        // Neighbours mostly ask in the same words: look from the end.
        let mut known = asks.requirements.iter_mut().rev();
        if let Some((_, who)) = known.find(|(known, _)| *known == requirement) {
            who.insert(variant);
        } else {
            let mut who = Bits::none(count);
            who.insert(variant);
            asks.requirements.push((requirement, who));
        }
    }

    /// What is asked of one family.
    pub(super) fn of(&self, family: FamilyId) -> Option<&FamilyAsks> {
        self.places
            .get(&family)
            .map(|&place| &self.families[place as usize])
    }
}
