//! Lowers a question about a studio to the neutral universe, and tells the answer in AYON's nouns.
//!
//! A [`Question`] asks for addons and a launcher for one target; [`resolve()`] answers with a [`Resolution`] or refuses
//! with a [`Conflict`]. Both uses of the program are this one question: a bundle *pins* everything and closes the
//! world, a plan gives ranges and leaves it open.
//!
//! # How it thinks
//!
//! *Domain meaning is written once.* `lowering` is the only place that knows what an addon, a launcher or a host means
//! to a solver; the engine (crate `universe`) sees packages, candidates and sets of positions, and nothing here knows
//! how it searches.
//!
//! *The answer is told from the facts, not from the search.* The solver chooses releases; what they ask of Python is
//! merged again from the releases themselves, so a resolution holds every asker in the asker's own words.
//!
//! *Nothing is fetched.* Where a release's relations are not known the solve ends with [`Refusal::Unknown`]; whoever
//! has a source asks it and tries again, which costs little because solving does.

mod conflict;
mod lowering;
mod question;
mod resolution;
mod resolve;

pub use conflict::{Conflict, Fact, Object, Verb};
pub use question::{AddonAsk, LauncherAsk, Question, Wanted};
pub use resolution::{
    Artefact, ArtefactFile, Asker, ChosenAddon, ChosenLauncher, Demand, Demander, Edge, Resolution,
    ResolvedDistribution,
};
pub use resolve::{QuestionError, Refusal, Stopped, resolve};
