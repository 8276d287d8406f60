//! A spec, by both dialects: what is read is written strictly and reads the same, what is not is marked where it is wrong.
#![no_main]

use conda::{Dialect, Spec};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let strict = read(text, Dialect::Strict);
    let lenient = read(text, Dialect::Lenient);
    // What the strict rules allow means the same by the lenient ones, but for a bare version.
    assert!(strict.is_none() || lenient.is_some(), "{text}");
});

fn read(text: &str, dialect: Dialect) -> Option<Spec> {
    match Spec::parse(text, dialect) {
        Ok(spec) => {
            let again = Spec::parse(&spec.to_string(), Dialect::Strict);
            assert_eq!(again.as_ref(), Ok(&spec));
            assert_eq!(spec.loosened().name(), spec.name());
            let _ = (spec.range(), spec.versions(), spec.build());
            Some(spec)
        }
        Err(error) => {
            assert!(error.text.get(error.place.clone()).is_some());
            assert!(!error.to_string().contains('\n'));
            let drawn = error.drawn();
            assert!((2..=3).contains(&drawn.len()));
            assert!(drawn.iter().all(|line| !line.contains('\n')));
            None
        }
    }
}
