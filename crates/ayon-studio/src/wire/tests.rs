use super::*;

#[test]
fn a_record_of_the_wrong_shape_costs_only_itself() {
    let bytes = br#"{"bundles": [{"name": "a", "extra": 1, "addons": null, "isDev": null},
        {"name": "b", "addons": {"core": 1}}, {"name": "c", "dependencyPackages": {"linux": "l.zip", "beos": "b.zip", "windows": null}}]}"#;
    let list: Bundles = from_json(bytes).unwrap();
    let place = Place::file("/api/bundles");
    let mut problems = Vec::new();
    let records = each::<Bundle>(&list.bundles, "bundles", &place, &mut problems);
    let bundles: Vec<_> = records
        .into_iter()
        .map(|record| record.model(place.clone(), &mut problems))
        .collect();
    assert_eq!(
        bundles
            .iter()
            .map(|bundle| &*bundle.name)
            .collect::<Vec<_>>(),
        ["a", "c"]
    );
    assert_eq!(bundles[1].dependency_packages.len(), 1);
    let said = problems
        .iter()
        .map(|problem| format!("{}: {}", problem.place, problem.message));
    insta::assert_snapshot!(said.collect::<Vec<_>>().join("\n"), @r"
    /api/bundles, bundles[1].addons.core: this record cannot be read: invalid type: integer `1`, expected a string
    /api/bundles, dependencyPackages.beos: `beos` is no platform of AYON; known are linux, windows and darwin
    ");
}

#[test]
fn modules_that_are_no_versions_are_kept_apart() {
    let record: Launcher = from_json(
        br#"{"filename": "f", "platform": "linux", "version": "1.6.3+py3117", "distroShort": "",
             "pythonModules": {"PySide6_Addons": "6.8.3", "ayon": {"git": "https://example.invalid/a.git"}, "odd": "v?"},
             "runtimePythonModules": null}"#,
    )
    .unwrap();
    let mut problems = Vec::new();
    let (version, build) = record.model(Place::file("f"), &mut problems).unwrap();
    assert_eq!(
        (version.to_string().as_str(), problems.len()),
        ("1.6.3+py3117", 0)
    );
    assert!(
        build
            .modules
            .contains_key(&"pyside6-addons".parse().unwrap())
    );
    assert_eq!(build.unversioned_modules["odd"], "v?");
    assert!(build.unversioned_modules["ayon"].contains("example.invalid"));
    let again = Launcher::of(&version, &build)
        .model(Place::file("f"), &mut problems)
        .unwrap();
    assert_eq!(again, (version, build));
}

#[test]
fn unusable_records_say_why() {
    let mut problems = Vec::new();
    let launcher: Launcher = from_json(
        br#"{"filename": "f", "platform": "amiga", "version": "1.6", "pythonVersion": "three"}"#,
    )
    .unwrap();
    assert_eq!(launcher.model(Place::file("launcher"), &mut problems), None);
    let package: DependencyPackage =
        from_json(br#"{"filename": "p.zip", "platform": "\u001b[2J"}"#).unwrap();
    assert_eq!(package.model(Place::file("package"), &mut problems), None);
    let addon: Addon =
        from_json(br#"{"name": "core", "versions": {"1.9": {}, "1.9.7": {"isBroken": true, "reason": {"error": "no\nserver"}}}}"#)
            .unwrap();
    let addon = addon.model(&Place::file("addons"), &mut problems);
    assert_eq!(
        addon.releases.values().next().unwrap().broken.as_deref(),
        Some("no server")
    );
    let said = problems
        .iter()
        .map(|problem| format!("{}: {}", problem.place, problem.message));
    insta::assert_snapshot!(said.collect::<Vec<_>>().join("\n"), @r"
    launcher, platform: `amiga` is no platform of AYON; known are linux, windows and darwin
    launcher, version: launcher version `1.6` is no semantic version (unexpected end of input while parsing minor version number); no bundle can name it
    launcher, pythonVersion: `three` is not a version as PEP 440 defines it: expected version to start with a number, but no leading ASCII digits were found
    package, platform: `�[2J` is no platform of AYON; known are linux, windows and darwin
    addons, core.versions: version `1.9` of core is no semantic version (unexpected end of input while parsing minor version number)
    ");
}

#[test]
fn a_wrong_document_is_told_with_its_place() {
    let error = from_json::<Bundle>(br#"{"name": "a", "addons": {"core": [1]}}"#).unwrap_err();
    assert_eq!(error.at, "addons.core");
    assert_eq!(
        from_json::<Info>(b"{\"version\": \"1\"} trailing")
            .unwrap_err()
            .at,
        "."
    );
}
