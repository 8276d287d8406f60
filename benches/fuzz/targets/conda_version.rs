//! Three versions, one on each line: reading, writing, and one order.
#![no_main]

use std::cmp::Ordering;

use conda::Version;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut lines = text.splitn(3, '\n');
    let mut read = || read(lines.next().unwrap_or_default());
    let (Some(a), Some(b), Some(c)) = (read(), read(), read()) else {
        return;
    };
    assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
    assert_eq!(a == b, a.cmp(&b) == Ordering::Equal);
    assert!(!(a <= b && b <= c) || a <= c, "{a} {b} {c}");
    assert!(!(a == b) || a.cmp(&c) == b.cmp(&c), "{a} {b} {c}");
});

fn read(text: &str) -> Option<Version> {
    match text.parse::<Version>() {
        Ok(version) => {
            assert_eq!(version.to_string(), text);
            Some(version)
        }
        Err(error) => {
            assert!(!error.to_string().contains('\n'));
            None
        }
    }
}
