//! rez's world as a site has it: its packages opened as rez is configured, searched, resolved and explained.
//!
//! This is what the commands `ayon-resolve rez …` stand on, and what a program that embeds this library calls to
//! resolve without a studio. Like the rest of the library it prints nothing and looks at no variable and no clock:
//! all of that is given.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::SystemTime;
//!
//! use ayon_resolve::rez::{Opening, Site, Wishes};
//! use rez::Requirement;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let opening = Opening {
//!     paths: Some(vec!["../../fixtures/rez/packages".to_owned()]),
//!     without_local: false,
//!     cache: Arc::new(ayon_disk::Cache::disabled()),
//!     check_files: false,
//!     python: None,
//!     now: SystemTime::now(),
//! };
//! let site = Site::open(&|_| None, None, &opening)?;
//! let wishes = Wishes { without_implicit: true, ..Wishes::default() };
//! let ask = site.ask(vec![Requirement::parse_request("maya-2024")?], &wishes)?;
//! let answer = site.resolve(&ask, &mut |_| None)?;
//! let names: Vec<String> = answer.context.resolved.iter().map(ToString::to_string).collect();
//! assert_eq!(names, ["python-3.10.11[]", "maya-2024.2[]"]);
//! # Ok(())
//! # }
//! ```

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
