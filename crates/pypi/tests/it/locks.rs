//! Locks: what is written is what was locked, in any order, and reads back.

mod properties;
mod read;
mod sample;
mod select;
mod write;
