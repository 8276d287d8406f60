//! Many versions in few words.

use std::collections::BTreeSet;

use crate::Version;

/// Versions as spans of those there are: `1.0, 1.2 to 1.4`; where that is still long, from the first to the last.
pub(super) fn spans<'a>(
    some: impl IntoIterator<Item = &'a Version>,
    all: &BTreeSet<&Version>,
) -> Vec<String> {
    let some: BTreeSet<&Version> = some.into_iter().collect();
    let mut runs: Vec<(&Version, &Version)> = Vec::new();
    let mut is_open = false;
    for version in all.union(&some) {
        let is_in = some.contains(version);
        match runs.last_mut().filter(|_| is_open && is_in) {
            Some(run) => run.1 = version,
            None if is_in => runs.push((version, version)),
            None => {}
        }
        is_open = is_in;
    }
    if let ([(first, _), .., (_, last)], true) = (runs.as_slice(), runs.len() > MOST) {
        return vec![format!("{} of {first} to {last}", some.len())];
    }
    let told = runs.into_iter().map(|(first, last)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first} to {last}")
        }
    });
    told.collect()
}

/// How many spans are told one by one.
const MOST: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    fn told(some: &[&str], all: &[&str]) -> Vec<String> {
        let parse = |texts: &[&str]| -> Vec<Version> {
            texts.iter().map(|text| text.parse().unwrap()).collect()
        };
        let (some, all) = (parse(some), parse(all));
        spans(&some, &all.iter().collect())
    }

    #[test]
    fn neighbours_are_one_span() {
        let all = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
        assert_eq!(
            told(&["10", "2", "3", "4", "7"], &all),
            ["2 to 4", "7", "10"]
        );
        assert_eq!(told(&all, &all), ["1 to 10"]);
        assert_eq!(told(&[], &all), Vec::<String>::new());
        assert_eq!(told(&["1", "3", "5", "7", "9"], &all), ["5 of 1 to 9"]);
    }
}
