//! Answers that many ask for and one fetches.
