//! Folders and flat pages of distributions.
