//! Names of files: what is a wheel's cannot be a source distribution's, and what is read can be asked anything.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pypi::{DistributionName, Libc, Machine, SdistName, Target, TargetPlatform, WheelName};

fuzz_target!(|text: &str| {
    let wheel = text.parse::<WheelName>();
    let project: DistributionName = match &wheel {
        Ok(wheel) => wheel.name.clone(),
        Err(_) => "a".parse().expect("a name"),
    };
    assert!(wheel.is_err() || SdistName::parse(text, &project).is_err());
    let Ok(wheel) = wheel else {
        return;
    };
    let linux = TargetPlatform::Linux {
        machine: Machine::X86_64,
        libc: Libc::Glibc(2, 28),
    };
    let mac = TargetPlatform::MacOs {
        machine: Machine::Arm64,
        version: (13, 0),
    };
    for platform in [linux, mac] {
        let target = Target::new(platform, &"3.11".parse().expect("a version"));
        let fits = target.rank(&wheel.tags).is_some();
        assert_eq!(fits, target.why_not(&wheel.tags).is_none());
    }
    assert_eq!(wheel.tags.as_str().parse().ok(), Some(wheel.tags));
});
