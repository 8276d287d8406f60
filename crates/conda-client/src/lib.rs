//! Conda client.
