//! What is wrong with a lock's text, before its place is a line and a column.

use ayon_model::printable;

/// Something wrong at an offset of the text, before that has become a line and a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn new(at: usize, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
        }
    }

    /// The same, with the name of what it is in.
    pub(crate) fn inside(mut self, name: &str) -> Self {
        self.message = format!("{}: {}", printable(name), self.message);
        self
    }
}
