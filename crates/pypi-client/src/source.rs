//! Sources that are named outright: a Git repository, an archive at a URL, a file or folder.

use pypi::{DistributionName, Source, SourceAnswer};

use crate::plan::Plan;
use crate::state::Answer;

impl Plan {
    /// What a source holds.
    #[expect(clippy::unused_async, reason = "whoever asks a host waits")]
    pub(crate) async fn source(
        &self,
        _name: &DistributionName,
        source: &Source,
    ) -> Answer<SourceAnswer> {
        Ok(SourceAnswer::Unusable(format!(
            "{source} is no file of an index"
        )))
    }
}
