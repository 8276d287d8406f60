//! The client against servers that do what servers do.

mod cache;
mod client;
mod server;
mod transport;
mod world;
