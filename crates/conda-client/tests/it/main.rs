//! Channels in folders and on a server that does what servers do.

mod cache;
mod credentials;
mod folders;
mod servers;
mod sharded;
mod world;
