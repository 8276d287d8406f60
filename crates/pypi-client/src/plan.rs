//! In which order metadata is asked for.
