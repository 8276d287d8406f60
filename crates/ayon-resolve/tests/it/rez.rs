//! The commands about rez, on a small site of packages.

mod contexts;
mod indexing;
mod mistakes;
pub(crate) mod publish;
mod resolving;
mod searching;

use crate::{Outcome, Place};

/// A site: what a few departments have installed.
pub(crate) fn site() -> Place {
    let release = |name: &str, version: &str, rest: &str| {
        (
            format!("packages/{name}/{version}/package.py"),
            format!("name = '{name}'\nversion = '{version}'\n{rest}\n"),
        )
    };
    let files = [
        release("python", "3.9.7", "timestamp = 1600000000"),
        release("python", "3.10.1", "timestamp = 1650000000"),
        release("python", "3.11.4", "timestamp = 1700000000"),
        release("maya", "2024.1", "requires = ['python-3.10', 'qt-5']"),
        release("maya", "2025.0", "requires = ['python-3.11', 'qt-6']"),
        release(
            "nuke",
            "15.0",
            "variants = [['python-3.9'], ['python-3.10']]",
        ),
        release("qt", "5.15", ""),
        release("qt", "6.5", "requires = ['python-3.10+']"),
        release(
            "usd",
            "23.11",
            "requires = ['python-3+<3.11', '.feature-1+']",
        ),
        release("tool", "1.0", "requires = ['maya', '~nuke-15', '!usd-22']"),
    ];
    files
        .into_iter()
        .fold(Place::new(), |place, (name, text)| place.file(&name, &text))
        .variable("AYON_RESOLVE_PATHS", "packages")
        .variable("AYON_RESOLVE_NO_IMPLICIT", "1")
        .variable("AYON_RESOLVE_CACHE_DIR", "[folder]/cache")
}

/// Runs `rez WORDS` on the site.
pub(crate) fn rez(words: &str) -> Outcome {
    site().run(&format!("rez {words}"))
}
