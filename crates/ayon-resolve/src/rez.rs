//! rez's world as a site has it: its packages opened as rez is configured, searched, resolved and explained.
//!
//! This is what the commands `ayon-resolve rez …` stand on, and what a program that embeds this library calls to
//! resolve without a studio. Like the rest of the library it prints nothing and looks at no variable and no clock:
//! all of that is given.

mod answer;
mod catalogue;
mod dependents;
mod error;
mod newer;
mod patch;
mod reasons;
mod recall;
mod resolving;
mod site;
mod world;

pub use answer::Answer;
pub use catalogue::{Catalogue, Found, Pattern};
pub use dependents::{Dependent, Dependents, Reach, dependents};
pub use error::Error;
pub use newer::{Hindrance, Newer, newer};
pub use patch::Patch;
pub use reasons::{Member, Path, Paths, Step, excluding, paths};
pub use resolving::{Ask, Wishes};
pub use site::{Opening, Site};
pub use world::BundleWorld;
