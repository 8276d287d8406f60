//! Names of addons, and the two things every name from outside needs: to be printed safely, and to be found when it
//! was mistyped.

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// The name of an addon, as its package file spells it. AYON compares names as they are, case included.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddonName(Arc<str>);

impl AddonName {
    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for AddonName {
    fn from(name: &str) -> Self {
        Self(Arc::from(name))
    }
}

impl From<String> for AddonName {
    fn from(name: String) -> Self {
        Self(Arc::from(name))
    }
}

impl Borrow<str> for AddonName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AddonName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&printable(&self.0))
    }
}

/// A text from outside with control characters and their like replaced, so that a name cannot drive the terminal it is
/// printed on. What counts is said by [`is_misleading`].
///
/// ```
/// assert_eq!(ayon_model::printable("core\u{1b}[2J"), "core\u{fffd}[2J");
/// ```
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if is_misleading(c) { '\u{fffd}' } else { c })
        .collect()
}

/// Whether a character drives a terminal, or is invisible and reorders or ends the line it is in, which misleads a reader
/// as much.
pub fn is_misleading(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Up to three names that the mistyped `name` was probably meant to be, best first, ties in alphabetical order: those at
/// most one slip in three letters away, and those of which one holds the other.
pub fn closest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = name.to_lowercase();
    let length = wanted.chars().count();
    let ranked = known.into_iter().filter_map(|candidate| {
        let lower = candidate.to_lowercase();
        let slips = strsim::damerau_levenshtein(&wanted, &lower);
        // "ayon_maya" for "maya" is the usual slip in addon relations.
        let is_nested = lower.len() > 2
            && wanted.len() > 2
            && (wanted.contains(&lower) || lower.contains(&wanted));
        // Where every letter is another one, nothing is close.
        let is_close = slips <= (length / 3).max(1) && slips < length;
        (is_close || is_nested).then_some((slips, candidate))
    });
    let ranked: BTreeSet<(usize, &str)> = ranked.collect();
    // Beside a name that is clearly meant, those much further away are noise.
    let most = ranked.first().map_or(0, |(fewest, _)| fewest + 1);
    let best = ranked.into_iter().filter(|(slips, _)| *slips <= most);
    best.take(3).map(|(_, candidate)| candidate).collect()
}

/// The end of an error's sentence that offers `closest` names, between `before` and `after`; empty where none is close.
///
/// ```
/// use ayon_model::did_you_mean;
///
/// assert_eq!(did_you_mean("; ", &["core"], ""), "; did you mean `core`?");
/// assert_eq!(did_you_mean("; ", &[""; 0], ""), "");
/// ```
pub fn did_you_mean<S: Borrow<str>>(before: &str, closest: &[S], after: &str) -> String {
    if closest.is_empty() {
        return String::new();
    }
    format!("{before}did you mean `{}`?{after}", closest.join("` or `"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closest_names_come_best_first() {
        let known = ["core", "maya", "deadline", "houdini", "ayon_ocio"];
        assert_eq!(closest("houdni", known), ["houdini"]);
        assert_eq!(closest("ayon_maya", known)[0], "maya");
        let none = Vec::<&str>::new();
        assert_eq!(closest("zbrush", known), none);
        assert_eq!(closest("", ["a"]), none);
        assert_eq!(closest("x", ["y", "X"]), ["X"]);
        let known = ["studio", "staging", "platform"];
        assert_eq!(closest("stduio", known), ["studio"]);
        assert_eq!(closest("plattform", known), ["platform"]);
        assert_eq!(closest("host", known), none);
        let known = ["rez.linux.addon", "rez.windows.addon"];
        assert_eq!(closest("rez.linux.adon", known), ["rez.linux.addon"]);
    }
}
