//! `conda`: channels and what is chosen from them.

pub(in crate::program) mod arguments;
