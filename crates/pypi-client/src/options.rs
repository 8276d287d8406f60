//! What a client is opened with.
