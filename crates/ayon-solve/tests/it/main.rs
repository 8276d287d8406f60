//! Questions about small studios made for the purpose, and their answers.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod agreement;
mod bundles;
mod plans;
mod studio;
