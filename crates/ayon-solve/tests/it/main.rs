//! The engine seen from outside: worlds made by hand, random worlds against a judge, and the rules of
//! the house.

mod judge;
mod properties;
mod scenarios;
mod small_world;
mod tidy;
