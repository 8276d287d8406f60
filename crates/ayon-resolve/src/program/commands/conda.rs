//! `conda`: channels and what is chosen from them.

pub(in crate::program) mod arguments;
pub(in crate::program) mod bundle;
pub(in crate::program) mod channels;
