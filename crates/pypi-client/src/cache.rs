//! What was fetched before.
