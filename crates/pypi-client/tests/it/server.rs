//! The server that does as a test says.

pub(crate) use transport::stand_in::{Request, Server, Wire, begin, hang, say};
