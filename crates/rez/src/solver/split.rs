//! Splitting a scope: what to try first, and what to keep for later (`_PackageVariantSlice.split`).
//!
//! The first part is not one variant but as many of the best as ask for one family in common, so that the next phase can
//! extract something from them.

use super::bits::Bits;
use super::candidates::FamilyAsks;
use super::scope::{Scope, Slice};
use super::search::{Place, Search};

impl Search<'_> {
    /// The two parts of the scope at `place`, one of several variants, the better one first.
    pub(super) fn split_scope(&mut self, place: Place) -> (Scope, Scope) {
        let scope = self.scopes[place].clone();
        let Some(slice) = scope.slice() else {
            return ((*scope).clone(), (*scope).clone());
        };
        let best = self.best_part(slice);
        let mut rest = slice.alive.clone();
        rest.remove_all(&best);
        let part = |alive: Bits| {
            Scope::Packages(Slice {
                candidates: slice.candidates.clone(),
                alive,
                is_sorted: true,
            })
        };
        (part(best), part(rest))
    }

    /// The best variants of a slice, as far as they ask for a family in common that not all of the slice ask for.
    fn best_part(&mut self, slice: &Slice) -> Bits {
        let candidates = slice.candidates.clone();
        let mut part = Bits::none(candidates.variants.len());
        let mut common: Vec<&FamilyAsks> = Vec::new();
        let mut next = slice.alive.first();
        while let Some(start) = next {
            let release = candidates.release_of(start);
            let alive = slice.alive.iter().skip_while(|&variant| variant < start);
            let mut variants: Vec<usize> =
                alive.take_while(|&variant| variant < release.end).collect();
            if let Some(telling) = &mut self.telling {
                telling.sort(candidates.family.id, candidates.variants[start].release());
            }
            // Where all of a release go with the part, their order does not matter.
            let shared = |asked: &&&FamilyAsks| {
                variants
                    .iter()
                    .all(|&variant| asked.wanted.contains(variant))
            };
            if part.is_empty() || !common.iter().any(|asked| shared(&asked)) {
                self.sort_variants(&candidates, &mut variants);
            }
            for variant in variants {
                if part.is_empty() {
                    common = own_families(slice, variant);
                } else {
                    common.retain(|asked| asked.wanted.contains(variant));
                    if common.is_empty() {
                        return part;
                    }
                }
                part.insert(variant);
                if common.is_empty() {
                    return part;
                }
            }
            next = slice.alive.iter().find(|&variant| variant >= release.end);
        }
        part
    }
}

/// The families that a variant asks for and not all of its slice do; none where the slice is too small to tell.
fn own_families(slice: &Slice, variant: usize) -> Vec<&FamilyAsks> {
    let asks = slice.candidates.asks().filter(|_| slice.alive.len() > 2);
    let families = asks.map_or(&[][..], |asks| &asks.families);
    let own = |asked: &&FamilyAsks| {
        asked.wanted.contains(variant) && !slice.alive.is_within(&asked.wanted)
    };
    families.iter().filter(own).collect()
}
