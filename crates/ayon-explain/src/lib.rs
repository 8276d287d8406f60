//! Turns conflicts and resolutions into words, with hints that were found by solving again.
