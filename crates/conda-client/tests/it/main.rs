//! Channels in folders and on a server that does what servers do.

#[cfg(feature = "s3")]
mod buckets;
mod cache;
mod credentials;
mod folders;
mod servers;
mod sharded;
mod world;
