//! The solve from outside: worlds written by hand, and what is chosen in them.

mod choice;
mod conflict;
mod priority;
mod properties;
mod worlds;
