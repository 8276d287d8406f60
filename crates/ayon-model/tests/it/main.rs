//! AYON's rules on small studios: which bundle is live, what a project makes of it, and what the server says.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod judgement;
mod merge;
mod selection;
mod studio;
