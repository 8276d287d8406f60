//! The rez backend on made-up resolutions.

#![expect(
    clippy::disallowed_methods,
    reason = "tests make the repositories that packages are published to"
)]
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod context;
mod publish;
mod reading;
mod spec;
mod studio;
mod write;
