//! Python's own words: distribution names, PEP 440 versions and sets, markers, and the requirement grammars.

mod cells;
mod cut;
mod marker;
mod marker_environment;
mod marker_syntax;
mod name;
pub mod poetry;
mod requirement;
mod source;
mod specifiers;
mod text;
mod uv;
mod version;
mod version_set;

pub use cells::Cells;
pub use marker::Marker;
pub use marker_environment::{MarkerEnvironment, OperatingSystem};
pub use marker_syntax::MarkerError;
pub use name::{DistributionName, ExtraName, NameError};
pub use requirement::{Requirement, RequirementError};
pub use source::{Constraint, Reference, Source};
pub use specifiers::{Interval, LowerBound, SpecifierText, UpperBound};
pub use version::{Version, VersionError};
pub use version_set::{SpecifierError, VersionSet};
