//! The solve from outside: worlds written by hand, and what is chosen in them.

mod cache;
mod choice;
mod conflict;
mod paths;
mod priority;
mod properties;
mod worlds;
