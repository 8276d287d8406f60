//! The only crate that writes: atomic files, file locks, and caches that survive damage.
