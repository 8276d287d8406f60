//! Precedence, and the few places where settings from different places meet.

use super::*;
use crate::program::setting::{Source, Value};

fn load(
    flags: &[(&'static str, Value)],
    variables: &[(&'static str, &str)],
) -> Result<(Settings, Vec<String>), Report> {
    let mut layer = Layer::default();
    for (name, value) in flags {
        layer.set(*name, value.clone(), Source::Flag(name));
    }
    Settings::load(layer, &Environment::of(variables), None, false)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn a_flag_wins_over_a_variable_and_a_variable_over_the_default() {
    let format = |flags: &[_], variables: &[_]| load(flags, variables).unwrap().0.emission.format;
    assert_eq!(format(&[], &[]), "spec");
    assert_eq!(
        format(&[], &[("AYON_RESOLVE_FORMAT", "explicit")]),
        "explicit"
    );
    assert_eq!(
        format(
            &[("format", text("lock"))],
            &[("AYON_RESOLVE_FORMAT", "explicit")]
        ),
        "lock"
    );
}

#[test]
fn the_files_stand_between_variables_and_the_launchers_server() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    ayon_disk::write_atomic(
        &path,
        b"studio = 'here'\nbundle = 'file'\n[conda.names]\na = 'x'\n",
    )
    .unwrap();
    let mut flags = Layer::default();
    flags.set(
        "config-file",
        text(path.to_str().unwrap()),
        Source::Flag("config-file"),
    );
    let variables = [
        ("AYON_SERVER_URL", "https://ayon.example"),
        ("AYON_RESOLVE_BUNDLE", "variable"),
    ];
    let (settings, _) = Settings::load(flags, &Environment::of(&variables), None, true).unwrap();
    assert_eq!(
        settings.studio,
        Some(Location::Path(folder.path().join("here")))
    );
    assert_eq!(settings.selection.bundle.as_deref(), Some("variable"));
    assert_eq!(settings.conda.names["a"].as_deref(), Some("x"));
    assert_eq!(
        load(&[], &variables).unwrap().0.studio,
        Some("https://ayon.example".parse::<Location>().unwrap())
    );
}

#[test]
fn a_bundle_word_that_is_typed_overrules_the_surrounding_launcher() {
    let inside = [("AYON_USE_STAGING", "1"), ("AYON_USE_DEV", "0")];
    let staging = |flags: &[_]| load(flags, &inside).unwrap().0.selection.staging;
    assert!(staging(&[]));
    assert!(staging(&[("bundle", text("film-2026"))]));
    assert!(!staging(&[("bundle", text("production"))]));
    assert!(staging(&[
        ("bundle", text("production")),
        ("staging", Value::Switch(true))
    ]));
}

#[test]
fn the_key_goes_only_to_its_own_server() {
    let own = [
        ("AYON_SERVER_URL", "https://AYON.example/"),
        ("AYON_API_KEY", "canary"),
    ];
    let key = |studio: &str| {
        let (settings, notices) = load(&[("studio", text(studio))], &own).unwrap();
        assert!(!format!("{settings:?}{notices:?}").contains("canary"));
        (settings.server.key.is_some(), notices)
    };
    assert_eq!(key("https://ayon.example"), (true, Vec::new()));
    assert_eq!(key("sample"), (false, Vec::new()));
    for elsewhere in [
        "http://ayon.example",
        "https://ayon.example:8080",
        "https://ayon.example.net",
    ] {
        let (sent, notices) = key(elsewhere);
        assert!(!sent && notices.len() == 1, "{elsewhere}");
    }
}

#[test]
fn a_studio_is_a_word_a_url_or_a_path() {
    let studio =
        |given: &str| load(&[("studio", text(given))], &[]).map(|(settings, _)| settings.studio);
    assert_eq!(studio("sample").unwrap(), Some(Location::Sample));
    assert_eq!(
        studio("./sample").unwrap(),
        Some(Location::Path("./sample".into()))
    );
    assert_eq!(studio("HTTPS://a/").unwrap(), "https://a".parse().ok());
    for wrong in ["", "ftp://a", "https://", "https://ada:canary@a/"] {
        let report = studio(wrong).unwrap_err();
        assert!(!format!("{report:?}").contains("canary"), "{report:?}");
    }
    assert!(load(&[], &[]).unwrap().0.studio().is_err());
}

#[test]
fn hosts_are_name_and_version() {
    for wrong in ["maya", "/2025", "maya/", "a/b/c", "maya/20 25", "../x"] {
        assert!(HostName::read(wrong).is_err(), "{wrong}");
    }
    let report = load(&[], &[("AYON_RESOLVE_HOST", "maya/2025,nuke")]).unwrap_err();
    assert_eq!(
        report.message(),
        "the setting `host` cannot be used (from $AYON_RESOLVE_HOST)"
    );
}

#[test]
fn platforms_are_the_models() {
    let platforms = |given: &'static str| {
        load(&[], &[("AYON_RESOLVE_PLATFORM", given)])
            .map(|(settings, _)| settings.targets.platforms)
    };
    let subdirs: Vec<_> = platforms("windows, osx-arm64")
        .unwrap()
        .into_iter()
        .map(Platform::subdir)
        .collect();
    assert_eq!(subdirs, ["win-64", "osx-arm64"]);
    let report = platforms("linux-46").unwrap_err();
    assert_eq!(
        report.message(),
        "the setting `platform` cannot be used (from $AYON_RESOLVE_PLATFORM)"
    );
}
