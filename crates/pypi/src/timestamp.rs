//! A moment: when a file was uploaded, or where a cut by upload date lies.
//!
//! A number of microseconds, because indexes write that many digits and a lock must write them
//! back. There is no calendar here beyond reading and writing RFC 3339, and no clock: what time it
//! is now is an input of whoever asks.

use std::fmt;
use std::str::FromStr;

use crate::text::printable;

const MICROSECONDS: i64 = 1_000_000;
const DAY: i64 = 86_400;

/// A text that is no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a time: a date such as `2026-11-21`, or RFC 3339 such as \
     `2026-11-21T08:30:00Z`, is expected"
)]
pub struct TimestampError {
    text: String,
}

/// A moment in UTC, in microseconds since 1970, within the years 0 to 9999.
///
/// Reads [RFC 3339] and a bare date, which is its first moment in UTC. Digits beyond the
/// microsecond are dropped and a leap second counts as the last microsecond before it. Displays as
/// RFC 3339 in UTC, with no more digits than there are.
///
/// ```
/// use pypi::Timestamp;
///
/// let uploaded: Timestamp = "2026-11-21T09:30:00.250+01:00".parse()?;
/// assert_eq!(uploaded.to_string(), "2026-11-21T08:30:00.25Z");
/// assert!(uploaded > "2026-11-21".parse()?);
/// # Ok::<(), pypi::TimestampError>(())
/// ```
///
/// [RFC 3339]: https://www.rfc-editor.org/rfc/rfc3339
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// A moment by its microseconds since 1970 in UTC; before the year 0 and after 9999 there is
    /// none.
    pub fn from_microseconds(microseconds: i64) -> Option<Self> {
        let years = days_before(0, 1, 1) * DAY * MICROSECONDS
            ..days_before(10_000, 1, 1) * DAY * MICROSECONDS;
        years
            .contains(&microseconds)
            .then_some(Timestamp(microseconds))
    }

    /// The microseconds since 1970 in UTC.
    pub fn microseconds(self) -> i64 {
        self.0
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        parse(text.trim().as_bytes())
            .and_then(Timestamp::from_microseconds)
            .ok_or_else(|| TimestampError {
                text: printable(text),
            })
    }
}

/// RFC 3339, section 5.6.
fn parse(text: &[u8]) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *date else {
        return None;
    };
    let year = number(&[y1, y2, y3, y4])?;
    let month = number(&[m1, m2])?;
    let day = number(&[d1, d2])?;
    if !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    let midnight = days_before(year, month, day) * DAY * MICROSECONDS;
    let [b'T' | b't' | b' ', rest @ ..] = rest else {
        return rest.is_empty().then_some(midnight);
    };
    let (time, rest) = rest.split_at_checked(8)?;
    let [h1, h2, b':', n1, n2, b':', s1, s2] = *time else {
        return None;
    };
    let (hour, minute, second) = (number(&[h1, h2])?, number(&[n1, n2])?, number(&[s1, s2])?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (fraction, rest) = match rest {
        [b'.', rest @ ..] => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (digits, rest) = rest.split_at(digits);
            (microseconds(digits)?, rest)
        }
        rest => (0, rest),
    };
    let of_day = if second == 60 {
        (hour * 3600 + minute * 60 + 60) * MICROSECONDS - 1
    } else {
        (hour * 3600 + minute * 60 + second) * MICROSECONDS + fraction
    };
    Some(midnight + of_day - offset(rest)? * 60 * MICROSECONDS)
}

/// The minutes that a zone is ahead of UTC.
fn offset(text: &[u8]) -> Option<i64> {
    match *text {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (number(&[h1, h2])?, number(&[m1, m2])?);
            let ahead = (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)?;
            Some(if sign == b'-' { -ahead } else { ahead })
        }
        _ => None,
    }
}

/// The first six digits of a fraction, as microseconds.
fn microseconds(digits: &[u8]) -> Option<i64> {
    if digits.is_empty() {
        return None;
    }
    let padded: Vec<u8> = digits.iter().copied().chain([b'0'; 6]).take(6).collect();
    number(&padded)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum: i64, digit| {
        digit
            .is_ascii_digit()
            .then(|| sum * 10 + i64::from(digit - b'0'))
    })
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days from 1970 to a date of the Gregorian calendar. Years count from March, so that a leap
/// day is the last of its year, and 400 years are one whole cycle.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (cycle, of_cycle) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    cycle * 146_097 + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year - 719_468
}

/// The date after so many days since 1970: the way of [`days_before`] back.
fn date_after(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (cycle, of_cycle) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_cycle - of_cycle / 1_460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
    let of_year = of_cycle - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = (from_march + 2) % 12 + 1;
    let year = year + cycle * 400 + i64::from(month <= 2);
    (year, month, day)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.div_euclid(MICROSECONDS);
        let fraction = self.0.rem_euclid(MICROSECONDS);
        let (year, month, day) = date_after(seconds.div_euclid(DAY));
        let of_day = seconds.rem_euclid(DAY);
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        write!(
            formatter,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )?;
        if fraction != 0 {
            let digits = format!("{fraction:06}");
            write!(formatter, ".{}", digits.trim_end_matches('0'))?;
        }
        formatter.write_str("Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        text.parse::<Timestamp>().unwrap().to_string()
    }

    #[test]
    fn what_indexes_write_is_read() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
            ("2024-02-29", "2024-02-29T00:00:00Z"),
            ("2025-06-01T12:30:45.678901Z", "2025-06-01T12:30:45.678901Z"),
            (
                "2025-06-01t12:30:45.67890199z",
                "2025-06-01T12:30:45.678901Z",
            ),
            ("2025-06-01 12:30:45.500+02:30", "2025-06-01T10:00:45.5Z"),
            ("1969-12-31T23:59:59.9Z", "1969-12-31T23:59:59.9Z"),
            ("0000-03-01T00:00:00Z", "0000-03-01T00:00:00Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999999Z"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
        let first: Timestamp = "2025-06-01T00:00:00+00:00".parse().unwrap();
        assert_eq!(first.microseconds(), 1_748_736_000_000_000);
    }

    #[test]
    fn what_is_no_time_is_refused_with_its_text() {
        for text in [
            "",
            "2025",
            "2025-13-01",
            "2025-02-29",
            "2025-00-10",
            "2025-01-01T",
            "2025-01-01T24:00:00Z",
            "2025-01-01T00:00:00",
            "2025-01-01T00:00:00.Z",
            "2025-01-01T00:00:00+24:00",
            "2025-01-01T00:00:00Zx",
            "+025-01-01",
            "２０２５-01-01",
            "0000-01-01T00:00:00+23:00",
        ] {
            let error = text.parse::<Timestamp>().unwrap_err();
            assert!(error.to_string().contains("is not a time"), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_moment_survives_its_text(microseconds in -62_167_219_200_000_000..253_402_300_800_000_000_i64) {
            let moment = Timestamp::from_microseconds(microseconds).unwrap();
            prop_assert_eq!(moment.to_string().parse(), Ok(moment));
        }

        #[test]
        fn later_moments_have_later_texts(a in 0..253_402_300_799_i64, b in 0..253_402_300_799_i64) {
            let text = |seconds: i64| Timestamp(seconds * MICROSECONDS).to_string();
            prop_assert_eq!(a.cmp(&b), text(a).cmp(&text(b)));
        }
    }
}
