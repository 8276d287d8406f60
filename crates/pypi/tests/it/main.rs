//! Tests of the public interface: the algebra judged by brute force, the grammars by tables.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot parse its own input should stop"
)]

mod algebra;
mod archives;
mod cells;
mod hostile;
mod locks;
mod markers;
mod metadata;
mod page_forms;
mod pages;
mod poetry;
mod projects;
mod sdists;
mod tags;
mod worlds;
