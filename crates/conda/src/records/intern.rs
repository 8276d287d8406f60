//! Texts that are kept once, and known by a number.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// Where bytes stand in an arena.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) start: u32,
    pub(crate) length: u32,
}

impl Place {
    /// The same bytes in an arena that begins with others.
    pub(crate) fn behind(self, offset: u32) -> Self {
        Place {
            start: self.start.saturating_add(offset),
            length: self.length,
        }
    }
}

/// Distinct runs of bytes in order of their first coming, one behind the other.
///
/// A table of open addresses over the arena itself: a subdir has a few hundred thousand texts to look up, and each would
/// otherwise be owned twice.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    arena: Vec<u8>,
    places: Vec<Place>,
    /// The hash of each, so that growing does not read the arena.
    hashes: Vec<u32>,
    /// Numbers plus one; zero is free. The length is a power of two, at least twice the number of texts.
    table: Vec<u32>,
}

impl Interner {
    /// The number of some bytes, which is the number of distinct ones before them.
    pub(crate) fn intern(&mut self, bytes: &[u8]) -> u32 {
        if (self.places.len() + 1) * 2 > self.table.len() {
            self.grow();
        }
        let hash = hash_of(bytes);
        let mask = self.table.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            match self.table[slot] {
                0 => break,
                number => {
                    let index = number as usize - 1;
                    if self.hashes[index] == hash && self.get(index) == bytes {
                        return number - 1;
                    }
                }
            }
            slot = (slot + 1) & mask;
        }
        let place = Place {
            start: small(self.arena.len()),
            length: small(bytes.len()),
        };
        self.arena.extend_from_slice(bytes);
        self.places.push(place);
        self.hashes.push(hash);
        let number = small(self.places.len());
        self.table[slot] = number;
        number - 1
    }

    /// The place of some bytes, kept once.
    pub(crate) fn place(&mut self, text: &str) -> Place {
        let number = self.intern(text.as_bytes());
        self.places[number as usize]
    }

    pub(crate) fn places(&self) -> &[Place] {
        &self.places
    }

    pub(crate) fn arena(&self) -> &[u8] {
        &self.arena
    }

    /// The bytes with a number.
    pub(crate) fn get(&self, index: usize) -> &[u8] {
        let place = self.places[index];
        let start = place.start as usize;
        &self.arena[start..start + place.length as usize]
    }

    fn grow(&mut self) {
        let size = (self.table.len() * 2).max(1024);
        self.table.clear();
        self.table.resize(size, 0);
        for (index, hash) in self.hashes.iter().enumerate() {
            let mut slot = *hash as usize & (size - 1);
            while self.table[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.table[slot] = small(index + 1);
        }
    }
}

fn hash_of(bytes: &[u8]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    let hash = hasher.finish();
    // Both halves: which of them is the good one is the hasher's affair.
    #[expect(clippy::cast_possible_truncation, reason = "a hash of half the width")]
    let hash = (hash ^ (hash >> 32)) as u32;
    hash
}

/// A length or a position as rows hold it. What does not fit makes the whole too large, which is noticed at its end.
pub(crate) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn equal_texts_have_one_number_and_keep_their_bytes(texts in prop::collection::vec("[a-c]{0,3}", 0..2000)) {
            let mut interner = Interner::default();
            let numbers: Vec<u32> = texts.iter().map(|text| interner.intern(text.as_bytes())).collect();
            let distinct: std::collections::BTreeSet<_> = texts.iter().collect();
            prop_assert_eq!(interner.places().len(), distinct.len());
            for (text, number) in texts.iter().zip(&numbers) {
                prop_assert_eq!(interner.get(*number as usize), text.as_bytes());
            }
        }
    }
}
