//! Wheels, made here in many shapes: whole, in parts and damaged.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use pypi::wheel::{Found, Part, locate, metadata_of};
use pypi::{ArchiveError, WheelName};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub(crate) const METADATA: &[u8] = b"Metadata-Version: 2.1\nName: clique\nVersion: 2.0.0\n";
const PLACE: &str = "clique-2.0.0.dist-info/METADATA";

pub(crate) fn name() -> WheelName {
    "clique-2.0.0-py3-none-any.whl".parse().unwrap()
}

/// A ZIP file of these entries.
pub(crate) fn zipped(
    entries: &[(&str, &[u8])],
    method: CompressionMethod,
    comment: &str,
) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (path, contents) in entries {
        writer.start_file(*path, options).unwrap();
        writer.write_all(contents).unwrap();
    }
    writer.set_comment(comment).unwrap();
    writer.finish().unwrap().into_inner()
}

fn wheel(path: &str) -> Vec<u8> {
    let entries = [("clique/__init__.py", b"1".as_slice()), (path, METADATA)];
    zipped(&entries, CompressionMethod::Deflated, "")
}

/// Answers every request for a range, as an index does; tells how many there were.
fn read_in_parts(file: &[u8], tail: usize) -> (Result<Vec<u8>, ArchiveError>, usize) {
    let total = file.len() as u64;
    let start = file.len().saturating_sub(tail);
    let mut parts = vec![Part {
        start: start as u64,
        bytes: &file[start..],
    }];
    for requests in 0..=5 {
        match locate(&parts, total, &name()) {
            Ok(Found::Metadata(metadata)) => return (Ok(metadata), requests),
            Err(error) => return (Err(error), requests),
            Ok(Found::Range(range)) => {
                let bytes =
                    usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
                parts.push(Part {
                    start: range.start,
                    bytes: &file[bytes],
                });
            }
        }
    }
    panic!("it asks for more and more");
}

fn fault(file: &[u8]) -> String {
    metadata_of(file, &name()).unwrap_err().to_string()
}

#[test]
fn a_wheel_as_tools_make_it_is_read_from_its_end() {
    let noise: Vec<u8> = (0..100_000_u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes())
        .collect();
    let late = [("clique/data", noise.as_slice()), (PLACE, METADATA)];
    let late = zipped(&late, CompressionMethod::Stored, "");
    assert_eq!(read_in_parts(&late, 32 << 10), (Ok(METADATA.to_vec()), 0));
    // What stands in front of all else takes one request more.
    let early = [(PLACE, METADATA), ("clique/data", noise.as_slice())];
    let early = zipped(&early, CompressionMethod::Stored, "");
    assert_eq!(read_in_parts(&early, 32 << 10), (Ok(METADATA.to_vec()), 1));
    // So does a directory longer than the end that was asked for; the metadata comes with it.
    let paths: Vec<String> = (0..1_000)
        .map(|n| format!("clique/{n:04}/{}.py", "x".repeat(90)))
        .collect();
    let mut wide: Vec<(&str, &[u8])> = paths
        .iter()
        .map(|path| (path.as_str(), b"".as_slice()))
        .collect();
    wide.push((PLACE, METADATA));
    let wide = zipped(&wide, CompressionMethod::Deflated, "");
    assert_eq!(read_in_parts(&wide, 32 << 10), (Ok(METADATA.to_vec()), 1));
    let commented = zipped(
        &late_entries(),
        CompressionMethod::Deflated,
        &"PK\u{5}\u{6}".repeat(10_000),
    );
    assert_eq!(read_in_parts(&commented, 32 << 10).0, Ok(METADATA.to_vec()));
}

fn late_entries() -> [(&'static str, &'static [u8]); 2] {
    [("clique/__init__.py", b""), (PLACE, METADATA)]
}

#[test]
fn a_range_is_exact() {
    let file = zipped(
        &[(PLACE, METADATA), ("clique/data", &vec![7; 200_000])],
        CompressionMethod::Stored,
        "",
    );
    let start = file.len() - 1000;
    let tail = Part {
        start: start as u64,
        bytes: &file[start..],
    };
    let found = locate(&[tail], file.len() as u64, &name()).unwrap();
    let length = (30 + PLACE.len() + METADATA.len()) as u64;
    assert_eq!(found, Found::Range(0..length));
}

#[test]
fn the_folder_is_that_of_the_distribution_however_it_is_spelled() {
    for path in [
        "Clique-2.0.0.dist-info/METADATA",
        "CLIQUE-2.0.dist-info/METADATA",
        PLACE,
    ] {
        assert_eq!(
            metadata_of(&wheel(path), &name()).unwrap(),
            METADATA,
            "{path}"
        );
    }
    for path in [
        "vendor/clique-2.0.0.dist-info/METADATA",
        "clique-2.0.0.dist-info/METADATA/x",
        "clique-2.0.0.dist-info/metadata",
        "clique-2.0.0.dist-info\\METADATA",
    ] {
        let error = fault(&wheel(path));
        assert_eq!(error, format!("it holds no `{PLACE}`"), "{path}");
    }
    assert_eq!(
        fault(&wheel("evil-2.0.0.dist-info/METADATA")),
        format!(
            "it holds `evil-2.0.0.dist-info/METADATA` where `{PLACE}` is expected: it is another \
             distribution's"
        )
    );
    let two = [
        (PLACE, METADATA),
        ("clique-1.0.dist-info/METADATA", METADATA),
    ];
    let error = fault(&zipped(&two, CompressionMethod::Stored, ""));
    assert!(error.contains("cannot be told which"), "{error}");
}

/// Changes the bytes of the one directory entry and local header of `METADATA`.
fn patched(offset_in_directory: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = zipped(&[(PLACE, METADATA)], CompressionMethod::Deflated, "");
    let directory = file
        .windows(4)
        .rposition(|window| window == b"PK\x01\x02")
        .unwrap();
    let place = directory + offset_in_directory;
    file[place..place + bytes.len()].copy_from_slice(bytes);
    file
}

#[test]
fn what_an_archive_claims_is_not_believed() {
    let end = |file: &[u8]| {
        file.windows(4)
            .rposition(|window| window == b"PK\x05\x06")
            .unwrap()
    };
    for (flags, error) in [(1_u16, "encrypted"), (1 << 13, "encrypted")] {
        assert!(fault(&patched(8, &flags.to_le_bytes())).contains(error));
    }
    for (method, error) in [
        (93_u16, "compressed by method 93"),
        (0, "does not match its checksum"),
    ] {
        assert!(fault(&patched(10, &method.to_le_bytes())).contains(error));
    }
    for size in [20_u32, u32::MAX - 1] {
        let error = fault(&patched(24, &size.to_le_bytes()));
        assert!(
            error.contains("checksum") || error.contains("16 MiB"),
            "{error}"
        );
    }
    let error = fault(&patched(42, &u32::MAX.to_le_bytes()));
    assert!(error.contains("outside of itself"), "{error}");
    let mut file = wheel(PLACE);
    let record = end(&file);
    file[record + 4] = 1;
    assert!(fault(&file).contains("several disks"));
    let mut file = wheel(PLACE);
    file[record + 12..record + 16].copy_from_slice(&(1_u32 << 30).to_le_bytes());
    assert!(fault(&file).contains("too many entries"));
    for file in [b"".as_slice(), b"PK", &[0; 1000]] {
        assert!(fault(file).contains("damaged or cut off"));
    }
}

#[test]
fn more_comes_out_than_metadata_has() {
    let bomb = vec![0; (16 << 20) + 1];
    let file = zipped(&[(PLACE, &bomb)], CompressionMethod::Deflated, "");
    assert!(file.len() < 100_000);
    assert!(
        fault(&file).contains("more than 16 MiB"),
        "{}",
        fault(&file)
    );
    // With a small size written over the true one, it is the contents that are too large.
    let mut file = file;
    let directory = file
        .windows(4)
        .rposition(|window| window == b"PK\x01\x02")
        .unwrap();
    file[directory + 24..directory + 28].copy_from_slice(&10_u32.to_le_bytes());
    assert!(
        fault(&file).contains("more than 16 MiB"),
        "{}",
        fault(&file)
    );
}

/// An archive of one stored entry in which every number that may be is kept in 64 bits.
fn sixty_four_bit() -> Vec<u8> {
    const SIXTY_FOUR: [u8; 4] = [0xff; 4];
    let length = u64::try_from(METADATA.len()).unwrap();
    let name_length = u16::try_from(PLACE.len()).unwrap().to_le_bytes();
    let mut checksum = flate2::Crc::new();
    checksum.update(METADATA);
    let extra: Vec<u8> = [length, length, 0]
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    // Version, flags, method, time, date, checksum, sizes; the lengths of name and extra fields.
    let mut common = vec![45, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    common.extend(checksum.sum().to_le_bytes());
    common.extend([SIXTY_FOUR, SIXTY_FOUR].concat());
    common.extend(name_length);

    let mut file = [
        b"PK\x03\x04",
        common.as_slice(),
        &[0, 0],
        PLACE.as_bytes(),
        METADATA,
    ]
    .concat();
    let directory = file.len() as u64;
    file.extend(
        [
            b"PK\x01\x02\x2d\0",
            common.as_slice(),
            &[28, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ]
        .concat(),
    );
    file.extend([&SIXTY_FOUR, PLACE.as_bytes(), &[1, 0, 24, 0], &extra].concat());
    let record = file.len() as u64;
    file.extend(
        [
            b"PK\x06\x06".as_slice(),
            &44_u64.to_le_bytes(),
            &[45, 0, 45, 0],
            &[0; 8],
        ]
        .concat(),
    );
    for number in [1, 1, record - directory, directory] {
        file.extend(number.to_le_bytes());
    }
    file.extend(
        [
            b"PK\x06\x07".as_slice(),
            &[0; 4],
            &record.to_le_bytes(),
            &[1, 0, 0, 0],
        ]
        .concat(),
    );
    file.extend([b"PK\x05\x06", [0; 4].as_slice(), &[0xff; 12], &[0; 2]].concat());
    file
}

#[test]
fn sixty_four_bit_archives_are_read() {
    let file = sixty_four_bit();
    assert_eq!(read_in_parts(&file, 98), (Ok(METADATA.to_vec()), 1));
    assert_eq!(metadata_of(&file, &name()).unwrap(), METADATA);
}

proptest! {
    /// Whatever stands around it and however it is cut, the metadata is found, with few requests.
    #[test]
    fn the_metadata_is_found_from_any_end(
        before in proptest::collection::vec(("[a-z]{1,20}", proptest::collection::vec(any::<u8>(), 0..300)), 0..8),
        after in proptest::collection::vec(("[A-Z]{1,20}", proptest::collection::vec(any::<u8>(), 0..300)), 0..8),
        metadata in proptest::collection::vec(any::<u8>(), 0..600),
        comment in "[ -~]{0,40}",
        stored in any::<bool>(),
        tail in 22_usize..4000,
    ) {
        let mut entries: Vec<(&str, &[u8])> = Vec::new();
        let mut names = std::collections::BTreeSet::new();
        for (path, contents) in &before {
            if names.insert(path) {
                entries.push((path, contents));
            }
        }
        entries.push((PLACE, &metadata));
        for (path, contents) in &after {
            if names.insert(path) {
                entries.push((path, contents));
            }
        }
        let method = if stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let file = zipped(&entries, method, &comment);
        prop_assert_eq!(&metadata_of(&file, &name()).unwrap(), &metadata);
        let (found, requests) = read_in_parts(&file, tail);
        prop_assert_eq!(found.unwrap(), metadata);
        prop_assert!(requests <= 3, "{}", requests);
    }

    /// A damaged wheel is an error, or nothing that was read was damaged.
    #[test]
    fn damage_never_makes_other_metadata(
        at in any::<prop::sample::Index>(),
        flip in 1..=255_u8,
        cut in any::<prop::sample::Index>(),
    ) {
        let file = wheel(PLACE);
        let mut changed = file.clone();
        changed[at.index(file.len())] ^= flip;
        if let Ok(metadata) = metadata_of(&changed, &name()) {
            prop_assert_eq!(metadata, METADATA);
        }
        let _ = read_in_parts(&changed, 100);
        prop_assert!(metadata_of(&file[..cut.index(file.len())], &name()).is_err());
    }

    #[test]
    fn bytes_that_are_no_archive_are_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(metadata_of(&bytes, &name()).is_err());
    }
}
