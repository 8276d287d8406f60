//! The judgement and the solver are two readings of one bundle: they must agree on random studios.

use ayon_model::{FindingCode, JudgementRequest, Severity, inspect, judge};
use ayon_solve::Refusal;
use proptest::prelude::*;

use crate::studio::{Made, studio, target};

const NAMES: [&str; 4] = ["core", "maya", "nuke", "usd"];

/// A release's lines, from small pools so that they clash often.
fn says() -> impl Strategy<Value = Vec<String>> {
    let name = || proptest::sample::select(&NAMES[..]);
    let range =
        proptest::sample::select(&[">=1.0.0", ">=2.0.0", "<2.0.0", "==1.0.0", "!=3.0.0"][..]);
    let python = proptest::sample::select(&["^3.9", ">=3.9.1,<3.10", "^3.11", "*"][..]);
    let constraint =
        proptest::sample::select(&["^1.0", "1.2.*", "2.0", "*", ">=1.5,<3", "<1.2 || >=2"][..]);
    let line = prop_oneof![
        (name(), range.clone()).prop_map(|(name, range)| format!("requires {name} {range}")),
        (name(), range.clone()).prop_map(|(name, range)| format!("soft {name} {range}")),
        (name(), range.clone()).prop_map(|(name, range)| format!("compatible {name} {range}")),
        name().prop_map(|name| format!("avoids {name}")),
        range.prop_map(|range| format!("launcher {range}")),
        python.prop_map(|python| format!("python {python}")),
        (
            proptest::sample::select(&["attrs", "clique"][..]),
            constraint
        )
            .prop_map(|(name, c)| format!("needs {name} {c}")),
    ];
    proptest::collection::vec(line, 0..4)
}

fn made() -> impl Strategy<Value = Made> {
    let release = (proptest::sample::select(&NAMES[..]), 1u32..4, says());
    let releases = proptest::collection::vec(release, 1..8);
    let pins = proptest::collection::btree_map(proptest::sample::select(&NAMES[..]), 1u32..4, 1..4);
    let launcher = proptest::sample::select(&["1.0.0", "2.0.0"][..]);
    (releases, pins, launcher).prop_map(|(releases, pins, launcher)| {
        let mut made = studio()
            .launcher("1.0.0", "3.9.13", &[("attrs", "1.2.3")])
            .launcher("2.0.0", "3.11.9", &[("attrs", "2.0")]);
        for (name, version, says) in &releases {
            let says: Vec<&str> = says.iter().map(String::as_str).collect();
            made = made.addon(name, &format!("{version}.0.0"), &says);
        }
        let pins: Vec<(&str, String)> = pins
            .into_iter()
            .map(|(name, version)| (name, format!("{version}.0.0")))
            .collect();
        let pins: Vec<(&str, &str)> = pins
            .iter()
            .map(|(name, version)| (*name, version.as_str()))
            .collect();
        made.bundle(launcher, &pins)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_bundle_without_errors_resolves_and_only_such_a_one(made in made()) {
        let bundle = made.effective();
        let addons = bundle.request_addons();
        let request = JudgementRequest { addons: &addons, installer_version: bundle.installer_version.as_deref() };
        let mut findings = judge(&made.studio, request).findings(&made.studio, request);
        findings.extend(inspect(&made.studio, &bundle, &[target("launcher")], None));
        let errors: Vec<_> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        let resolved = made.resolve("launcher");
        prop_assert_eq!(errors.is_empty(), resolved.is_ok(), "{:#?}\n{:#?}", errors, resolved);
        if let Err(Refusal::Conflict(conflict)) = resolved {
            let text = ayon_explain::conflict::text(&conflict, None);
            prop_assert!(text.lines().count() <= 14, "{text}");
            let hints = ayon_explain::hints::find(&made.studio, &made.question("launcher"), &conflict, 9, &|| None);
            for hint in hints {
                prop_assert!(ayon_solve::resolve(&made.studio, &hint.question, &|| None).is_ok(), "{}", hint.change);
            }
        }
        prop_assert!(findings.iter().all(|finding| finding.code != FindingCode::ServerCrash));
    }
}
