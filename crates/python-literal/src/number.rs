//! Python's number literals, and floats printed as Python prints them.

use crate::error::{Reason, Stop};
use crate::value::Value;

/// More digits than this Python itself refuses to read.
const MAX_DIGITS: usize = 4300;

/// Reads a number literal that starts at an offset of the source (for messages).
pub(crate) fn read(text: &str, offset: usize) -> Result<Value, Stop> {
    let malformed = || Stop::syntax(offset, format!("`{}` is not a number", shorten(text)));
    let lower = text.to_ascii_lowercase();
    if let Some(radix) = match lower.get(..2) {
        Some("0x") => Some(16),
        Some("0o") => Some(8),
        Some("0b") => Some(2),
        _ => None,
    } {
        // One underscore may follow the prefix, so it takes part in the check as if it followed a digit.
        let digits = without_underscores(&format!("0{}", &lower[2..]), u8::is_ascii_hexdigit)
            .ok_or_else(malformed)?;
        if digits.len() == 1 || !digits.chars().all(|digit| digit.is_digit(radix)) {
            return Err(malformed());
        }
        return i128::from_str_radix(&digits, radix)
            .map(Value::Int)
            .map_err(|_| {
                Stop::not_evaluable(
                    offset,
                    Reason::Unsupported("an integer beyond 128 bits that is not decimal"),
                )
            });
    }
    let imaginary = lower.ends_with('j');
    let number = lower.strip_suffix('j').unwrap_or(&lower);
    let number = without_underscores(number, u8::is_ascii_digit).ok_or_else(malformed)?;
    if number.bytes().all(|byte| byte.is_ascii_digit()) {
        if imaginary {
            return Err(Stop::not_evaluable(
                offset,
                Reason::Unsupported("a complex number"),
            ));
        }
        let significant = number.trim_start_matches('0');
        if number.len() > 1 && number.starts_with('0') && !significant.is_empty() {
            return Err(Stop::syntax(
                offset,
                "a decimal integer has no leading zeros; octal is written `0o…`",
            ));
        }
        return whole(significant.to_owned(), offset);
    }
    if !is_float(&number) {
        return Err(malformed());
    }
    if imaginary {
        return Err(Stop::not_evaluable(
            offset,
            Reason::Unsupported("a complex number"),
        ));
    }
    number.parse().map(Value::Float).map_err(|_| malformed())
}

/// An integer from its decimal digits, without leading zeros.
fn whole(digits: String, offset: usize) -> Result<Value, Stop> {
    if digits.len() > MAX_DIGITS {
        return Err(Stop::syntax(
            offset,
            format!("an integer has at most {MAX_DIGITS} digits"),
        ));
    }
    if digits.is_empty() {
        return Ok(Value::Int(0));
    }
    Ok(digits.parse().map_or(Value::BigInt(digits), Value::Int))
}

/// The negative of a number; `None` for what is not one.
pub(crate) fn negate(value: &Value) -> Option<Value> {
    match value {
        // The one integer whose negative needs more than 128 bits.
        Value::Int(number) => Some(number.checked_neg().map_or_else(
            || Value::BigInt(number.unsigned_abs().to_string()),
            Value::Int,
        )),
        Value::BigInt(digits) => {
            let negative = digits
                .strip_prefix('-')
                .map_or_else(|| format!("-{digits}"), str::to_owned);
            Some(negative.parse().map_or(Value::BigInt(negative), Value::Int))
        }
        Value::Float(number) => Some(Value::Float(-number)),
        _ => None,
    }
}

/// The text without its underscores, each of which must stand between two digits.
fn without_underscores(text: &str, is_digit: fn(&u8) -> bool) -> Option<String> {
    let bytes = text.as_bytes();
    let mut digits = String::with_capacity(text.len());
    for (index, character) in text.char_indices() {
        if character != '_' {
            digits.push(character);
            continue;
        }
        let before = index.checked_sub(1).and_then(|before| bytes.get(before));
        let between = [before, bytes.get(index + 1)]
            .into_iter()
            .all(|byte| byte.is_some_and(is_digit));
        if !between {
            return None;
        }
    }
    Some(digits)
}

/// `digits? [. digits?] [e [+-] digits]` with a digit before the exponent.
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = text
        .split_once('e')
        .map_or((text, None), |(mantissa, rest)| (mantissa, Some(rest)));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_is_fine = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent_is_fine
}

/// A float as Python's `repr` writes it: the shortest digits that read back, with an exponent below 1e-4 and from 1e16.
pub(crate) fn print_float(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 {
            "1e999".to_owned()
        } else {
            "-1e999".to_owned()
        };
    }
    let scientific = halfway_to_even(number, format!("{number:e}"), |digits| {
        format!("{number:.digits$e}")
    });
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..16).contains(&exponent) {
        let plain = halfway_to_even(number, format!("{number}"), |digits| {
            format!("{number:.digits$}")
        });
        return if plain.contains('.') {
            plain
        } else {
            format!("{plain}.0")
        };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

/// Of the shortest texts that read back, the one that Python takes. Where a number lies halfway between two, Rust takes the
/// upper and Python the one that ends in an even digit, as Rust does too when it is told how many digits to print.
fn halfway_to_even(number: f64, shortest: String, print: impl Fn(usize) -> String) -> String {
    let mantissa = shortest.split('e').next().unwrap_or_default();
    let digits = mantissa
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    let rounded = print(digits);
    if rounded.parse() == Ok(number) {
        rounded
    } else {
        shortest
    }
}

/// The start of a text, for a message.
fn shorten(text: &str) -> String {
    if text.chars().count() <= 20 {
        text.to_owned()
    } else {
        text.chars().take(19).chain(['…']).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> String {
        match read(text, 0) {
            Ok(value) => value.to_string(),
            Err(Stop::Syntax { message, .. }) => format!("syntax: {message}"),
            Err(Stop::NotEvaluable { reason, .. }) => format!("open: {reason}"),
        }
    }

    #[test]
    fn numbers_read_as_python_reads_them() {
        for (text, expected) in [
            ("0", "0"),
            ("00_0", "0"),
            ("1_000", "1000"),
            ("0xFF", "255"),
            ("0x_ff", "255"),
            ("0b101", "5"),
            ("0o17", "15"),
            ("1.", "1.0"),
            (".5", "0.5"),
            ("1e5", "100000.0"),
            ("1E-5", "1e-05"),
            ("1e16", "1e+16"),
            ("007.5", "7.5"),
            ("1e400", "1e999"),
            // Halfway between two of the shortest texts.
            ("713894715617493.25", "713894715617493.2"),
            ("713894715617493.75", "713894715617493.8"),
            ("5e-324", "5e-324"),
            ("9007199254740993.0", "9007199254740992.0"),
            (
                "170141183460469231731687303715884105728",
                "170141183460469231731687303715884105728",
            ),
        ] {
            assert_eq!(printed(text), expected, "{text}");
        }
    }

    #[test]
    fn malformed_numbers_are_refused() {
        for text in [
            "1__0", "1_", "0x", "0xg", "0b2", "012", "1e", "1.2.3", "1abc", "0_x1", "1_.5", "1_e5",
            ".",
        ] {
            assert!(
                printed(text).starts_with("syntax"),
                "{text}: {}",
                printed(text)
            );
        }
        for text in ["1j", "1.5J", "012j"] {
            assert!(printed(text).starts_with("open"), "{text}");
        }
    }

    #[test]
    fn the_smallest_integer_is_negated_both_ways() {
        let smallest = negate(&Value::BigInt(
            "170141183460469231731687303715884105728".to_owned(),
        ));
        assert_eq!(smallest, Some(Value::Int(i128::MIN)));
        assert_eq!(
            negate(&Value::Int(i128::MIN)),
            Some(Value::BigInt(
                "170141183460469231731687303715884105728".to_owned()
            ))
        );
    }
}
