//! Two ranges and a version, one on each line: reading, writing, and the set operations.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rez::{Version, VersionRange};

fuzz_target!(|text: &str| {
    let mut lines = text.splitn(3, '\n');
    let mut read = || range(lines.next().unwrap_or_default());
    let (Some(a), Some(b)) = (read(), read()) else {
        return;
    };
    let Ok(version) = Version::parse(lines.next().unwrap_or_default()) else {
        return;
    };
    let (in_a, in_b) = (a.contains(&version), b.contains(&version));
    let common = a.intersection(&b);
    assert_eq!(
        common.is_some_and(|common| common.contains(&version)),
        in_a && in_b
    );
    assert_eq!(a.intersects(&b), b.intersects(&a));
    assert!(!(in_a && in_b) || a.intersects(&b));
    assert!(!a.is_superset(&b) || !in_b || in_a);
    // By rez's fault a union may contain more than its parts, but never less.
    assert!(!(in_a || in_b) || a.union(&b).contains(&version));
    if let Ok(outside) = a.inverse() {
        assert_eq!(outside.is_none(), a.is_any());
        assert_eq!(
            outside.is_some_and(|outside| outside.contains(&version)),
            !in_a
        );
    }
    if let Ok(rest) = a.difference(&b) {
        let in_rest = rest.is_some_and(|rest| rest.contains(&version));
        assert_eq!(in_rest, in_a && !in_b);
    }
});

fn range(text: &str) -> Option<VersionRange> {
    match VersionRange::parse(text) {
        Ok(range) => {
            let again = VersionRange::parse(&range.to_string());
            // What rez's fault left touching is merged when it is read again.
            assert!(again.is_ok_and(|again| again == range || range.inverse().is_err()));
            Some(range)
        }
        Err(error) => {
            assert!(!error.to_string().contains('\n'));
            assert_eq!(error.caret().lines().count(), 2);
            None
        }
    }
}
