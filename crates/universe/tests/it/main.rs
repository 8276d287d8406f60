//! The engine seen from outside: worlds made by hand, random worlds against a judge, and the rules of
//! the house.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod graph;
mod judge;
mod properties;
mod scenarios;
mod small_world;
mod tidy;
mod toy;
