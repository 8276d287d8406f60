//! The crate from outside.
#![expect(
    clippy::unwrap_used,
    reason = "a helper that fails is a test that fails"
)]

mod algebra;
mod config;
mod context;
mod explain;
mod filter;
mod graph;
mod orderer;
mod repository;
mod requirement;
mod solver;
mod solver_tables;
mod version;
mod world;
