//! rez's world in Rust: versions, requirements, package repositories, the solver with rez's own choices, contexts.
//!
//! Nothing here knows AYON; a site that only has rez packages can use this crate alone. "rez" means rez 3.4.0 with its
//! solver version 2, whose answers have not changed since 2.78.

pub mod config;
pub mod context;
pub mod explain;
pub mod filter;
pub mod orderer;
pub mod package;
mod pod;
pub mod repository;
pub mod requirement;
pub mod solver;
pub mod system;
pub mod version;
mod yaml;

pub use config::{Config, ConfigError};
pub use context::{Context, ContextDifference, ContextError, VariantHandle};
pub use filter::PackageFilterList;
pub use orderer::PackageOrderList;
pub use package::{Defect, DefectKind, Definition, Family, Package, PackageKind};
pub use pod::PodError;
pub use repository::{Location, MemoryRepository, Repository, RepositoryError};
pub use requirement::{Requirement, RequirementError, RequirementList};
pub use system::System;
pub use version::{Version, VersionError, VersionRange};
