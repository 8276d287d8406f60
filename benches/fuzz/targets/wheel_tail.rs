//! The end of a wheel, then one more part of it, as an index sends them; and the whole as one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pypi::wheel::{Found, Part, locate, metadata_of};
use pypi::{SdistKind, WheelName, sdist};

fuzz_target!(|bytes: &[u8]| {
    let name: WheelName = "a-1.0-py3-none-any.whl".parse().expect("a wheel's name");
    let total = bytes.len() as u64;
    // However much of the end came first, the answer is that of the whole file.
    let whole = metadata_of(bytes, &name);
    for start in [0, bytes.len() / 2, bytes.len().saturating_sub(64)] {
        let tail = Part {
            start: start as u64,
            bytes: &bytes[start..],
        };
        let mut parts = vec![tail];
        for _ in 0..4 {
            match locate(&parts, total, &name) {
                Ok(Found::Metadata(metadata)) => {
                    assert_eq!(whole.as_ref().ok(), Some(&metadata));
                    break;
                }
                Ok(Found::Range(range)) => {
                    assert!(range.start < range.end && range.end <= total);
                    let (start, end) = (range.start as usize, range.end as usize);
                    parts.push(Part {
                        start: range.start,
                        bytes: &bytes[start..end],
                    });
                }
                Err(_) => break,
            }
        }
    }
    let project = "a".parse().expect("a name");
    for kind in [SdistKind::TarGz, SdistKind::Zip] {
        let _ = sdist::metadata_of(bytes, kind, &project);
    }
});
