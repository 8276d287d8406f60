//! What is asked beside the studio.

use std::sync::Arc;

use ayon_backend::Resolution;
use conda::Answers;
use pypi::Index;

use crate::channels::Channels;

/// Everything that is asked beside the studio.
pub(crate) struct Sources<'a> {
    pub(crate) channels: &'a dyn Channels,
    pub(crate) index: Option<&'a Arc<dyn Index>>,
    pub(crate) answers: Answers,
    /// What was chosen before.
    pub(crate) previous: &'a [Resolution],
}
