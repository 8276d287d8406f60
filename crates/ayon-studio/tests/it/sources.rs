//! All sources tell the same of one studio.

use ayon_model::{Knowledge, Studio};
use ayon_studio::stand_in::{Recorded, StandIn};
use ayon_studio::{Location, Options, open, snapshot};

use crate::support::{facts, let_in, load_path, releases, run, sample, source};

/// The folder that the sample was compiled from.
const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/studio");

#[test]
fn the_sample_has_no_problems_and_something_of_everything() {
    let studio = sample();
    assert_eq!(studio.problems, []);
    assert_eq!(studio.label, "sample");
    assert!(studio.addons.len() >= 20 && studio.launchers.len() >= 2 && studio.hosts.len() >= 10);
    for word in [
        studio.bundles.iter().any(|b| b.is_production),
        studio.bundles.iter().any(|b| b.is_staging),
    ] {
        assert!(word);
    }
    assert!(studio.bundles.iter().any(|b| b.is_dev) && studio.bundles.iter().any(|b| b.is_project));
    assert!(!studio.dependency_packages.is_empty() && !studio.projects.is_empty());
    assert_eq!(studio.server_version.as_deref(), Some("1.16.0"));
    let releases = studio
        .addons
        .values()
        .flat_map(|addon| addon.releases.values());
    for release in releases {
        assert!(
            matches!(release.relations, Knowledge::Known(_)),
            "{}",
            release.package_file
        );
        assert_eq!(release.python.unreadable, [], "{}", release.package_file);
    }
    let core = studio.release("core", "1.9.7").unwrap();
    let clique = &core.python.distributions[0];
    assert_eq!(
        clique.origin.to_string(),
        "addon core 1.9.7 (addons/core/1.9.7/private/pyproject.toml:6, tool.poetry.dependencies.clique)"
    );
    let core_range = core.origin("ayon_compatible_addons", Some(&"deadline".into()));
    assert_eq!(
        core_range.to_string(),
        "addon core 1.9.7 (addons/core/1.9.7/package.py:16, ayon_compatible_addons)"
    );
}

#[test]
fn folder_and_snapshot_tell_exactly_what_the_sample_tells() {
    let sample = sample();
    let mut folder = load_path(FIXTURE.as_ref()).unwrap();
    assert_eq!(folder.label, FIXTURE);
    folder.label.clone_from(&sample.label);
    assert_eq!(folder, sample);
    let bytes = snapshot::write(&sample);
    assert_eq!(snapshot::read(&bytes, "s").unwrap(), sample);
}

/// The sample as its server would tell of it: without hosts, which no server knows.
fn on_a_server() -> Studio {
    Studio {
        hosts: Vec::new(),
        ..sample()
    }
}

#[test]
fn a_server_tells_the_same_once_its_relations_are_learnt() {
    let truth = on_a_server();
    let server = StandIn::new(truth.clone()).start().unwrap();
    let options = Options {
        projects: truth.projects.keys().cloned().collect(),
        ..let_in()
    };
    let source = source(&server, options);
    let mut studio = run(source.load()).unwrap();
    assert_eq!(server.requests().len(), 5 + truth.projects.len());
    assert_eq!(studio.label, server.url());
    let wanted = releases(&studio);
    run(source.relations(&mut studio, &wanted)).unwrap();
    // Three questions for each release, and no more.
    assert_eq!(
        server.requests().len(),
        5 + truth.projects.len() + 3 * wanted.len()
    );
    assert_eq!(studio.problems, []);

    let (told, true_facts) = (facts(studio), facts(without_what_no_server_tells(truth)));
    for (name, addon) in &true_facts.addons {
        assert_eq!(told.addons.get(name), Some(addon));
    }
    assert_eq!(told, true_facts);
}

/// The reference's list of what the check never says: a server range that is satisfied.
fn without_what_no_server_tells(mut studio: Studio) -> Studio {
    let version = studio.server_version.as_deref().unwrap().parse().unwrap();
    for release in studio
        .addons
        .values_mut()
        .flat_map(|addon| addon.releases.values_mut())
    {
        if let Knowledge::Known(relations) = &mut std::sync::Arc::make_mut(release).relations {
            relations.server = relations
                .server
                .take()
                .filter(|range| range.allows(&version) == Ok(false));
        }
    }
    studio
}

#[test]
fn recorded_answers_are_replayed() {
    let recorded = r#"{"request": {"method": "GET", "path": "/api/info", "headers": {}, "body": null}, "status": 200,
                       "response": {"version": "1.16.0+DEVELOP", "uptime": 31.0, "user": {"name": "resolver"}}}"#;
    let server = StandIn::new(on_a_server())
        .recorded([Recorded::from_json(recorded).unwrap()])
        .start()
        .unwrap();
    let studio = run(source(&server, let_in()).load()).unwrap();
    assert_eq!(studio.server_version.as_deref(), Some("1.16.0+DEVELOP"));
}

#[test]
fn locations_that_hold_nothing_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("studio");
    let error = load_path(&missing).unwrap_err().to_string();
    assert!(error.starts_with("there is no studio at `"), "{error}");
    let studio = load_path(folder.path()).unwrap();
    assert_eq!(studio.problems.len(), 1);
    assert!(
        studio.problems[0]
            .message
            .starts_with("nothing of a studio is here"),
        "{}",
        studio.problems[0].message
    );
    let source = open(&Location::Sample, Options::default()).unwrap();
    assert_eq!(source.label(), "sample");
}
