//! Names of addons, and the two things every name from outside needs: to be printed safely, and to be found when it
//! was mistyped.

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

impl std::borrow::Borrow<str> for AddonName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AddonName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&printable(&self.0))
    }
}

/// A text from outside with control characters replaced, so that a name cannot drive the terminal it is printed on.
///
/// ```
/// assert_eq!(ayon_model::printable("core\u{1b}[2J"), "core\u{fffd}[2J");
/// ```
pub fn printable(text: &str) -> String {
    // Bidirectional overrides reorder what a reader sees, which is as misleading as an escape sequence.
    let misleading =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .map(|c| if misleading(c) { '\u{fffd}' } else { c })
        .collect()
}

/// Up to three names that the mistyped `name` was probably meant to be, best first, ties in alphabetical order.
pub fn closest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = name.to_lowercase();
    let mut ranked: Vec<(u32, &str)> = known
        .into_iter()
        .filter_map(|candidate| {
            let lower = candidate.to_lowercase();
            let similarity = strsim::jaro_winkler(&wanted, &lower);
            // "ayon_maya" for "maya" is the usual slip in addon relations: the one name holds the other.
            let nested = lower.len() > 2
                && wanted.len() > 2
                && (wanted.contains(&lower) || lower.contains(&wanted));
            let distance = if nested {
                similarity.clamp(0.9, 0.95)
            } else {
                similarity
            };
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a similarity is 0.0 to 1.0"
            )]
            (distance > 0.8).then_some((1000 - (distance * 1000.0) as u32, candidate))
        })
        .collect();
    ranked.sort_unstable();
    ranked.dedup();
    ranked
        .into_iter()
        .take(3)
        .map(|(_, candidate)| candidate)
        .collect()
}

/// The end of an error's sentence that offers `closest` names, between `before` and `after`; empty where none is close.
///
/// ```
/// use ayon_model::did_you_mean;
///
/// assert_eq!(did_you_mean("; ", &["core".to_owned()], ""), "; did you mean `core`?");
/// assert_eq!(did_you_mean("; ", &[], ""), "");
/// ```
pub fn did_you_mean(before: &str, closest: &[String], after: &str) -> String {
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
        assert_eq!(closest("zbrush", known), Vec::<&str>::new());
    }
}
