//! Two versions, one on each line: reading, order, the next version, prefixes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rez::Version;

fuzz_target!(|text: &str| {
    let (a, b) = text.split_once('\n').unwrap_or((text, ""));
    let (Some(a), Some(b)) = (read(a), read(b)) else {
        return;
    };
    assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
    assert_eq!(a == b, a.tokens().eq(b.tokens()));
    let next = a.next();
    assert_eq!(next.is_none(), a.is_empty());
    if let Some(next) = next {
        assert!(a < next);
        assert_eq!(read(next.as_str()).as_ref(), Some(&next));
        // Nothing with fewer tokens comes between.
        assert!(!(a < b && b < next) || a.tokens().count() <= b.tokens().count());
    }
    for count in 0..=a.tokens().count() {
        let prefix = a.prefix(count);
        assert_eq!(prefix.tokens().count(), count);
        assert!(prefix <= a);
        assert_eq!(read(prefix.as_str()), Some(prefix));
    }
});

fn read(text: &str) -> Option<Version> {
    match Version::parse(text) {
        Ok(version) => {
            assert_eq!(version.as_str(), text);
            Some(version)
        }
        Err(error) => {
            assert!(!error.to_string().contains('\n'));
            assert_eq!(error.caret().lines().count(), 2);
            None
        }
    }
}
