//! Closed worlds of Python packages: what an index would offer, as values.
//!
//! A [`PythonWorld`] is read from a recording (packse's scenarios, snapshots of a real index) or generated. It can be
//! written as the pages and metadata that an index serves ([`Form`]), put into memory for a solve ([`PythonWorld::index`]),
//! and it judges answers without the solver ([`Judgement`]): whether every requirement is met, and whether nothing is
//! there that nobody needs.

mod generated;
mod index;
mod judgement;
mod packages;
mod pages;
mod server;

pub use generated::Generated;
pub use index::WorldError;
pub use judgement::Judgement;
pub(crate) use judgement::differences;
pub use packages::{Choice, PythonWorld, Release};
pub use pages::Form;
pub use server::{Server, Traffic};
