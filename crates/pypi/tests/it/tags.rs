//! Targets and wheels: which fits, which is preferred, and why one does not fit.

use proptest::prelude::*;
use pypi::{
    BuildTag, DistributionName, Libc, Machine, Marker, SdistName, Target, TargetPlatform, Version,
    WheelName, WheelParts, WheelTags,
};

fn linux(machine: Machine, libc: Libc, python: &str) -> Target {
    Target::new(
        TargetPlatform::Linux { machine, libc },
        &python.parse().unwrap(),
    )
}

fn glibc(minor: u16) -> Target {
    linux(Machine::X86_64, Libc::Glibc(2, minor), "3.11.9")
}

fn mac(machine: Machine, version: (u16, u16)) -> Target {
    let platform = TargetPlatform::MacOs { machine, version };
    Target::new(platform, &"3.11.9".parse().unwrap())
}

fn windows(machine: Machine) -> Target {
    let platform = TargetPlatform::Windows { machine };
    Target::new(platform, &"3.11.9".parse().unwrap())
}

fn tags(text: &str) -> WheelTags {
    text.parse().unwrap()
}

/// The list of a small target, whole: what the order is.
#[test]
fn order_is_pairs_then_platforms_then_pure() {
    let old = linux(Machine::Arm64, Libc::Glibc(2, 17), "3.3.0");
    insta::assert_snapshot!(old.tags().collect::<Vec<_>>().join("\n"), @r"
    cp33-cp33m-linux_aarch64
    cp33-cp33m-manylinux_2_17_aarch64
    cp33-cp33m-manylinux2014_aarch64
    cp33-abi3-linux_aarch64
    cp33-abi3-manylinux_2_17_aarch64
    cp33-abi3-manylinux2014_aarch64
    cp33-none-linux_aarch64
    cp33-none-manylinux_2_17_aarch64
    cp33-none-manylinux2014_aarch64
    cp32-abi3-linux_aarch64
    cp32-abi3-manylinux_2_17_aarch64
    cp32-abi3-manylinux2014_aarch64
    py33-none-linux_aarch64
    py33-none-manylinux_2_17_aarch64
    py33-none-manylinux2014_aarch64
    py3-none-linux_aarch64
    py3-none-manylinux_2_17_aarch64
    py3-none-manylinux2014_aarch64
    py32-none-linux_aarch64
    py32-none-manylinux_2_17_aarch64
    py32-none-manylinux2014_aarch64
    py31-none-linux_aarch64
    py31-none-manylinux_2_17_aarch64
    py31-none-manylinux2014_aarch64
    py30-none-linux_aarch64
    py30-none-manylinux_2_17_aarch64
    py30-none-manylinux2014_aarch64
    cp33-none-any
    py33-none-any
    py3-none-any
    py32-none-any
    py31-none-any
    py30-none-any
    ");
}

#[test]
fn a_wheel_is_as_good_as_the_best_of_its_tags() {
    let target = glibc(28);
    let ranked: Vec<Option<u32>> = [
        "cp311-cp311-manylinux_2_28_x86_64",
        "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64",
        "cp38-abi3-manylinux_2_17_x86_64",
        "py2.py3-none-manylinux1_x86_64",
        "cp311-none-any",
        "py2.py3-none-any",
    ]
    .map(|text| target.rank(&tags(text)))
    .to_vec();
    assert!(ranked.iter().all(Option::is_some), "{ranked:?}");
    assert!(ranked.is_sorted(), "{ranked:?}");
    let both = tags("cp311.py3-none-any.manylinux_2_17_x86_64");
    assert_eq!(
        target.rank(&both),
        target.rank(&tags("cp311-none-manylinux_2_17_x86_64"))
    );
    // `any` alone is for `none` alone.
    assert_eq!(target.rank(&tags("cp311-cp311-any")), None);
}

#[test]
fn a_mismatch_is_told_in_words() {
    let farm = glibc(28);
    let arm = mac(Machine::Arm64, (13, 0));
    let told = |target: &Target, text: &str| {
        let mismatch = target.why_not(&tags(text));
        mismatch.map_or("it fits".to_owned(), |mismatch| mismatch.to_string())
    };
    for (target, wheel, words) in [
        (&farm, "py3-none-any", "it fits"),
        (
            &farm,
            "cp312-cp312-manylinux_2_17_x86_64",
            "built for cp312, this is cp311",
        ),
        (
            &farm,
            "cp39.pp310-none-any",
            "built for cp39 and pp310, this is cp311",
        ),
        (
            &farm,
            "cp312-abi3-manylinux_2_17_x86_64",
            "needs Python 3.12, this is 3.11",
        ),
        (&farm, "py313-none-any", "needs Python 3.13, this is 3.11"),
        (&farm, "py2-none-any", "built for py2, this is cp311"),
        (
            &farm,
            "cp311-cp311d-linux_x86_64",
            "built for the binary interface cp311d, that of this Python is cp311",
        ),
        (
            &farm,
            "cp311-cp311-manylinux_2_34_x86_64",
            "needs glibc 2.34, the target has 2.28",
        ),
        (
            &farm,
            "cp312-cp312-manylinux_2_34_x86_64",
            "built for cp312, this is cp311",
        ),
        (
            &farm,
            "cp311-cp311-musllinux_1_2_x86_64",
            "built for musl, the target has glibc 2.28",
        ),
        (
            &farm,
            "cp311-cp311-manylinux2014_aarch64",
            "built for the processor aarch64, the target's is x86_64",
        ),
        (&farm, "cp312-cp312-macosx_11_0_arm64", "for macOS"),
        (&farm, "cp311-cp311-win32", "for Windows"),
        (
            &farm,
            "cp311-cp311-ios_13_0_arm64_iphoneos",
            "for ios_13_0_arm64_iphoneos",
        ),
        (
            &arm,
            "cp311-cp311-macosx_14_0_arm64",
            "needs macOS 14.0, the target has 13.0",
        ),
        (
            &arm,
            "cp311-cp311-macosx_10_9_x86_64",
            "built for the processor x86_64, the target's is arm64",
        ),
        (
            &arm,
            "cp311-cp311-macosx_11_3_arm64",
            "tagged cp311-cp311-macosx_11_3_arm64, which no installer asks for",
        ),
        (
            &windows(Machine::X86_64),
            "cp311-cp311-win_arm64",
            "built for the processor arm64, the target's is amd64",
        ),
        (
            &windows(Machine::Arm64),
            "cp311-cp311-linux_x86_64",
            "for Linux",
        ),
    ] {
        assert_eq!(told(target, wheel), words, "{wheel} on {target}");
    }
}

#[test]
fn of_many_wheels_the_nearest_are_told() {
    let farm = glibc(28);
    let told = |texts: &[&str]| {
        let wheels: Vec<WheelTags> = texts.iter().map(|text| tags(text)).collect();
        farm.why_none(&wheels).map(|mismatch| mismatch.to_string())
    };
    let newer = [
        "cp312-cp312-win_amd64",
        "cp312-cp312-manylinux_2_17_x86_64",
        "cp313-cp313-manylinux_2_34_x86_64",
        "cp312-cp312-macosx_11_0_arm64",
    ];
    assert_eq!(
        told(&newer).unwrap(),
        "built for cp312 and cp313, this is cp311"
    );
    let elsewhere = ["cp311-cp311-win_amd64", "cp311-cp311-macosx_11_0_arm64"];
    assert_eq!(told(&elsewhere).unwrap(), "for macOS and Windows");
    let floors = [
        "cp311-cp311-manylinux_2_39_x86_64",
        "cp311-cp311-manylinux_2_34_x86_64",
    ];
    assert_eq!(
        told(&floors).unwrap(),
        "needs glibc 2.34, the target has 2.28"
    );
    assert_eq!(told(&["cp312-cp312-win_amd64", "py3-none-any"]), None);
    assert_eq!(told(&[]), None);
    let many: Vec<String> = (30..40)
        .map(|minor| format!("cp3{minor}-cp3{minor}-linux_x86_64"))
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(
        told(&many).unwrap(),
        "built for 4 others, cp334, cp335, cp336, cp337, cp338 and cp339, this is cp311"
    );
}

#[test]
fn a_target_says_what_markers_see_and_its_own_marker() {
    let seen = |target: &Target| {
        let environment = target.environment();
        let values: Vec<String> = environment
            .variables()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        values.join(" ")
    };
    insta::assert_snapshot!(seen(&windows(Machine::Arm64)), @"implementation_name=cpython implementation_version=3.11.9 os_name=nt platform_machine=ARM64 platform_python_implementation=CPython platform_release= platform_system=Windows platform_version= python_full_version=3.11.9 python_version=3.11 sys_platform=win32");
    for (target, machine) in [
        (windows(Machine::X86_64), "AMD64"),
        (mac(Machine::Arm64, (13, 0)), "arm64"),
        (mac(Machine::X86_64, (13, 0)), "x86_64"),
        (glibc(28), "x86_64"),
        (linux(Machine::Arm64, Libc::Glibc(2, 28), "3.11"), "aarch64"),
    ] {
        assert_eq!(target.environment().machine(), machine);
        let marker: Marker = target.marker().parse().unwrap();
        assert!(marker.evaluate(target.environment(), &[]), "{marker}");
    }
    insta::assert_snapshot!(glibc(28).marker(), @"sys_platform == 'linux' and platform_machine == 'x86_64' and implementation_name == 'cpython' and python_full_version >= '3.11' and python_full_version < '3.12'");
    let early = linux(Machine::X86_64, Libc::Glibc(2, 28), "3.15.0b2");
    insta::assert_snapshot!(early.marker(), @"sys_platform == 'linux' and platform_machine == 'x86_64' and implementation_name == 'cpython' and python_full_version >= '3.15.0b2' and python_full_version < '3.16'");
    assert_eq!(
        linux(Machine::X86_64, Libc::Musl(1, 2), "3.11").to_string(),
        "Python 3.11.0 on linux x86_64, musl 1.2"
    );
}

#[test]
fn absurd_numbers_stay_small() {
    let versions = ["65535.65535", "18.99999999999", "0", "3"];
    for python in versions {
        for libc in [
            Libc::Glibc(9, 65535),
            Libc::Musl(65535, 65535),
            Libc::Glibc(0, 0),
        ] {
            let target = linux(Machine::X86_64, libc, python);
            assert!(target.rank(&tags("cp31-none-linux_x86_64")).is_none());
        }
    }
    assert!(mac(Machine::X86_64, (65535, 65535)).tags().count() < 1_000_000);
}

fn machine() -> impl Strategy<Value = Machine> {
    prop_oneof![Just(Machine::X86_64), Just(Machine::Arm64)]
}

fn platform() -> impl Strategy<Value = TargetPlatform> {
    let libc = prop_oneof![
        (0_u16..45).prop_map(|minor| Libc::Glibc(2, minor)),
        (0_u16..6).prop_map(|minor| Libc::Musl(1, minor)),
    ];
    let version = prop_oneof![
        (4_u16..17).prop_map(|minor| (10, minor)),
        (11_u16..28, 0_u16..8),
    ];
    prop_oneof![
        (machine(), libc).prop_map(|(machine, libc)| TargetPlatform::Linux { machine, libc }),
        (machine(), version)
            .prop_map(|(machine, version)| TargetPlatform::MacOs { machine, version }),
        machine().prop_map(|machine| TargetPlatform::Windows { machine }),
    ]
}

fn target() -> impl Strategy<Value = Target> {
    (platform(), 2_u16..18).prop_map(|(platform, minor)| {
        Target::new(platform, &format!("3.{minor}.1").parse().unwrap())
    })
}

/// Tags as wheels have them, some of them broken combinations.
fn wheel_tags() -> impl Strategy<Value = WheelTags> {
    let python = "(cp3[0-9]|cp31[0-7]|py3|py2|py3[0-9]|pp39|py31[0-9])";
    let abi = "(cp3[6-9]m?|cp31[0-5]t?|abi3|none|pypy39_pp73)";
    let platform = "(any|linux_x86_64|manylinux_2_[0-9]{1,2}_(x86_64|aarch64)|manylinux(1|2010|2014)_(x86_64|aarch64)|musllinux_1_[0-4]_(x86_64|aarch64)|macosx_(10_[0-9]|1[1-6]_[0-3])_(x86_64|arm64|universal2|intel)|win(32|_amd64|_arm64)|strange)";
    let list = |part: &str| format!("{part}(\\.{part}){{0,2}}");
    let text = format!("{}-{}-{}", list(python), list(abi), list(platform));
    proptest::string::string_regex(&text)
        .unwrap()
        .prop_map(|text| text.parse().unwrap())
}

/// Every combination in a set of tags.
fn combinations(tags: &WheelTags) -> Vec<String> {
    let platforms = |python: &str, abi: &str| -> Vec<String> {
        tags.platform()
            .map(|platform| format!("{python}-{abi}-{platform}"))
            .collect()
    };
    let abis = |python: &str| -> Vec<String> {
        tags.abi().flat_map(|abi| platforms(python, abi)).collect()
    };
    tags.python().flat_map(abis).collect()
}

/// A target whose floor is one step higher, if it has one.
fn raised(target: &Target) -> Option<Target> {
    let platform = match target.platform() {
        TargetPlatform::Linux {
            machine,
            libc: Libc::Glibc(major, minor),
        } => TargetPlatform::Linux {
            machine,
            libc: Libc::Glibc(major, minor + 1),
        },
        TargetPlatform::Linux {
            machine,
            libc: Libc::Musl(major, minor),
        } => TargetPlatform::Linux {
            machine,
            libc: Libc::Musl(major, minor + 1),
        },
        // Below 11 an Arm Mac has no `macosx_11_0`, from there on no `macosx_10_15_arm64`; nobody
        // has ever made either.
        TargetPlatform::MacOs {
            machine,
            version: (major, _),
        } if major >= 11 => TargetPlatform::MacOs {
            machine,
            version: (major + 1, 0),
        },
        _ => return None,
    };
    Some(Target::new(platform, target.python()))
}

proptest! {
    /// The definition: the place of the best of the wheel's combinations in the whole list.
    #[test]
    fn rank_is_the_place_of_the_best_tag(target in target(), tags in wheel_tags()) {
        let wheel = combinations(&tags);
        let place = target.tags().position(|tag| wheel.contains(&tag));
        prop_assert_eq!(target.rank(&tags), place.and_then(|place| u32::try_from(place).ok()));
    }

    /// Each tag stands in the list once, so that no two different tags have one rank.
    #[test]
    fn no_tag_is_listed_twice(target in target()) {
        for (place, text) in target.tags().enumerate() {
            let tags: WheelTags = text.parse().unwrap();
            prop_assert_eq!(target.rank(&tags), u32::try_from(place).ok());
        }
    }

    #[test]
    fn what_fits_a_floor_fits_a_higher_one(target in target(), tags in wheel_tags()) {
        if let Some(higher) = raised(&target) {
            prop_assert!(target.rank(&tags).is_none() || higher.rank(&tags).is_some());
        }
    }

    /// A later Python takes what does not speak of one version.
    #[test]
    fn what_is_stable_fits_a_later_python(platform in platform(), minor in 2_u16..17, tags in wheel_tags()) {
        let of = |minor| Target::new(platform, &format!("3.{minor}.0").parse::<Version>().unwrap());
        let pinned = tags.python().any(|python| python == format!("cp3{minor}"))
            && tags.abi().any(|abi| abi != "abi3");
        if !pinned && of(minor).rank(&tags).is_some() {
            prop_assert!(of(minor + 1).rank(&tags).is_some());
        }
    }

    #[test]
    fn there_is_a_reason_exactly_where_nothing_fits(target in target(), tags in wheel_tags()) {
        let reason = target.why_not(&tags);
        prop_assert_eq!(reason.is_none(), target.rank(&tags).is_some());
        if let Some(reason) = reason {
            prop_assert!(!reason.to_string().is_empty());
        }
    }

    /// What is told of several wheels does not depend on their order.
    #[test]
    fn the_nearest_is_the_same_in_any_order(target in target(), wheels in proptest::collection::vec(wheel_tags(), 0..6)) {
        let backwards: Vec<&WheelTags> = wheels.iter().rev().collect();
        prop_assert_eq!(target.why_none(&wheels), target.why_none(backwards));
    }

    /// The marker is true for the same platform and series, whatever the patch, and for no other.
    #[test]
    fn a_marker_is_true_for_its_target_only(one in target(), other in target(), patch in 0_u16..30) {
        let marker: Marker = one.marker().parse().unwrap();
        let series = one.python().release_prefix(2);
        let patched = Target::new(one.platform(), &format!("{series}.{patch}").parse().unwrap());
        prop_assert!(marker.evaluate(patched.environment(), &[]));
        let is_same = one.platform().system() == other.platform().system()
            && one.platform().machine() == other.platform().machine()
            && series == other.python().release_prefix(2);
        prop_assert_eq!(marker.evaluate(other.environment(), &[]), is_same);
    }

    /// A name put together from its parts reads back as these parts.
    #[test]
    fn the_name_of_a_wheel_reads_back(
        name in "[a-zA-Z0-9]([._]?[a-zA-Z0-9]){0,8}",
        version in "([0-9]!)?[0-9]{1,3}(\\.[0-9]{1,3}){0,3}((a|b|rc)[0-9])?(\\.post[0-9])?(\\.dev[0-9])?(\\+[a-z0-9]{1,4}([._][a-z0-9]{1,4})?)?",
        build in proptest::option::of("[0-9]{1,4}[a-z_]{0,3}"),
        tags in wheel_tags(),
    ) {
        let middle = build.as_ref().map(|build| format!("-{build}")).unwrap_or_default();
        let file = format!("{name}-{version}{middle}-{tags}.whl");
        let parts = WheelParts::split(&file).unwrap();
        prop_assert_eq!((parts.name, parts.version, parts.build, parts.tags), (&*name, &*version, build.as_deref(), tags.as_str()));
        let read: WheelName = file.parse().unwrap();
        prop_assert_eq!(&read.name, &name.parse::<DistributionName>().unwrap());
        prop_assert_eq!(&read.version, &version.parse::<Version>().unwrap());
        prop_assert_eq!(&read.build, &build.map(|build| build.parse::<BuildTag>().unwrap()));
        prop_assert_eq!(&read.tags, &tags);
        prop_assert_eq!(read.to_string().parse::<WheelName>().unwrap(), read);
    }

    /// The project's name takes what begins with any spelling of it.
    #[test]
    fn the_name_of_a_sdist_reads_back(
        name in "[a-zA-Z0-9]([-._]{0,2}[a-zA-Z0-9]){0,8}",
        version in "[0-9]{1,3}(\\.[0-9]{1,3}){0,3}((a|b|rc)[0-9])?(-[0-9])?",
        extension in "(\\.tar\\.gz|\\.zip|\\.tar\\.bz2|\\.tgz)",
    ) {
        let project: DistributionName = name.parse().unwrap();
        let read = SdistName::parse(&format!("{name}-{version}{extension}"), &project).unwrap();
        prop_assert_eq!(read.version, version.parse::<Version>().unwrap());
    }

    #[test]
    fn nothing_panics(text in "[-a-z0-9._+!/é]{0,40}(\\.whl|\\.tar\\.gz|)", target in target()) {
        let project: DistributionName = "a".parse().unwrap();
        let _ = (text.parse::<WheelName>(), SdistName::parse(&text, &project));
        if let Ok(tags) = text.parse::<WheelTags>() {
            let _ = (target.rank(&tags), target.why_not(&tags).map(|reason| reason.to_string()));
        }
    }
}
