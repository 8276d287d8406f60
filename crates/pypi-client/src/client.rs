//! The client: an index over indexes.
