//! Poetry's own grammar of dependencies, as it stands in the `pyproject.toml` of tools that are
//! built with Poetry: `click = "^8"`, `pyside6 = {version = "6.8.*", platform = "win32"}`.
//!
//! The rule of this module: what cannot be read is an error with its place. Nothing is ever taken
//! for "any version", since a range that is silently ignored is found when a render crashes.
//!
//! * [`parse_constraint`] reads a text of versions, and is all that the key `python` needs.
//! * [`parse_dependency`] reads the value of a key in a table of dependencies.

mod constraint;
mod dependency;
mod value;

pub use constraint::{ConstraintError, parse_constraint};
pub use dependency::{Dependency, DependencyError, parse_dependency};
pub use value::Value;
