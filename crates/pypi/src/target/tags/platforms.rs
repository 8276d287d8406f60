//! The platform tags that a target takes, best first.

use super::HIGHEST;
use crate::target::{Libc, Machine, TargetPlatform};

/// `linux_x86_64` and every `manylinux` down from the floor; every macOS down from the floor, in each
/// format that holds code for the processor; `win_amd64`.
pub(super) fn of(platform: TargetPlatform) -> Vec<String> {
    let tag = platform.machine_tag();
    match platform {
        TargetPlatform::Linux { machine, libc } => {
            let mut tags = vec![format!("linux_{tag}")];
            match libc {
                Libc::Glibc(major, minor) => {
                    manylinux(&mut tags, machine, tag, (major.min(HIGHEST), minor));
                }
                Libc::Musl(major, minor) => {
                    let minors = (0..=minor.min(HIGHEST)).rev();
                    tags.extend(minors.map(|minor| format!("musllinux_{major}_{minor}_{tag}")));
                }
            }
            tags
        }
        TargetPlatform::MacOs { machine, version } => mac(machine, version),
        TargetPlatform::Windows { .. } => vec![format!("win_{tag}")],
    }
}

/// The older names of three versions of glibc, by PEP 513, 571, and 599.
pub(super) const LEGACY: [(&str, (u16, u16)); 3] = [
    ("manylinux1", (2, 5)),
    ("manylinux2010", (2, 12)),
    ("manylinux2014", (2, 17)),
];

fn manylinux(tags: &mut Vec<String>, machine: Machine, tag: &str, floor: (u16, u16)) {
    // Wheels for Arm begin with CentOS 7, those for x86 with CentOS 5.
    let oldest = match machine {
        Machine::X86_64 => (2, 5),
        Machine::Arm64 => (2, 17),
    };
    for major in (2..=floor.0).rev() {
        let highest = if major == floor.0 {
            floor.1.min(HIGHEST)
        } else {
            // What the last glibc 2 will be nobody knows; `packaging` has the same guess.
            50
        };
        let lowest = if major == oldest.0 { oldest.1 } else { 0 };
        for minor in (lowest..=highest).rev() {
            tags.push(format!("manylinux_{major}_{minor}_{tag}"));
            let legacy = LEGACY.iter().find(|(_, is)| *is == (major, minor));
            tags.extend(legacy.map(|(name, _)| format!("{name}_{tag}")));
        }
    }
}

/// The formats of macOS programs that hold code for a processor, since the given macOS 10.
pub(super) fn mac_formats(machine: Machine) -> &'static [&'static str] {
    match machine {
        Machine::X86_64 => &[
            "x86_64",
            "intel",
            "fat64",
            "fat3",
            "universal2",
            "universal",
        ],
        Machine::Arm64 => &["arm64", "universal2"],
    }
}

fn mac(machine: Machine, (major, minor): (u16, u16)) -> Vec<String> {
    let major = major.min(HIGHEST);
    let mut tags = Vec::new();
    let mut push = |major: u16, minor: u16, formats: &[&str]| {
        tags.extend(
            formats
                .iter()
                .map(|format| format!("macosx_{major}_{minor}_{format}")),
        );
    };
    let formats = mac_formats(machine);
    // 64-bit programs for Intel came with 10.4.
    let oldest = match machine {
        Machine::X86_64 => 4,
        Machine::Arm64 => 0,
    };
    if major == 10 {
        for minor in (oldest..=minor.min(HIGHEST)).rev() {
            push(10, minor, formats);
        }
    }
    if major >= 11 {
        // Since macOS 11 the major number alone counts.
        for major in (11..=major).rev() {
            push(major, 0, formats);
        }
        // No Arm program is older than 11, but one of both halves may be tagged for its older one.
        let formats = match machine {
            Machine::X86_64 => formats,
            Machine::Arm64 => &["universal2"],
        };
        for minor in (4..=16).rev() {
            push(10, minor, formats);
        }
    }
    tags
}
