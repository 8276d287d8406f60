//! The commands about rez.

mod contexts;
