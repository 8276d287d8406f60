//! Conda's world without AYON: specs, channels and records in, a [`Solution`] with every reason or a [`Conflict`] out.
//!
//! Nothing outside is touched but through [`Records`], which is what one subdirectory of a channel says. The crates of
//! rattler are named here and in `conda-client` alone, and none of their types stands in a public signature.
//!
//! # How it thinks
//!
//! *Priority is decided when records are read.* For each name the channels are asked in order, and with strict priority
//! the first that knows the name is the only one whose records the solver sees. So it holds however the records came
//! here, and what was hidden is known when somebody asks why.
//!
//! *Who asks is a record.* The caller's own things, a bundle or an addon, take part in the solve under names that no
//! channel can have; whoever is in the way is told by them.
//!
//! *A conflict is a smallest set of statements.* It is found by solving again without some of them, and so is whatever
//! is said to help.

mod answers;
mod ask;
mod channel;
mod conflict;
mod digest;
mod engine;
pub mod lock;
mod memory;
mod moment;
mod name;
mod own;
mod platform;
mod record;
mod records;
mod reduce;
mod solution;
mod solve;
mod spec;
mod target;
mod version;
mod world;

pub use answers::Answers;
pub use ask::{Ask, Asker, OwnRecord, Priority, Root, Strategy};
pub use channel::{Channel, ChannelBase, ChannelError};
pub use conflict::{Absence, Conflict, Reason, Remedy, Speaker, Statement, Verb};
pub use digest::{DigestError, Md5, Sha256};
pub use memory::MemoryRecords;
pub use moment::Moment;
pub use name::{NameError, PackageName};
pub use platform::{Platform, PlatformError};
pub use record::{Record, RecordError, RecordFacts};
pub use records::{PackedRecords, RecordCache, Records, RecordsError, Repodata};
pub use solution::{Edge, From, Solution};
pub use solve::{SolveError, solve};
pub use spec::{Dialect, Spec, SpecError};
pub use target::{Target, VirtualPackage, VirtualPackageError};
pub use version::{Version, VersionError};
