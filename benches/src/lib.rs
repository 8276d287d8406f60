//! Where the project meets real data: corpora, recorded answers of peers, and clocks.
//!
//! Four users share this library: the *tests* of this package, which hold the whole project against everything AYON
//! has released; the *benches*, which take the time of it; the program `conformance`, which judges recorded answers
//! of other implementations; and the program `compare`, which runs another implementation beside us.
//!
//! The data is not in the repository. It lies beside it, in `../shared`, or wherever `AYON_RESOLVE_SHARED` says
//! ([`Shared`]); without it the tests say so in one line and pass over what needs it, and the benches fall back to the
//! sample studio.

#[cfg(unix)]
pub mod compare;
pub mod conformance;
pub mod corpus;
pub mod golden;
pub mod large_case;
pub mod python;
mod questions;
pub mod rez_benchmark;
mod rez_data;
mod shared;
pub mod world;

pub use questions::{bundle, effective, launcher_target, plan};
pub use rez_data::Answer;
pub use shared::{Shared, SharedAbsent};
