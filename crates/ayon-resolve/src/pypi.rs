//! Python packages: requirements in, a lock for each target out, with or without a studio.
//!
//! This is what `ayon-resolve pypi lock` stands on, and what a program that embeds this library calls. Like the rest of
//! the library it prints nothing and looks at no variable and no clock. It asks a [`pypi::Index`]: usually a
//! `pypi_client::Client`, which has a cache, and in a test one in memory.
//!
//! ```
//! use std::sync::Arc;
//!
//! use ayon_resolve::Cancellation;
//! use ayon_resolve::pypi::requirements::Wanted;
//! use ayon_resolve::pypi::{LockAsk, Remark, lock};
//! use pypi::{Libc, Machine, Target, TargetPlatform};
//! use pypi_solve::MemoryIndex;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut index = MemoryIndex::new("a test");
//! index.add("clique", "1.6.1", &[]);
//! index.add("clique", "2.0.0", &[]);
//! index.add("ftrack-python-api", "3.1.0", &["clique<2"]);
//!
//! let platform = TargetPlatform::Linux { machine: Machine::X86_64, libc: Libc::Glibc(2, 28) };
//! let ask = LockAsk {
//!     targets: vec![Arc::new(Target::new(platform, &"3.11".parse()?))],
//!     requirements: vec![Wanted::typed("ftrack-python-api".parse()?)],
//!     ..LockAsk::default()
//! };
//! let locked = lock(&index, &ask, &Cancellation::default())?;
//! let names: Vec<&str> = locked.locks[0].packages.iter().map(|package| package.name.as_str()).collect();
//! assert_eq!(names, ["clique", "ftrack-python-api"]);
//! assert!(matches!(&locked.remarks[0], Remark::HeldBack { newest, .. } if newest.to_string() == "2.0.0"));
//! # Ok(())
//! # }
//! ```
//!
//! [`lock`] blocks. A program that must not calls [`lock_on_thread`].

mod error;
mod locking;
pub mod requirements;

pub use error::{Error, Refused};
pub use locking::{LockAsk, Locked, Remark, lock, lock_on_thread};
