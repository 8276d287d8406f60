use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use proptest::prelude::*;

use super::super::entry::{Evidence, Problem, Source};
use super::*;
use crate::package::{Defect, DefectKind, Definition, Family, Package, PackageKind};
use crate::version::Version;

fn text() -> impl Strategy<Value = Arc<str>> {
    prop_oneof!["[a-c]", "[a-z]{1,9}-[0-9]", "\\PC{0,8}"].prop_map(Arc::from)
}

fn requests() -> impl Strategy<Value = Vec<Arc<str>>> {
    prop::collection::vec(text(), 0..4)
}

fn stamp() -> impl Strategy<Value = Stamp> {
    (any::<i64>(), any::<i64>(), any::<u64>(), any::<u64>()).prop_map(
        |(modified, changed, inode, size)| Stamp {
            modified,
            changed,
            inode,
            size,
        },
    )
}

fn definition() -> impl Strategy<Value = Result<Arc<Definition>, Defect>> {
    let written = (
        requests(),
        requests(),
        prop::option::of(prop::collection::vec(requests(), 0..3)),
        any::<Option<i64>>(),
        any::<bool>(),
    );
    let written = written.prop_map(
        |(requires, build_requires, variants, timestamp, hashed_variants)| {
            Ok(Arc::new(Definition {
                requires,
                build_requires,
                variants,
                timestamp,
                hashed_variants,
                evaluated: false,
            }))
        },
    );
    let kinds = prop::sample::select(
        &[
            DefectKind::Missing,
            DefectKind::Invalid,
            DefectKind::NeedsPython,
        ][..],
    );
    let defect = (kinds, text(), any::<Option<u32>>(), text());
    let defect = defect.prop_map(|(kind, file, line, message)| {
        Err(Defect {
            kind,
            file: PathBuf::from(&*file),
            line,
            message: message.to_string(),
        })
    });
    prop_oneof![4 => written, 1 => defect]
}

fn entry() -> impl Strategy<Value = Entry> {
    let package = (
        "[0-9]{1,3}(\\.[0-9]{1,3}){0,3}",
        definition(),
        prop::option::of(text()),
        stamp(),
    );
    let combined = prop::sample::select(&["", "py", "yaml"][..]);
    let problem = (text(), text()).prop_map(|(path, message)| Problem {
        path: PathBuf::from(&*path),
        message: message.to_string(),
    });
    let parts = (
        prop::collection::vec(package, 0..5),
        combined,
        stamp(),
        0..u64::MAX / 2,
        prop::collection::vec((text(), stamp()), 0..2),
        prop::collection::vec(problem, 0..2),
    );
    parts.prop_map(|(parts, combined, stamp, read_at, hidden, problems)| {
        let kind = match combined {
            "" => PackageKind::Folder,
            extension => PackageKind::Combined {
                extension: extension.into(),
            },
        };
        let mut sources = Vec::new();
        let mut packages = Vec::new();
        for (version, definition, file, stamp) in parts {
            if combined.is_empty() {
                sources.push(Source { file, stamp });
            }
            packages.push(Package {
                version: Version::parse(&version).unwrap(),
                kind: kind.clone(),
                definition,
            });
        }
        Entry {
            family: Arc::new(Family {
                name: "".into(),
                packages,
            }),
            evaluated: None,
            problems,
            evidence: Evidence {
                stamp,
                read_at: UNIX_EPOCH + Duration::from_nanos(read_at),
                combined: combined.into(),
                sources,
                hidden,
                keep: true,
                indexed: true,
            },
        }
    })
}

/// Entries under names of their own.
fn entries() -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::btree_map("[a-z]{1,3}", entry(), 0..6).prop_map(|entries| {
        let named = entries.into_iter().map(|(name, mut entry)| {
            let packages = entry.family.packages.clone();
            entry.family = Arc::new(Family {
                name: name.into(),
                packages,
            });
            entry
        });
        named.collect()
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(entries in entries()) {
        let index = Index::open(encode::encode(entries.iter()).unwrap()).unwrap();
        prop_assert_eq!(index.len(), entries.len());
        let all: Vec<String> = index.all().values().map(|entry| format!("{entry:?}")).collect();
        let expected: Vec<String> = entries.iter().map(|entry| format!("{entry:?}")).collect();
        prop_assert_eq!(all, expected);
        for entry in &entries {
            let (name, stamp) = (&entry.family.name, &entry.evidence.stamp);
            prop_assert!(index.has(name));
            prop_assert!(index.entry(name, stamp).is_some());
            let other = Stamp { size: stamp.size ^ 1, ..*stamp };
            prop_assert!(index.entry(name, &other).is_none());
        }
        prop_assert!(!index.has("Zz"));
    }

    #[test]
    fn no_bytes_make_it_panic(
        entries in entries(),
        damages in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let whole = encode::encode(entries.iter()).unwrap();
        let mut damaged = whole.clone();
        for (place, byte) in damages {
            let place = place.index(damaged.len());
            damaged[place] = byte;
        }
        for bytes in [damaged, whole[..cut.index(whole.len())].to_vec()] {
            if let Some(index) = Index::open(bytes) {
                index.all();
                for entry in &entries {
                    index.entry(&entry.family.name, &entry.evidence.stamp);
                }
            }
        }
    }
}
