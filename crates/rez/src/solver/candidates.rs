//! The variants among which one scope chooses, and what each of them asks for.
//!
//! [`Candidates`] are made once, when a scope is opened with a range; all that happens to the scope later is that bits go
//! out in a set of them. What they ask for is turned round, from "this variant asks for these families" to "this range of
//! this family is asked for by these variants", so that the two questions of a solve, *what do all of them need?* and
//! *who cannot live with that?*, are a few operations on words of bits.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use smallvec::SmallVec;

use super::SolveError;
use super::bits::Bits;
use super::packages::{FamilyId, PackageFamily, Packages, RequirementId, Term, VariantRequires};
use super::preference::Preference;

/// The variants of a family within a range, best version first.
pub(super) struct Candidates {
    pub(super) family: Arc<PackageFamily>,
    /// By release in order of preference; within a release by index.
    pub(super) variants: Vec<Candidate>,
    /// Its number in the pool.
    pub(super) number: usize,
    asks: OnceLock<Asks>,
}

/// One variant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// Place in the family's listing.
    release: u32,
    rank: u32,
    /// Which variant of the release; `None` where it has no variants.
    index: Option<u32>,
}

impl Candidate {
    /// Place of its release in the family's listing.
    pub(super) fn release(self) -> usize {
        self.release as usize
    }

    /// Which variant of the release; `None` where it has no variants.
    pub(super) fn index(self) -> Option<usize> {
        self.index.map(|index| index as usize)
    }
}

/// What candidates ask for.
pub(super) struct Asks {
    /// By family name, the order in which rez extracts.
    pub(super) families: Vec<FamilyAsks>,
    /// What each variant asks for, in its own order.
    variants: Vec<VariantRequires>,
    /// Places in `families`, by number of the family.
    places: Vec<(FamilyId, u32)>,
}

/// What candidates ask of one family.
pub(super) struct FamilyAsks {
    pub(super) family: FamilyId,
    /// The variants that want it; conflict and weak requirements do not.
    pub(super) wanted: Bits,
    /// Every range that is wanted or refused, with the variants that do.
    pub(super) terms: SmallVec<[(Term, Bits); 2]>,
}

impl Candidates {
    /// The variants of all releases with ranks in some spans that the preference does not exclude; `None` where there are none.
    ///
    /// # Errors
    /// In listing order, the first release in range whose definition cannot be read.
    pub(super) fn new(
        number: usize,
        family: &Arc<PackageFamily>,
        spans: &[(u32, u32)],
        preference: &Preference,
    ) -> Result<Option<Self>, SolveError> {
        let mut releases: SmallVec<[u32; 32]> = SmallVec::new();
        for &(start, end) in spans.iter().rev() {
            releases.extend(family.best_first(start..end));
        }
        preference.filter_and_sort(family, &mut releases);
        let is_broken = |release: &&u32| {
            family.releases[**release as usize]
                .package
                .definition
                .is_err()
        };
        let first_broken = releases.iter().filter(is_broken).min();
        if let Some(error) = first_broken.and_then(|&release| family.defect(release as usize)) {
            return Err(error);
        }
        let mut variants = Vec::with_capacity(releases.len());
        for release in releases {
            let entry = &family.releases[release as usize];
            let candidate = |index| Candidate {
                release,
                rank: entry.rank,
                index,
            };
            if entry.variant_count == 0 {
                variants.push(candidate(None));
            } else {
                variants.extend((0..entry.variant_count).map(|index| candidate(Some(index))));
            }
        }
        Ok((!variants.is_empty()).then(|| Self {
            family: family.clone(),
            variants,
            number,
            asks: OnceLock::new(),
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
    pub(super) fn read_asks(
        &self,
        packages: &mut Packages,
        building: bool,
    ) -> Result<&Asks, SolveError> {
        if let Some(asks) = self.asks.get() {
            return Ok(asks);
        }
        let asks = Asks::new(self, packages, building)?;
        Ok(self.asks.get_or_init(|| asks))
    }

    /// What one of them asks for, in its own order.
    pub(super) fn requirements(&self, variant: usize) -> &[RequirementId] {
        self.asks
            .get()
            .map_or(&[], |asks| &asks.variants[variant].requirements)
    }

    /// Those whose rank is in one of some spans.
    pub(super) fn in_spans(&self, spans: &[(u32, u32)]) -> Bits {
        let mut bits = Bits::none(self.variants.len());
        for (number, variant) in self.variants.iter().enumerate() {
            let contains = |&(start, end): &(u32, u32)| (start..end).contains(&variant.rank);
            if spans.iter().any(contains) {
                bits.insert(number);
            }
        }
        bits
    }

    /// The variants of the release that `variant` belongs to.
    pub(super) fn release_of(&self, variant: usize) -> Range<usize> {
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
    fn new(
        candidates: &Candidates,
        packages: &mut Packages,
        building: bool,
    ) -> Result<Self, SolveError> {
        let mut asks = Self {
            families: Vec::with_capacity(16),
            variants: Vec::with_capacity(candidates.variants.len()),
            places: Vec::new(),
        };
        let read = asks.read(candidates, packages, building);
        packages.forget_places(asks.families.iter().map(|asked| asked.family));
        if read.is_err() {
            // rez reads in listing order, so that decides which mistake is told.
            let mut releases: Vec<usize> = candidates
                .variants
                .iter()
                .map(|variant| variant.release())
                .collect();
            releases.sort_unstable();
            for release in releases {
                packages.variants(&candidates.family, release, building)?;
            }
        }
        read?;
        asks.families
            .sort_unstable_by(|a, b| packages.name(a.family).cmp(packages.name(b.family)));
        asks.places = (0..)
            .zip(&asks.families)
            .map(|(place, asked)| (asked.family, place))
            .collect();
        asks.places.sort_unstable();
        Ok(asks)
    }

    fn read(
        &mut self,
        candidates: &Candidates,
        packages: &mut Packages,
        building: bool,
    ) -> Result<(), SolveError> {
        let mut number = 0;
        while let Some(candidate) = candidates.variants.get(number) {
            let compiled = packages.variants(&candidates.family, candidate.release(), building)?;
            for requires in &*compiled {
                for &requirement in &*requires.requirements {
                    self.note(packages, requirement, number, candidates.variants.len());
                }
                self.variants.push(requires.clone());
                number += 1;
            }
        }
        Ok(())
    }

    /// Notes that a variant has a requirement.
    fn note(
        &mut self,
        packages: &mut Packages,
        requirement: RequirementId,
        variant: usize,
        count: usize,
    ) {
        let (family, term) = packages.term(requirement);
        let place = packages.place_or_next(family, self.families.len());
        if place == self.families.len() {
            self.families.push(FamilyAsks {
                family,
                wanted: Bits::none(count),
                terms: SmallVec::new(),
            });
        }
        let asked = &mut self.families[place];
        let Some(term) = term else {
            return;
        };
        if !term.is_conflict {
            asked.wanted.insert(variant);
        }
        // Neighbours mostly ask in the same words: look from the end.
        if let Some((_, who)) = asked
            .terms
            .iter_mut()
            .rev()
            .find(|(known, _)| *known == term)
        {
            who.insert(variant);
        } else {
            let mut who = Bits::none(count);
            who.insert(variant);
            asked.terms.push((term, who));
        }
    }

    /// What is asked of one family.
    pub(super) fn of(&self, family: FamilyId) -> Option<&FamilyAsks> {
        let found = self
            .places
            .binary_search_by_key(&family, |&(family, _)| family)
            .ok()?;
        Some(&self.families[self.places[found].1 as usize])
    }
}
