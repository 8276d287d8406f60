//! The solver core: one neutral universe of packages and candidates, solved to a resolution or a conflict.

mod conflict;
mod engine;
mod positions;
mod request;
mod solution;
mod universe;
mod world;

pub use conflict::{Conflict, Fact};
pub use engine::{Failure, solve};
pub use positions::Positions;
pub use request::{Control, Preference, Request, StopReason};
pub use solution::{Chosen, Edge, Solution};
pub use universe::{
    Candidate, OriginId, PackageId, Requirement, RequirementKind, Subject, Universe, UniverseError,
};
pub use world::{World, WorldBuilder};
