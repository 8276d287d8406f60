//! What each origin the engine carries means: who wants what of whom, in which words.

use ayon_model::Origin;

use crate::{Object, Verb};
use universe::OriginId;

/// A requirement in words.
#[derive(Clone, Debug)]
pub(crate) struct Wording {
    pub(crate) verb: Verb,
    pub(crate) object: Object,
    /// The versions as written.
    pub(crate) range: String,
    pub(crate) origin: Origin,
}

/// All wordings of a universe, by origin.
#[derive(Default)]
pub(crate) struct Words {
    wordings: Vec<Wording>,
}

impl Words {
    pub(crate) fn add(&mut self, wording: Wording) -> OriginId {
        self.wordings.push(wording);
        OriginId(u32::try_from(self.wordings.len() - 1).unwrap_or(u32::MAX))
    }

    pub(crate) fn get(&self, origin: OriginId) -> &Wording {
        &self.wordings[origin.0 as usize]
    }
}
