//! What a project bundle makes of a studio bundle (reference `ayon.md` §5).

use ayon_model::{EffectiveBundle, FindingCode, Selection, merge, select};

use crate::studio::{bundle, release, studio};

fn merged(project: &[(&str, Option<&str>)]) -> EffectiveBundle {
    let pins = [
        ("core", Some("1.8.8")),
        ("maya", Some("0.5.4")),
        ("blender", Some("1.0.0")),
        ("slack", None),
    ];
    let mut live = bundle("prod", &pins);
    live.is_production = true;
    live.installer_version = Some("1.5.5".to_owned());
    let mut over = bundle("__project__show__production", project);
    over.is_project = true;
    let mut studio = studio(vec![live, over]);
    for (name, version, overridable) in [
        ("core", "1.8.8", false),
        ("core", "1.9.7", false),
        ("maya", "0.5.4", true),
        ("maya", "0.6.5", true),
        ("houdini", "0.8.3", true),
        ("blender", "1.0.0", true),
    ] {
        release(&mut studio, name, version, overridable, &[]);
    }
    let selection = Selection {
        project_bundle: Some("__project__show__production".to_owned()),
        ..Selection::default()
    };
    merge(&studio, &select(&studio, &selection).unwrap())
}

fn pins(bundle: &EffectiveBundle) -> Vec<String> {
    bundle
        .addons
        .iter()
        .map(|(name, pin)| format!("{name} {}", pin.version))
        .collect()
}

#[test]
fn entries_are_laid_over_one_by_one() {
    let merged = merged(&[
        ("maya", Some("0.6.5")),
        ("blender", None),
        ("core", Some("__inherit__")),
        ("houdini", Some("0.8.3")),
    ]);
    assert_eq!(pins(&merged), ["core 1.8.8", "maya 0.6.5", "houdini 0.8.3"]);
    assert!(merged.findings.is_empty());
    // No inheritance for the installer: it is the project record's own, even where that is empty.
    assert_eq!(merged.installer_version, None);
}

#[test]
fn the_servers_silences_are_broken() {
    let merged = merged(&[
        ("core", Some("1.9.7")),
        ("maya", Some("9.9.9")),
        ("blender", Some("__disable__")),
        ("nuke", Some("1.0.0")),
    ]);
    assert_eq!(pins(&merged), ["core 1.8.8", "maya 0.5.4", "blender 1.0.0"]);
    let messages: Vec<&str> = merged
        .findings
        .iter()
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "core 1.9.7 does not allow project bundles to override it; the studio's 1.8.8 is used",
            "maya 9.9.9 is not in the server's library; the studio's 0.5.4 is used",
            "`__disable__` is no version the server knows; use null to take the addon out; the studio's 1.0.0 is used",
            "nuke 1.0.0 is not in the server's library; it is not used at all",
        ]
    );
    assert!(
        merged
            .findings
            .iter()
            .all(|finding| finding.code == FindingCode::ProjectFallback)
    );
}

#[test]
fn a_projects_word_in_a_studio_bundle_is_an_error() {
    let mut live = bundle("prod", &[("core", Some("__inherit__"))]);
    live.is_production = true;
    let studio = studio(vec![live]);
    let merged = merge(&studio, &select(&studio, &Selection::default()).unwrap());
    assert_eq!(merged.findings[0].code, FindingCode::ProjectWord);
}
