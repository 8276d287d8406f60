//! Splitting a scope: what to try first, and what to keep for later (`_PackageVariantSlice.split`).
//!
//! The first part is not one variant but as many of the best as ask for one family in common, so that the next phase can
//! extract something from them.

use super::bits::Bits;
use super::candidates::FamilyAsks;
use super::scope::{Scope, Slice};
use super::search::{Place, Search};

impl Search<'_> {
    /// The two parts of the scope at `place`, the better one first.
    ///
    /// # Panics
    /// Never: only scopes with several variants are split, and the parts are those of the scope.
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
        let asks = candidates.asks();
        let mut common: Vec<&FamilyAsks> = Vec::new();
        let mut is_first = true;
        let several = slice.alive.len() > 2;
        let mut at = slice.alive.first();
        while let Some(start) = at {
            let release = candidates.release_of(start);
            let mut variants: Vec<usize> = release
                .clone()
                .filter(|&variant| slice.alive.contains(variant))
                .collect();
            self.sort_variants(&candidates, &mut variants);
            if let Some(telling) = &mut self.telling {
                telling.sort(candidates.family.id, candidates.variants[start].release());
            }
            for variant in variants {
                if is_first {
                    is_first = false;
                    if several && let Some(asks) = asks {
                        let own = |asked: &&FamilyAsks| {
                            asked.wanted.contains(variant) && !slice.alive.is_within(&asked.wanted)
                        };
                        common.extend(asks.families.iter().filter(own));
                    }
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
            at = slice.alive.iter().find(|&variant| variant >= release.end);
        }
        part
    }
}
