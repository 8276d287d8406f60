//! Building a source distribution, where the user allows it.
