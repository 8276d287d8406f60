//! rez's world in Rust: versions, requirements, package repositories, the solver with rez's own choices, contexts.
//!
//! Nothing here knows AYON; a site that only has rez packages can use this crate alone. "rez" means rez 3.4.0 with its
//! solver version 2, whose answers have not changed since 2.78. Choosing what rez chooses is the point of this crate, so its
//! quirks are kept and said where they are kept.
//!
//! # From packages to a context
//! Versions, ranges and [requirements](requirement) are rez's algebra. A [`Repository`] is where [packages](package) come
//! from: folders on a disk ([`repository`]), or values as here. A [`solver::Pool`] lays several over each other, and
//! [`solver::solve`] answers a request from it.
//!
//! ```
//! use std::sync::Arc;
//! use rez::solver::{Ask, Outcome, Pool, solve};
//! use rez::{Definition, Family, MemoryRepository, Package, PackageKind, Requirement, Version};
//!
//! let package = |version: &str, requires: &[&str]| -> Result<Package, rez::VersionError> {
//!     Ok(Package {
//!         version: Version::parse(version)?,
//!         kind: PackageKind::Folder,
//!         definition: Ok(Arc::new(Definition {
//!             requires: requires.iter().map(|&text| text.into()).collect(),
//!             ..Definition::default()
//!         })),
//!     })
//! };
//! let family = |name: &str, packages| Family { name: name.into(), packages };
//! let studio = MemoryRepository::new("studio", [
//!     family("maya", vec![package("2024.1", &["python-3.10"])?, package("2025.0", &["python-3.11"])?]),
//!     family("python", vec![package("3.10.4", &[])?, package("3.11.2", &[])?]),
//!     family("tools", vec![package("1.0", &["python<3.11"])?]),
//! ]);
//! let mut pool = Pool::new(vec![Arc::new(studio)]);
//! let mut ask = Ask { requests: vec![Requirement::parse_request("maya")?], ..Ask::default() };
//!
//! let Outcome::Solved(resolve) = solve(&mut pool, &ask, &mut |_| None)? else { unreachable!() };
//! let names: Vec<String> = resolve.packages.iter().map(ToString::to_string).collect();
//! assert_eq!(names, ["python-3.11.2[]", "maya-2025.0[]"]);
//!
//! // What does not fit together is explained by what was asked, not by where the solver happened to stop.
//! ask.requests.push(Requirement::parse_request("tools")?);
//! ask.requests.push(Requirement::parse_request("maya-2025")?);
//! let Outcome::Failed(failure) = solve(&mut pool, &ask, &mut |_| None)? else { unreachable!() };
//! let explanation = rez::explain::explain(&mut pool, &ask, &failure)?;
//! assert_eq!(explanation.to_string(), "\
//! `tools maya-2025` cannot be had together (1 other request does not matter)
//!
//!   python
//!     tools-1.0    needs  python<3.11
//!     maya-2025.0  needs  python-3.11");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A [`Context`] is the answer as rez keeps it, in an `.rxt` file that rez loads, runs and saves again. [`config`] and
//! [`system`] say what rez's settings and the machine add to a request. The crate reads files and writes nothing but its
//! index of repositories; the time, the environment and the user are given to it.

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
