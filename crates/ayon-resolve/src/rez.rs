//! rez's world as a site has it: its packages opened as rez is configured, searched, resolved and explained.
//!
//! This is what the commands `ayon-resolve rez …` stand on, and what a program that embeds this library calls to
//! resolve without a studio. Like the rest of the library it prints nothing and looks at no variable and no clock:
//! all of that is given.

#[expect(dead_code, reason = "for the commands that resolve")]
mod answer;
mod catalogue;
mod dependents;
mod patch;
mod reasons;

pub use answer::Answer;
pub use catalogue::{Catalogue, Found, Pattern};
pub use dependents::{Dependent, Dependents, Reach, dependents};
pub use patch::Patch;
pub use reasons::{Member, Path, Paths, Step, excluding, paths};
