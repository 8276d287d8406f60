//! What has been read once need not be read again.
//!
//! The metadata that one solve looks at holds thousands of requirements, of which a few hundred are
//! different texts, under a few dozen markers. A [`Memo`] keeps what each text means, and for each
//! target which markers hold.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

use super::parse::MetadataError;
use crate::marker::Marker;
use crate::marker::environment::MarkerEnvironment;
use crate::requirement::Requirement;

/// Requirements and verdicts on markers, shared by everything that is read with it.
///
/// Holds every distinct text that it has seen; it lives as long as a resolve.
#[derive(Debug, Default)]
pub struct Memo {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    requirements: FxHashMap<Box<str>, Arc<Requirement>>,
    markers: FxHashMap<Box<str>, Marker>,
    /// Of each target that was asked about, the verdicts.
    verdicts: Vec<(MarkerEnvironment, FxHashMap<Box<str>, bool>)>,
}

/// The memo, held for as long as one distribution is read for one target.
pub(super) struct Reading<'m> {
    known: MutexGuard<'m, Known>,
    target: usize,
}

impl Memo {
    pub(super) fn for_environment(&self, environment: &MarkerEnvironment) -> Reading<'_> {
        // A panic elsewhere leaves nothing half-written: every insertion is the last step.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let target = known
            .verdicts
            .iter()
            .position(|(known, _)| known == environment);
        let target = target.unwrap_or_else(|| {
            known
                .verdicts
                .push((environment.clone(), FxHashMap::default()));
            known.verdicts.len() - 1
        });
        Reading { known, target }
    }
}

impl Reading<'_> {
    /// The requirement of a text without a marker.
    pub(super) fn requirement(&mut self, text: &str) -> Result<Arc<Requirement>, MetadataError> {
        if let Some(requirement) = self.known.requirements.get(text) {
            return Ok(requirement.clone());
        }
        let requirement: Arc<Requirement> = Arc::new(text.parse().map_err(MetadataError::from)?);
        self.known
            .requirements
            .insert(text.into(), requirement.clone());
        Ok(requirement)
    }

    /// Whether a marker that does not speak of extras holds; the empty text does.
    pub(super) fn holds(&mut self, marker: &str) -> Result<bool, MetadataError> {
        if marker.is_empty() {
            return Ok(true);
        }
        if let Some(holds) = self.known.verdicts[self.target].1.get(marker) {
            return Ok(*holds);
        }
        let holds = {
            let parsed = self.marker(marker)?.clone();
            parsed.evaluate(&self.known.verdicts[self.target].0, &[])
        };
        self.known.verdicts[self.target]
            .1
            .insert(marker.into(), holds);
        Ok(holds)
    }

    /// The marker of a text.
    pub(super) fn marker(&mut self, text: &str) -> Result<&Marker, MetadataError> {
        if !self.known.markers.contains_key(text) {
            let marker = text.parse().map_err(MetadataError::from)?;
            self.known.markers.insert(text.into(), marker);
        }
        Ok(&self.known.markers[text])
    }
}
