//! Why a wheel cannot be installed, in the words of a person.
//!
//! A wheel can miss a target in several ways at once; what counts is the way that is hardest to
//! mend. Another system is further away than another processor, that further than another Python,
//! and that further than a floor that is a little low. The variants of [`TagMismatch`] stand in that
//! order, so that of many wheels the nearest is the least.

use std::collections::BTreeSet;
use std::fmt;

use super::SupportedTags;
use super::platforms::{LEGACY, mac_formats};
use crate::file::wheel_name::WheelTags;
use crate::target::{Libc, TargetPlatform};

/// Why wheels cannot be installed on a target, nearest first. Displays as a clause without a
/// subject: `built for cp312, this is cp311`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TagMismatch {
    /// The system is too old; nothing else is amiss.
    Floor {
        /// `glibc`, `musl`, or `macOS`.
        of: &'static str,
        /// The version that would do.
        needs: (u16, u16),
        /// The version of the target.
        has: (u16, u16),
    },
    /// The Python is too old, and any newer one would do.
    OlderPython {
        /// The version that would do.
        needs: (u16, u16),
        /// The version of the target.
        has: (u16, u16),
    },
    /// The Python is another.
    Python {
        /// The Pythons that would do, as tags: `cp312`, `pp39`.
        built_for: BTreeSet<String>,
        /// The target's tag.
        target: String,
    },
    /// The Python is right, but not the binary interface: a debug or free-threaded build.
    Abi {
        /// The interfaces that would do: `cp313t`.
        built_for: BTreeSet<String>,
        /// The target's interface.
        target: String,
    },
    /// A Linux with the other C library.
    Libc {
        /// `glibc` or `musl`.
        built_for: &'static str,
        /// The target's library.
        target: Libc,
    },
    /// Another processor.
    Processor {
        /// The processors that would do, as tags have them: `aarch64`.
        built_for: BTreeSet<String>,
        /// The target's processor.
        target: &'static str,
    },
    /// Another operating system.
    System {
        /// The systems that would do: `Linux`, `Windows`, `macOS`, or a tag that is none of these.
        built_for: BTreeSet<String>,
    },
    /// Tags that no Python of this platform asks for, whatever the versions.
    Unused {
        /// The tags.
        tags: BTreeSet<String>,
    },
}

/// How far a platform tag is from a platform, nearest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Distance {
    Fits,
    Floor { needs: (u16, u16) },
    Libc(&'static str),
    Processor(String),
    System(String),
    Unused,
}

impl TagMismatch {
    /// Why these tags, which the target does not take, do not fit.
    pub(crate) fn between(
        platform: TargetPlatform,
        supported: &SupportedTags,
        tags: &WheelTags,
    ) -> Self {
        let distances = tags
            .platform()
            .map(|tag| distance(platform, supported, tag));
        let nearest = distances.min().unwrap_or(Distance::Unused);
        let one = |text: String| BTreeSet::from([text]);
        let python = supported.why_not_python(tags);
        match (nearest, python) {
            (Distance::System(system), _) => TagMismatch::System {
                built_for: one(system),
            },
            (Distance::Processor(processor), _) => TagMismatch::Processor {
                built_for: one(processor),
                target: platform.machine_tag(),
            },
            (Distance::Libc(built_for), _) => match platform {
                TargetPlatform::Linux { libc, .. } => TagMismatch::Libc {
                    built_for,
                    target: libc,
                },
                // No other system has two C libraries to tell apart.
                _ => TagMismatch::unused(tags),
            },
            (Distance::Fits | Distance::Floor { .. }, Some(python)) => python,
            (Distance::Floor { needs }, None) => {
                let (of, has) = floor(platform);
                TagMismatch::Floor { of, needs, has }
            }
            (Distance::Fits | Distance::Unused, _) => TagMismatch::unused(tags),
        }
    }

    fn unused(tags: &WheelTags) -> Self {
        TagMismatch::Unused {
            tags: BTreeSet::from([tags.to_string()]),
        }
    }

    /// The nearer of two; both where they are of one kind.
    pub(crate) fn nearest(self, other: Self) -> Self {
        use TagMismatch::{Abi, Processor, Python, System, Unused};
        match (self, other) {
            (
                Python {
                    mut built_for,
                    target,
                },
                Python {
                    built_for: more, ..
                },
            ) => {
                built_for.extend(more);
                Python { built_for, target }
            }
            (
                Abi {
                    mut built_for,
                    target,
                },
                Abi {
                    built_for: more, ..
                },
            ) => {
                built_for.extend(more);
                Abi { built_for, target }
            }
            (
                Processor {
                    mut built_for,
                    target,
                },
                Processor {
                    built_for: more, ..
                },
            ) => {
                built_for.extend(more);
                Processor { built_for, target }
            }
            (System { mut built_for }, System { built_for: more }) => {
                built_for.extend(more);
                System { built_for }
            }
            (Unused { mut tags }, Unused { tags: more }) => {
                tags.extend(more);
                Unused { tags }
            }
            // Of two floors the one that is easier to reach.
            (one, other) => one.min(other),
        }
    }
}

impl SupportedTags {
    /// What keeps the Python from taking a wheel on any platform; none if nothing does.
    fn why_not_python(&self, tags: &WheelTags) -> Option<TagMismatch> {
        if self.pair_place(tags).is_some() || self.pure_place(tags).is_some() {
            return None;
        }
        let (major, minor) = self.python;
        // What runs on every later Python of its major version, and is of a later one than this.
        let needs = tags.python().filter_map(|tag| {
            let generic = tag.strip_prefix("py");
            let stable = || tags.abi().any(|abi| abi == "abi3");
            let version = generic.or_else(|| tag.strip_prefix("cp").filter(|_| stable()))?;
            let (front, rest) = version.split_at_checked(1)?;
            let version = (front.parse().ok()?, rest.parse().ok()?);
            (version.0 == major && version.1 > minor).then_some(version)
        });
        if let Some(needs) = needs.min() {
            return Some(TagMismatch::OlderPython {
                needs,
                has: self.python,
            });
        }
        let own = format!("cp{major}{minor}");
        let runs = |tag: &str| tag == own || self.pure.iter().any(|pure| pure == tag);
        let texts = |parts: &mut dyn Iterator<Item = &str>| parts.map(str::to_owned).collect();
        Some(if tags.python().any(runs) {
            TagMismatch::Abi {
                built_for: texts(&mut tags.abi()),
                target: self.abi.clone(),
            }
        } else {
            TagMismatch::Python {
                built_for: texts(&mut tags.python()),
                target: own,
            }
        })
    }
}

/// What a platform's floor is of, and where it is.
fn floor(platform: TargetPlatform) -> (&'static str, (u16, u16)) {
    match platform {
        TargetPlatform::Linux {
            libc: Libc::Glibc(major, minor),
            ..
        } => ("glibc", (major, minor)),
        TargetPlatform::Linux {
            libc: Libc::Musl(major, minor),
            ..
        } => ("musl", (major, minor)),
        TargetPlatform::MacOs { version, .. } => ("macOS", version),
        // No tag of Windows is ever at this distance.
        TargetPlatform::Windows { .. } => ("Windows", (0, 0)),
    }
}

fn distance(platform: TargetPlatform, supported: &SupportedTags, tag: &str) -> Distance {
    if tag == "any" || supported.platform_places.contains_key(tag) {
        return Distance::Fits;
    }
    let Some(built) = Built::read(tag) else {
        return Distance::System(tag.to_owned());
    };
    let system = match platform {
        TargetPlatform::Linux { .. } => "Linux",
        TargetPlatform::MacOs { .. } => "macOS",
        TargetPlatform::Windows { .. } => "Windows",
    };
    if built.system != system {
        return Distance::System(built.system.to_owned());
    }
    let machine = platform.machine_tag();
    let runs = match platform {
        TargetPlatform::MacOs { machine, .. } => mac_formats(machine).contains(&built.machine),
        _ => built.machine == machine,
    };
    if !runs {
        return Distance::Processor(built.machine.to_owned());
    }
    let (of, has) = floor(platform);
    match built.libc {
        Some(libc) if libc != of => Distance::Libc(libc),
        _ if built.needs > has => Distance::Floor { needs: built.needs },
        _ => Distance::Unused,
    }
}

/// What a platform tag says.
struct Built<'a> {
    system: &'static str,
    machine: &'a str,
    libc: Option<&'static str>,
    needs: (u16, u16),
}

impl<'a> Built<'a> {
    fn read(tag: &'a str) -> Option<Self> {
        let linux = |machine, libc, needs| {
            Some(Built {
                system: "Linux",
                machine,
                libc,
                needs,
            })
        };
        if let Some((name, machine)) = tag.split_once('_')
            && let Some((_, needs)) = LEGACY.iter().find(|(legacy, _)| *legacy == name)
        {
            return linux(machine, Some("glibc"), *needs);
        }
        if let Some(rest) = tag.strip_prefix("manylinux_") {
            let (needs, machine) = versioned(rest)?;
            return linux(machine, Some("glibc"), needs);
        }
        if let Some(rest) = tag.strip_prefix("musllinux_") {
            let (needs, machine) = versioned(rest)?;
            return linux(machine, Some("musl"), needs);
        }
        if let Some(machine) = tag.strip_prefix("linux_") {
            return linux(machine, None, (0, 0));
        }
        if let Some(rest) = tag.strip_prefix("macosx_") {
            let (needs, machine) = versioned(rest)?;
            return Some(Built {
                system: "macOS",
                machine,
                libc: None,
                needs,
            });
        }
        let machine = match tag {
            "win32" => "win32",
            _ => tag.strip_prefix("win_")?,
        };
        Some(Built {
            system: "Windows",
            machine,
            libc: None,
            needs: (0, 0),
        })
    }
}

/// `2_17_x86_64` as a version and what follows.
fn versioned(text: &str) -> Option<((u16, u16), &str)> {
    let (major, rest) = text.split_once('_')?;
    let (minor, rest) = rest.split_once('_')?;
    Some(((major.parse().ok()?, minor.parse().ok()?), rest))
}

impl fmt::Display for TagMismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TagMismatch::Floor { of, needs, has } => {
                let ((major, minor), (old, older)) = (needs, has);
                write!(
                    formatter,
                    "needs {of} {major}.{minor}, the target has {old}.{older}"
                )
            }
            TagMismatch::OlderPython { needs, has } => {
                let ((major, minor), (old, older)) = (needs, has);
                write!(
                    formatter,
                    "needs Python {major}.{minor}, this is {old}.{older}"
                )
            }
            TagMismatch::Python { built_for, target } => {
                write!(formatter, "built for {}, this is {target}", list(built_for))
            }
            TagMismatch::Abi { built_for, target } => write!(
                formatter,
                "built for the binary interface {}, that of this Python is {target}",
                list(built_for)
            ),
            TagMismatch::Libc { built_for, target } => {
                write!(formatter, "built for {built_for}, the target has {target}")
            }
            TagMismatch::Processor { built_for, target } => write!(
                formatter,
                "built for the processor {}, the target's is {target}",
                list(built_for)
            ),
            TagMismatch::System { built_for } => write!(formatter, "for {}", list(built_for)),
            TagMismatch::Unused { tags } => {
                write!(
                    formatter,
                    "tagged {}, which no installer asks for",
                    list(tags)
                )
            }
        }
    }
}

/// `a`, `a and b`, `a, b and c`; of more than six the last ones, which are the newest.
fn list(texts: &BTreeSet<String>) -> String {
    const SHOWN: usize = 6;
    let mut shown: Vec<&str> = texts.iter().map(String::as_str).collect();
    // `cp39` before `cp310`.
    shown.sort_by_key(|text| text.len());
    let cut = shown.len().saturating_sub(SHOWN);
    let more = if cut > 0 {
        shown.drain(..cut);
        format!("{cut} others, ")
    } else {
        String::new()
    };
    match shown.split_last() {
        None => more,
        Some((last, [])) => (*last).to_owned(),
        Some((last, front)) => format!("{more}{} and {last}", front.join(", ")),
    }
}
