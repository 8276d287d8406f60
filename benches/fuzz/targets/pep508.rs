//! Requirements as packages publish them, one on each line: what is read is written, and reads the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pypi::{Constraint, MarkerEnvironment, OperatingSystem, Requirement};

fuzz_target!(|text: &str| {
    let python = "3.11.4".parse().expect("a version");
    let environment = MarkerEnvironment::new(OperatingSystem::Linux, "x86_64", &python);
    for line in text.split('\n') {
        let Ok(requirement) = line.parse::<Requirement>() else {
            continue;
        };
        let written = requirement.to_string();
        let extras: Vec<_> = requirement.extras.iter().cloned().collect();
        let holds = requirement.marker.evaluate(&environment, &extras);
        if let Constraint::Versions { set, .. } = &requirement.constraint {
            let again: Requirement = written.parse().expect("what we write, we read");
            assert_eq!(again.name, requirement.name);
            assert_eq!(again.extras, requirement.extras);
            assert_eq!(again.marker.evaluate(&environment, &extras), holds);
            let Constraint::Versions { set: again, .. } = &again.constraint else {
                panic!("versions became a source");
            };
            assert_eq!(again, set);
        }
    }
});
