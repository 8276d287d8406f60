//! Times of records.

use std::fmt;

/// A moment in milliseconds since 1970 in UTC, as channels count. Displays as RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(jiff::Timestamp);

impl Moment {
    /// By its milliseconds since 1970; `None` outside of the years that calendars have.
    pub fn from_milliseconds(milliseconds: i64) -> Option<Self> {
        jiff::Timestamp::from_millisecond(milliseconds)
            .ok()
            .map(Self)
    }

    /// Since 1970.
    pub fn milliseconds(self) -> i64 {
        self.0.as_millisecond()
    }

    pub(crate) fn of_rattler(time: jiff::Timestamp) -> Self {
        Self(time)
    }

    pub(crate) fn to_rattler(self) -> jiff::Timestamp {
        self.0
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
