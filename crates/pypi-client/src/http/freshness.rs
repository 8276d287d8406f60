//! How long an answer may be kept, by the words of the server alone.
//!
//! No clock is asked: a date is compared with the `Date` of the same answer, which is the server's own clock and cannot
//! differ from itself.

use std::time::Duration;

use reqwest::header::{AGE, CACHE_CONTROL, DATE, EXPIRES, HeaderMap, HeaderName, RETRY_AFTER};

/// No answer is fresh for longer than a year: more is a number without meaning.
const LONGEST: Duration = Duration::from_hours(365 * 24);

/// How long an answer is fresh (RFC 9111): `max-age` less `Age`, or `Expires` less `Date`; zero where the server says
/// `no-cache` or `no-store`. `None`: it does not say.
pub(super) fn of(headers: &HeaderMap) -> Option<Duration> {
    let directives = headers
        .get_all(CACHE_CONTROL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|directive| directive.trim().to_ascii_lowercase());
    let mut max_age = None;
    for directive in directives {
        match directive.split_once('=') {
            None if matches!(directive.as_str(), "no-cache" | "no-store") => {
                return Some(Duration::ZERO);
            }
            Some(("max-age", seconds)) => max_age = seconds.trim_matches('"').parse().ok(),
            _ => {}
        }
    }
    let seconds = match max_age {
        Some(seconds) => {
            let age = text(headers, &AGE).and_then(|age| age.parse().ok());
            u64::saturating_sub(seconds, age.unwrap_or(0))
        }
        None => until(headers, &EXPIRES)?,
    };
    Some(Duration::from_secs(seconds).min(LONGEST))
}

/// How long a server wishes to be left alone.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = text(headers, &RETRY_AFTER)?.parse().ok();
    let seconds = seconds.or_else(|| until(headers, &RETRY_AFTER))?;
    Some(Duration::from_secs(seconds).min(LONGEST))
}

/// Seconds from the answer to a date that it names.
fn until(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    let then = seconds(text(headers, name)?)?;
    let now = seconds(text(headers, &DATE)?)?;
    Some(then.saturating_sub(now))
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

/// The one form of a date that servers write (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`. In seconds of a
/// calendar in which every month has 31 days: differences within a month are right, and longer ones too long by a day
/// or two, which for how long to wait or to keep is no difference.
fn seconds(date: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (_, date) = date.split_once(", ")?;
    let words: Vec<&str> = date.split(' ').collect();
    let &[day, month, year, time, "GMT"] = words.as_slice() else {
        return None;
    };
    let number = |text: &str| text.parse::<u16>().ok().map(u64::from);
    let month = u64::try_from(MONTHS.iter().position(|name| *name == month)?).ok()?;
    let days = (number(year)? * 12 + month) * 31 + number(day)?;
    let mut clock = time.splitn(3, ':').map(number);
    let (hours, minutes, seconds) = (clock.next()??, clock.next()??, clock.next()??);
    Some(((days * 24 + hours) * 60 + minutes) * 60 + seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(fields: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, value.parse().expect("a value"));
        }
        headers
    }

    #[test]
    fn freshness_is_what_the_server_says() {
        let of = |fields: &[(&'static str, &'static str)]| {
            of(&headers(fields)).map(|fresh| fresh.as_secs())
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[("cache-control", "public, Max-Age=600")]), Some(600));
        assert_eq!(
            of(&[("cache-control", "max-age=600"), ("age", "50")]),
            Some(550)
        );
        assert_eq!(
            of(&[("cache-control", "max-age=600"), ("age", "5000")]),
            Some(0)
        );
        assert_eq!(
            of(&[
                ("cache-control", "max-age=600"),
                ("cache-control", "no-cache")
            ]),
            Some(0)
        );
        assert_eq!(
            of(&[("cache-control", "max-age=99999999999999")]),
            Some(31_536_000)
        );
        assert_eq!(of(&[("cache-control", "max-age=-1")]), None);
        let dates = [
            ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ("expires", "Sun, 06 Nov 1994 09:00:00 GMT"),
        ];
        assert_eq!(of(&dates), Some(623));
        assert_eq!(of(&[dates[0], ("expires", "0")]), None);
        assert_eq!(
            of(&[dates[0], ("expires", "Sat, 05 Nov 1994 09:00:00 GMT")]),
            Some(0)
        );
    }

    #[test]
    fn a_wish_is_seconds_or_a_date() {
        let of = |fields: &[(&'static str, &'static str)]| {
            retry_after(&headers(fields)).map(|wish| wish.as_secs())
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[("retry-after", " 7 ")]), Some(7));
        assert_eq!(of(&[("retry-after", "soon")]), None);
        let date = ("date", "Thu, 31 Dec 2026 23:59:58 GMT");
        assert_eq!(
            of(&[date, ("retry-after", "Fri, 01 Jan 2027 00:00:03 GMT")]),
            Some(5)
        );
        assert_eq!(
            of(&[("retry-after", "Fri, 01 Jan 2027 00:00:03 GMT")]),
            None
        );
    }
}
