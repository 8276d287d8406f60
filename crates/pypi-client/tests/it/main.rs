//! The client against servers that do what servers do.

mod server;
mod transport;
