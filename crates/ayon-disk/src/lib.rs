//! The only crate that writes: atomic files, file locks, and caches that survive damage.
//!
//! A studio's disk is shared, remote and now and then full, so every operation here keeps three promises. Nothing
//! half-written is ever seen under its name: files are written beside, synced and renamed. Every error says which file
//! it concerns and what was being done to it ([`DiskError`]). And whatever is only there to save time, a lock or a
//! cache, steps aside where the disk does not support it, and says so, instead of failing the work.
//!
//! ```
//! use ayon_disk::{read_to_string, write_atomic};
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("ayon.lock");
//! write_atomic(&path, b"version = 1\n")?;
//! assert_eq!(read_to_string(&path, 1024)?, "version = 1\n");
//!
//! let error = read_to_string(&folder.path().join("missing"), 1024).unwrap_err();
//! assert!(error.to_string().starts_with("cannot read `"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! All calls block. They take no clock and no environment; the only global thing is the disk.
#![expect(
    clippy::disallowed_methods,
    reason = "this crate is the one that the bans on writing point to"
)]

mod cache;
mod entry;
mod error;
mod folder;
mod lock;
mod mapped;
mod read;
mod stamp;
mod write;

pub use cache::{Cache, CacheWarning};
pub use error::{Action, DiskError};
pub use folder::{remove_file, write_folder};
pub use lock::{FileLock, LockMode};
pub use mapped::Mapped;
pub use read::{FolderEntry, FolderEntryKind, read, read_dir, read_to_string};
pub use stamp::{Stamp, read_stamped};
pub use write::{create_dir_all, write_atomic};
