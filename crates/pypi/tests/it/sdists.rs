//! Source distributions, made here in the ways that tools have written them.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use pypi::{ArchiveError, SdistKind, sdist};
use zip::CompressionMethod;

use crate::archives::{METADATA, name, zipped};

/// A tape archive of these entries: kind, name, contents.
fn tarred(entries: &[(u8, &str, &[u8])]) -> Vec<u8> {
    let mut file = Vec::new();
    for (kind, name, contents) in entries {
        let mut header = [0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", contents.len()).as_bytes());
        header[156] = *kind;
        header[257..263].copy_from_slice(b"ustar\0");
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..154].copy_from_slice(format!("{sum:06o}").as_bytes());
        file.extend(header);
        file.extend(*contents);
        file.resize(file.len().next_multiple_of(512), 0);
    }
    file.extend([0; 1024]);
    file
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn of_sdist(entries: &[(u8, &str, &[u8])]) -> Result<Vec<u8>, ArchiveError> {
    sdist::metadata_of(&gzipped(&tarred(entries)), SdistKind::TarGz, &name().name)
}

#[test]
fn the_metadata_of_a_source_distribution_is_in_its_folder() {
    for entries in [
        [
            (b'5', "clique-2.0.0/", b"".as_slice()),
            (b'0', "clique-2.0.0/PKG-INFO", METADATA),
        ],
        [
            (0, "Clique-2.0/clique.egg-info/PKG-INFO", b"no"),
            (0, "Clique-2.0/PKG-INFO", METADATA),
        ],
        [
            (b'x', "pax", b"20 mtime=1.5\n"),
            (b'0', "./clique-2.0.0/PKG-INFO", METADATA),
        ],
        [
            (b'g', "pax", b"30 comment=x\n"),
            (b'0', "clique-2.0.0/PKG-INFO", METADATA),
        ],
    ] {
        assert_eq!(of_sdist(&entries).as_deref(), Ok(METADATA));
    }
    for entries in [
        [
            (b'0', "PKG-INFO", METADATA),
            (b'0', "other-2.0.0/PKG-INFO", METADATA),
        ],
        // The name in the header is not the entry's.
        [
            (b'L', "././@LongLink", b"some long name"),
            (b'0', "clique-2.0.0/PKG-INFO", METADATA),
        ],
        [
            (b'x', "pax", b"20 path=elsewhere\n"),
            (b'0', "clique-2.0.0/PKG-INFO", METADATA),
        ],
        // A link has no contents.
        [
            (b'2', "clique-2.0.0/PKG-INFO", b""),
            (b'5', "clique-2.0.0/PKG-INFO", b""),
        ],
    ] {
        let error = of_sdist(&entries).unwrap_err().to_string();
        assert_eq!(error, "it holds no `clique-VERSION/PKG-INFO`");
    }
    let zipped = zipped(
        &[("clique-2.0.0/PKG-INFO", METADATA)],
        CompressionMethod::Deflated,
        "",
    );
    let found = sdist::metadata_of(&zipped, SdistKind::Zip, &name().name);
    assert_eq!(found.as_deref(), Ok(METADATA));
    let error = sdist::metadata_of(b"BZh9", SdistKind::TarBz2, &name().name).unwrap_err();
    assert!(error.to_string().contains("bzip2"), "{error}");
}

proptest! {
    #[test]
    fn damage_of_a_source_distribution_is_an_error(
        at in any::<prop::sample::Index>(),
        flip in 1..=255_u8,
        cut in any::<prop::sample::Index>(),
    ) {
        let entries = [(b'0', "clique-2.0.0/setup.py", b"x".as_slice()), (b'0', "clique-2.0.0/PKG-INFO", METADATA)];
        let tarred = tarred(&entries);
        let mut changed = tarred.clone();
        changed[at.index(tarred.len())] ^= flip;
        let _ = sdist::metadata_of(&gzipped(&changed), SdistKind::TarGz, &name().name);
        let mut file = gzipped(&tarred);
        let length = file.len();
        file[at.index(length)] ^= flip;
        let _ = sdist::metadata_of(&file, SdistKind::TarGz, &name().name);
        // The archive ends behind the metadata; before that, something is missing.
        let before = cut.index(512 * 3 + METADATA.len());
        prop_assert!(sdist::metadata_of(&gzipped(&tarred[..before]), SdistKind::TarGz, &name().name).is_err());
    }

    #[test]
    fn bytes_that_are_no_archive_are_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for kind in [SdistKind::TarGz, SdistKind::Zip] {
            prop_assert!(sdist::metadata_of(&bytes, kind, &name().name).is_err());
        }
    }
}
