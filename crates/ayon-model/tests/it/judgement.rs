//! What the server says (reference `ayon.md` §7), word for word, and where it crashes instead.

use ayon_model::{FindingCode, JudgementRequest, Studio, inspect, judge, merge, select};

use crate::studio::{bundle, release, studio};

fn library() -> Studio {
    let mut studio = studio(Vec::new());
    let s = &mut studio;
    release(
        s,
        "core",
        "1.9.7",
        true,
        &[
            ("server", "", ">=1.8.4,<2.0.0"),
            ("launcher", "", ">=1.5.4"),
            ("compatible", "deadline", ">=0.6.0"),
        ],
    );
    release(
        s,
        "maya",
        "0.6.5",
        true,
        &[
            ("required", "core", ">=1.8.0"),
            ("compatible", "ayon_core", ">=1.0.0"),
        ],
    );
    release(
        s,
        "deadline",
        "0.5.21",
        true,
        &[("soft", "maya", ">=0.7.0"), ("required", "legacy", "-")],
    );
    release(s, "legacy", "1.0.0", true, &[("server", "", ">=2.0.0")]);
    release(
        s,
        "careless",
        "1.0.0",
        true,
        &[("required", "core", "^1.0")],
    );
    studio
}

fn said(addons: &[(&str, Option<&str>)], launcher: Option<&str>) -> (Vec<String>, usize) {
    let addons = bundle("b", addons).addons;
    let request = JudgementRequest {
        addons: &addons,
        installer_version: launcher,
    };
    let judgement = judge(&library(), request);
    let said = judgement
        .issues
        .iter()
        .map(|issue| format!("{} {}: {}", issue.severity, issue.addon, issue.message));
    (said.collect(), judgement.crashes.len())
}

#[test]
fn issues_come_in_the_servers_order_and_words() {
    let all = [
        ("maya", Some("0.6.5")),
        ("core", Some("1.9.7")),
        ("deadline", Some("0.5.21")),
        ("legacy", Some("1.0.0")),
        ("nuke", Some("1.0.0")),
        ("slack", None),
    ];
    let expected = [
        "error core: Launcher >=1.5.4 is required",
        "warning core: only compatible with deadline >=0.6.0",
        "error deadline: legacy must not be used",
        "error deadline: maya >=0.7.0 is required",
        "error legacy: Ayon server >=2.0.0 is required",
        "error nuke: nuke 1.0.0 is not active",
    ];
    assert_eq!(
        said(&all, Some("1.5.0")),
        (expected.map(str::to_owned).into(), 0)
    );
}

#[test]
fn without_a_launcher_the_rest_of_an_addon_is_skipped() {
    let pins = [("core", Some("1.9.7")), ("deadline", Some("0.5.21"))];
    assert_eq!(
        said(&pins, None),
        (vec!["error core: Launcher is required".to_owned()], 0)
    );
}

#[test]
fn a_null_entry_is_absent_for_others() {
    let pins = [("core", None), ("maya", Some("0.6.5"))];
    assert_eq!(
        said(&pins, Some("1.6.3")),
        (vec!["error maya: core is required".to_owned()], 0)
    );
}

#[test]
fn crashes_are_where_the_server_crashes() {
    // A range it cannot read, a launcher that is no version, a pin that is none.
    assert_eq!(
        said(
            &[("core", Some("1.9.7")), ("careless", Some("1.0.0"))],
            Some("1.6.3")
        )
        .1,
        1
    );
    assert_eq!(said(&[("core", Some("1.9.7"))], Some("1.6")).1, 1);
    assert_eq!(
        said(
            &[("core", Some("1.9")), ("maya", Some("0.6.5"))],
            Some("1.6.3")
        )
        .1,
        1
    );
    // An absent addon's range is never evaluated.
    assert_eq!(said(&[("careless", Some("1.0.0"))], Some("1.6.3")).1, 0);
}

#[test]
fn every_issue_points_at_its_line() {
    let studio = library();
    let addons = bundle("b", &[("maya", Some("0.6.5"))]).addons;
    let request = JudgementRequest {
        addons: &addons,
        installer_version: Some("1.6.3"),
    };
    let finding = judge(&studio, request).findings(&studio, request).remove(0);
    assert_eq!(finding.code, FindingCode::AddonRequired);
    let origins: Vec<String> = finding.origins.iter().map(ToString::to_string).collect();
    assert_eq!(
        origins,
        ["addon maya 0.6.5 (addons/maya/0.6.5/package.py, ayon_required_addons)"]
    );
}

#[test]
fn what_the_server_never_looks_at_is_found() {
    let mut studio = library();
    let mut live = bundle(
        "prod",
        &[("maya", Some("0.6.5")), ("careless", Some("1.0.0"))],
    );
    live.is_production = true;
    let packages = [(ayon_model::System::Linux, "nowhere.zip".to_owned())];
    live.dependency_packages = packages.into();
    studio.bundles.push(live);
    let merged = merge(
        &studio,
        &select(&studio, &ayon_model::Selection::default()).unwrap(),
    );
    let findings = inspect(&studio, &merged, &[], None);
    let codes: Vec<&str> = findings
        .iter()
        .map(|finding| finding.code.as_str())
        .collect();
    assert_eq!(
        codes,
        [
            "unknown-addon",
            "unreadable-range",
            "no-launcher",
            "unknown-dependency-package"
        ]
    );
    assert!(
        findings[0].message.contains("`ayon_core`"),
        "{}",
        findings[0].message
    );
    assert_eq!(
        findings[0].hint.as_deref(),
        Some("the closest addon is `core`")
    );
}

#[test]
fn codes_are_unique_and_documented() {
    let documented = include_str!("../../../../docs/findings.md");
    let mut texts: Vec<&str> = FindingCode::ALL.iter().map(|code| code.as_str()).collect();
    for text in &texts {
        assert!(
            documented.contains(&format!("\n### {text}\n")),
            "{text} is not in docs/findings.md"
        );
    }
    assert_eq!(documented.matches("\n### ").count(), texts.len());
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), FindingCode::ALL.len());
}
