//! Chooses Python distributions for one target: requirements and an index in, a [`Solution`] with every reason or a
//! [`Conflict`] out. No AYON in it, and nothing outside is touched but through [`pypi::Index`].
//!
//! ```
//! use std::sync::Arc;
//!
//! use pypi::{Machine, Target, TargetPlatform};
//! use pypi_solve::{Ask, Asker, MemoryIndex, Root, solve};
//!
//! let mut index = MemoryIndex::new("a test");
//! index.add("clique", "1.6.1", &[]);
//! index.add("clique", "2.0.0", &[]);
//! index.add("ayon-core", "1.0", &["clique<2"]);
//!
//! let platform = TargetPlatform::Windows { machine: Machine::X86_64 };
//! let target = Arc::new(Target::new(platform, &"3.11".parse()?));
//! let mut ask = Ask::new(target);
//! ask.roots.push(Root { requirement: "ayon-core".parse()?, asker: Asker(0) });
//! let solution = solve(&index, &ask, &|| false)?;
//! let chosen: Vec<String> = solution.packages().map(|package| format!("{} {}", package.name, package.version)).collect();
//! assert_eq!(chosen, ["ayon-core 1.0", "clique 1.6.1"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How it thinks
//!
//! *One engine.* A distribution is a package of the neutral universe, its usable versions are the candidates, and so is
//! each extra that is asked for, bound to its distribution at the same version. Versions never reach the engine: a
//! requirement becomes a set of positions once, by binary search.
//!
//! *What cannot be used is no candidate.* Tags, `Requires-Python`, yanked files and a cut by upload date are decided for
//! a whole project in one pass over a table. When that turns out to be why there is no answer, the project is looked
//! at again, and each version that exists is told with what rules it out.
//!
//! *The order of candidates is the preference.* Newest last; pre-releases below all finals, so that they are taken
//! only where no final fits; what an old lock has above everything, so that it stays unless something moves it.
//!
//! *The index is asked ahead of time.* Whatever will probably be needed is announced with [`pypi::Hint`]s before it is
//! waited for, in growing batches where a package is tried again and again.
//!
//! *The choice is uv's* where nobody says otherwise: the same priorities, the same rules. A studio will compare.

mod ask;
mod candidates;
mod conflict;
mod exclusion;
mod lock;
mod lowering;
mod memory;
mod solution;
mod solve;

pub use ask::{
    Ask, Asker, Given, GivenKind, Prereleases, PythonBounds, Root, Rules, Sdists, Strategy,
};
pub use conflict::{Absence, Conflict, Fact, Subject, Verb};
pub use exclusion::Exclusion;
pub use lock::LockWords;
pub use memory::MemoryIndex;
pub use solution::{Edge, From, Package, Solution, Statistics};
pub use solve::{Refusal, solve};
