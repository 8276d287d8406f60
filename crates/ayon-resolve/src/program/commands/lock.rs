//! The lock of a bundle: `lock` writes it, `verify` holds files against it, and `emit` and the main job write what it has.

pub(super) mod emitting;
mod file;
mod inputs;
pub(super) mod making;
mod telling;
pub(super) mod verify;
