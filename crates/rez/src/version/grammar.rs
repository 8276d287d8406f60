//! The text of a range: parts between `|`, each of one of seven forms.
//!
//! rez tries a large regular expression. This reads the same texts from left to right without ever going back: what a
//! part may go on with depends only on its prefix, on whether a version was there, and on the character that follows.
//! Some of what is accepted looks like an accident (`+>=`, `<5,<3`), and is kept: such texts are in use.
//!
//! Source: reference `rez.md` §1.3; rez's `_VersionRangeParser`.

use super::{Bound, LowerBound, UpperBound, Version, VersionError, is_token, token_length};

/// Reads the bounds of a range, in the order of its parts. None of them means everything.
pub(super) fn bounds(text: &str) -> Result<Vec<Bound>, VersionError> {
    let mut bounds = Vec::new();
    let mut is_any = false;
    let mut start = 0;
    for part in text.split('|') {
        let span = start..start + part.len();
        start = span.end + 1;
        if part.is_empty() {
            // Everything, whatever else is there. The other parts only have to have a form.
            is_any = true;
            bounds.clear();
            continue;
        }
        // Python's `$` also matches before a last line feed.
        let part = part.strip_suffix('\n').unwrap_or(part);
        let ends = Reader { rest: part }
            .part()
            .map_err(|rest| VersionError::syntax(text, span.start + part.len() - rest.len()))?;
        if is_any || part.is_empty() {
            continue;
        }
        let bound = ends.bound()?;
        bounds.push(bound.ok_or_else(|| VersionError::impossible(text, span))?);
    }
    Ok(bounds)
}

/// What a part says, before it is known to make sense.
enum Ends<'a> {
    /// A version and its extensions.
    Family(&'a str),
    Exact(&'a str),
    Between {
        lower: Option<End<'a>>,
        upper: Option<End<'a>>,
    },
}

struct End<'a> {
    /// May be empty.
    version: &'a str,
    inclusive: bool,
}

impl Ends<'_> {
    /// The bound, or None where it is impossible.
    fn bound(self) -> Result<Option<Bound>, VersionError> {
        let (lower, upper) = match self {
            Self::Exact(version) => return Ok(Some(Bound::exact(Version::parse(version)?))),
            Self::Family(version) => {
                let version = Version::parse(version)?;
                let upper = version
                    .next()
                    .map_or_else(UpperBound::none, UpperBound::exclusive);
                (LowerBound::inclusive(version), upper)
            }
            Self::Between { lower, upper } => {
                let lower = match lower {
                    None => LowerBound::none(),
                    Some(End { version, inclusive }) => LowerBound {
                        version: Version::parse(version)?,
                        inclusive,
                    },
                };
                let upper = match upper {
                    None => UpperBound::none(),
                    Some(End { version, inclusive }) => UpperBound {
                        version: Some(Version::parse(version)?),
                        inclusive,
                    },
                };
                (lower, upper)
            }
        };
        Ok(Bound::new(lower, upper))
    }
}

/// What is left of a part. Failures are the rest that does not fit.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn part(mut self) -> Result<Ends<'a>, &'a str> {
        if self.take("==") {
            let version = self.version();
            return self.end(Ends::Exact(version));
        }
        if self.rest.starts_with('>') {
            return self.ascending_after_sign();
        }
        if self.rest.starts_with('<') {
            return self.descending_after_sign();
        }
        let version = self.version();
        if self.rest.is_empty() {
            return Ok(Ends::Family(version));
        }
        let here = Some(End {
            version,
            inclusive: true,
        });
        if self.take("..") {
            let upper = self.version();
            let upper = Some(End {
                version: upper,
                inclusive: true,
            });
            return self.end(Ends::Between { lower: here, upper });
        }
        let plus = self.take("+");
        if self.rest.is_empty() {
            return Ok(Ends::Between {
                lower: here,
                upper: None,
            });
        }
        if version.is_empty() && !plus {
            return Err(self.rest);
        }
        // Now a second end: an upper one, or after a comma, which only an upper version has to be followed by, a lower one.
        let before = self.rest;
        let comma = !version.is_empty() && self.take(",");
        if self.rest.starts_with('<') {
            let upper = Some(self.upper()?);
            self.end(Ends::Between { lower: here, upper })
        } else if version.is_empty() || comma {
            let lower = Some(self.lower()?);
            self.end(Ends::Between { lower, upper: here })
        } else {
            Err(before)
        }
    }

    /// `>v`, `>=v`, and what may follow.
    fn ascending_after_sign(mut self) -> Result<Ends<'a>, &'a str> {
        let lower = self.lower()?;
        if self.rest.is_empty() {
            return Ok(Ends::Between {
                lower: Some(lower),
                upper: None,
            });
        }
        if !lower.version.is_empty() {
            self.take(",");
        }
        let upper = Some(self.upper()?);
        self.end(Ends::Between {
            lower: Some(lower),
            upper,
        })
    }

    /// `<v`, `<=v`, and what may follow.
    fn descending_after_sign(mut self) -> Result<Ends<'a>, &'a str> {
        self.take("<");
        let inclusive = self.take("=");
        let version = self.version();
        let upper = Some(End { version, inclusive });
        if self.rest.is_empty() {
            if version.is_empty() && !inclusive {
                return Err(self.rest);
            }
            return Ok(Ends::Between { lower: None, upper });
        }
        if !version.is_empty() && !self.take(",") {
            return Err(self.rest);
        }
        let lower = Some(self.lower()?);
        self.end(Ends::Between { lower, upper })
    }

    /// `<v` or `<=`, after which the version may be missing.
    fn upper(&mut self) -> Result<End<'a>, &'a str> {
        if !self.take("<") {
            return Err(self.rest);
        }
        let inclusive = self.take("=");
        if !inclusive && !self.rest.starts_with(is_token) {
            return Err(self.rest);
        }
        Ok(End {
            version: self.version(),
            inclusive,
        })
    }

    /// `>` or `>=`, after which the version may be missing, or `<v`, which rez reads as `>=v` here.
    fn lower(&mut self) -> Result<End<'a>, &'a str> {
        let inclusive = if self.take(">") {
            self.take("=")
        } else {
            let after = self.rest.strip_prefix('<').unwrap_or_default();
            if !after.starts_with(is_token) {
                return Err(self.rest);
            }
            self.take("<")
        };
        Ok(End {
            version: self.version(),
            inclusive,
        })
    }

    /// The longest version here: tokens with `.` or `-` between them. Empty where there is none.
    fn version(&mut self) -> &'a str {
        let mut length = token_length(self.rest);
        while length > 0 && self.rest[length..].starts_with(['.', '-']) {
            let token = token_length(&self.rest[length + 1..]);
            if token == 0 {
                break;
            }
            length += 1 + token;
        }
        let (version, rest) = self.rest.split_at(length);
        self.rest = rest;
        version
    }

    fn take(&mut self, sign: &str) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// `ends`, if nothing is left.
    fn end(self, ends: Ends<'a>) -> Result<Ends<'a>, &'a str> {
        if self.rest.is_empty() {
            Ok(ends)
        } else {
            Err(self.rest)
        }
    }
}
