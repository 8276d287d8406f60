//! The lock of a bundle: `ayon.lock`, what was chosen for every target, in one file that is reviewed, merged and checked.
//!
//! A [`Lock`] is made of [`Resolution`](ayon_solve::Resolution)s and gives them back: everything a backend writes can be
//! written from the lock, with the same bytes, by a machine that has neither network nor solver.
//!
//! # The file
//!
//! TOML. First for what the lock is (`bundle`, `variant`, `project`, `backend`) and what it was made from (`made_from.inputs`, one
//! per line); then a `[[target]]` for each platform and process, and the things they get: `[[launcher]]`, `[[addon]]`,
//! `[[distribution]]` with everybody who asks, `[[artefact]]` of another ecosystem, Python `[[package]]`s with their files,
//! `relations` between addons, and the modules that are `given`. What several targets have is written once; what not all of
//! them have says which do (`targets`).
//!
//! # How it thinks
//!
//! *A change is a line.* A field is a line, and so is every item of an array. Entries are sorted by name and version, never
//! numbered, and refer to each other by name. So a package that is added adds lines and changes none.
//!
//! *Lossless, but for secrets.* What comes out equals what went in, told in the same words. URLs lose their user part on
//! the way in, and orders that say nothing are sorted.
//!
//! *The digest is the identity.* It is taken of the content, so that line ends, comments and layout do not count, and not of
//! `made_from`: a studio that changed without changing the environment has the same environment. It is checked whenever a
//! lock is read, and is the one line that two branches always change both. That is meant: what two branches chose
//! apart was never solved together. The way out of a merge is to take either side of the file and lock again;
//! [`Lock::read_changed`] reads a lock merged by hand as well, for what to prefer.
//!
//! *Schemas.* `schema` is `MAJOR.MINOR`. A later major is refused. A later minor only adds fields, tables and kinds of
//! input that may be ignored: it is read, its number stays, and what is unknown of it survives being written again as
//! long as what it stands on is unchanged. An earlier minor is read and written as the present one.

mod cleaning;
mod codec;
mod difference;
mod digest;
mod error;
mod fault;
mod inputs;
mod lock;
mod node;
mod shape;
mod sharing;
mod toml_text;
mod unknown;
mod verify;

pub use difference::{
    AddonState, Change, Difference, LauncherState, PackageName, PackageState, Requirement,
    difference,
};
pub use digest::{Digest, DigestError};
pub use error::{MakeError, OtherLock, Position, ReadError};
pub use inputs::{InputKind, InputName, InputState, Inputs, Reason, Wanted, stale};
pub use lock::{Lock, Subject};
pub use verify::{ExpectedFile, FileFinding, FoundFile, Owner, check, files, verify};
