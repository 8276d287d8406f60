//! The client against servers that do what servers do.

mod cache;
mod server;
mod transport;
