//! What goes in comes out, the same bytes for the same choice.

use ayon_lock::{Lock, ReadError};
use proptest::prelude::*;

use crate::worlds::{by_target, inputs, lock, resolutions};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn resolutions_come_out_as_they_went_in((subject, resolutions) in resolutions(), inputs in inputs()) {
        let lock = Lock::of(subject, inputs, resolutions.clone()).unwrap();
        let text = lock.to_text();
        let read = match Lock::read(&text) {
            Ok(read) => read,
            Err(error) => return Err(TestCaseError::fail(format!("{error}\n{text}"))),
        };
        prop_assert_eq!(read.to_text(), text);
        let out = by_target(read.resolutions());
        for (target, resolution) in by_target(&resolutions) {
            // Also in the words in which versions are told, which equality does not see.
            prop_assert_eq!(format!("{:#?}", &out[&target]), format!("{resolution:#?}"));
        }
        prop_assert_eq!(by_target(read.resolutions()), by_target(&resolutions));
        prop_assert_eq!(&read, &lock);
    }

    #[test]
    fn order_does_not_matter((subject, resolutions) in resolutions(), inputs in inputs()) {
        let mut turned = resolutions.clone();
        turned.reverse();
        for resolution in &mut turned {
            resolution.addons.reverse();
            resolution.edges.reverse();
            if let Some(lock) = &mut resolution.lock {
                std::sync::Arc::make_mut(lock).packages.reverse();
            }
        }
        let one = Lock::of(subject.clone(), inputs.clone(), resolutions).unwrap();
        let other = Lock::of(subject, inputs, turned).unwrap();
        prop_assert_eq!(one.to_text(), other.to_text());
    }

    #[test]
    fn line_ends_and_comments_do_not_matter(lock in lock()) {
        let text = lock.to_text().replace('\n', "\r\n") + "# a remark\r\n";
        prop_assert_eq!(Lock::read(&text).unwrap(), lock);
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        prop_assert!(Lock::read(&text).is_err());
    }

    #[test]
    fn a_damaged_lock_is_refused_or_the_same(
        lock in lock(),
        at in any::<prop::sample::Index>(),
        length in 0..40usize,
        instead in "[ -~\n]{0,6}",
    ) {
        let text = lock.to_text();
        let characters: Vec<char> = text.chars().collect();
        let at = at.index(characters.len());
        let end = (at + length).min(characters.len());
        let damaged: String = characters[..at].iter().copied()
            .chain(instead.chars())
            .chain(characters[end..].iter().copied())
            .collect();
        match Lock::read(&damaged) {
            Ok(read) => prop_assert_eq!(read.resolutions(), lock.resolutions()),
            Err(ReadError::Digest { written, computed, .. }) => prop_assert_ne!(written, computed),
            Err(error) => prop_assert!(error.to_string().contains("line "), "{}", error),
        }
    }
}
