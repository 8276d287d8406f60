//! TOML as a lock uses it: read with places, written for people who review a diff.
//!
//! The reader is the `toml` crate's, whose spans give every value its line, so `toml_edit` is not needed. The writer is
//! ours, because its layout is the product: an entry is an array-of-tables item, a field is a line (tables inside are
//! dotted keys), and of an array every item is a line of its own. So a change of one requirement is a change of one line.

mod reading;
mod writing;

pub(crate) use reading::parse;
pub(crate) use writing::write;
