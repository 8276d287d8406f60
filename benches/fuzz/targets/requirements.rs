//! Requirements, one on each line: reading, writing, conflicts, merging a whole list.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rez::{Requirement, RequirementList};

fuzz_target!(|text: &str| {
    let requirements: Vec<Requirement> = text.split('\n').filter_map(read).collect();
    for pair in requirements.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        assert_eq!(a.conflicts_with(b), b.conflicts_with(a));
        if let (true, Ok(merged)) = (a.conflicts_with(b), a.merged(b)) {
            assert_eq!(merged, None);
        }
    }
    let names = requirements.iter().map(Requirement::name);
    let names = names.collect::<std::collections::BTreeSet<_>>().len();
    if let Ok(list) = RequirementList::new(requirements) {
        let merged = list.names().count() + list.conflict_names().count();
        assert_eq!(merged, if list.conflict().is_some() { 0 } else { names });
        assert!(list.conflict().is_none_or(|(a, b)| a.name() == b.name()));
        let _ = list.to_string();
    }
});

fn read(text: &str) -> Option<Requirement> {
    let request = Requirement::parse_request(text);
    if let Err(error) = &request {
        assert!(!error.to_string().contains('\n'));
        assert_eq!(error.caret().lines().count(), 2);
    }
    let requirement = Requirement::parse(text).ok()?;
    assert!(request.is_err() || request.as_ref() == Ok(&requirement));
    if let Ok(written) = requirement.rez_text() {
        assert_eq!(written, requirement.to_string());
        if request.is_ok() {
            let again = Requirement::parse_request(&written);
            // What rez's fault left touching is merged when it is read again.
            let touching = requirement
                .range()
                .is_some_and(|range| range.inverse().is_err());
            assert!(again.is_ok_and(|again| again == requirement || touching));
        }
    }
    Some(requirement)
}
