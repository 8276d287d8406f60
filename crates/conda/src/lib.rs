//! Conda.
