//! Which bundle is live (reference `ayon.md` §4).

use ayon_model::{ProjectBundles, Selection, SelectionError, Studio, Variant, select};

use crate::studio::{bundle, studio};

fn five() -> Studio {
    let mut production = bundle("prod", &[]);
    production.is_production = true;
    let mut staging = bundle("next", &[]);
    staging.is_staging = true;
    let mut dev = bundle("dev-alice", &[]);
    dev.is_dev = true;
    dev.active_user = Some("alice".to_owned());
    let mut project = bundle("__project__show__production", &[]);
    project.is_project = true;
    let mut archived = bundle("old", &[]);
    archived.is_archived = true;
    let mut studio = studio(vec![project, archived, dev, staging, production]);
    let frozen = ProjectBundles {
        production: Some("__project__show__production".to_owned()),
        staging: None,
    };
    studio.projects.insert("show".to_owned(), frozen);
    studio
}

fn ask(
    change: impl FnOnce(&mut Selection),
) -> Result<(String, Option<String>, Variant, usize), SelectionError> {
    let mut selection = Selection::default();
    change(&mut selection);
    let studio = five();
    let selected = select(&studio, &selection)?;
    let project = selected
        .project_bundle
        .map(|bundle| bundle.name.to_string());
    Ok((
        selected.bundle.name.to_string(),
        project,
        selected.variant,
        selected.notes.len(),
    ))
}

/// A name, as a selection has it.
#[expect(clippy::unnecessary_wraps, reason = "the fields it is for are options")]
fn name(name: &str) -> Option<String> {
    Some(name.to_owned())
}

#[test]
fn the_first_match_wins() {
    let production = ("prod".to_owned(), None, Variant::Production, 0);
    assert_eq!(ask(|_| ()).unwrap(), production);
    assert_eq!(ask(|s| s.staging = true).unwrap().0, "next");
    // Dev beats staging, and its settings are its own.
    let dev = ask(|s| (s.staging, s.dev, s.user) = (true, true, name("alice"))).unwrap();
    assert_eq!(
        (dev.0.as_str(), dev.2),
        ("dev-alice", Variant::Dev("dev-alice".to_owned()))
    );
    assert_eq!(ask(|s| s.bundle = name("old")).unwrap().0, "old");
}

#[test]
fn words_stand_for_variants() {
    assert_eq!(ask(|s| s.bundle = name("production")).unwrap().0, "prod");
    let staging = ask(|s| s.bundle = name("staging")).unwrap();
    assert_eq!((staging.0.as_str(), staging.2), ("next", Variant::Staging));
    assert_eq!(ask(|s| s.bundle = name("dev")).unwrap().0, "dev-alice");
}

#[test]
fn a_named_staging_bundle_is_read_as_production_and_said_so() {
    let named = ask(|s| s.bundle = name("next")).unwrap();
    assert_eq!((named.2, named.3), (Variant::Production, 1));
}

#[test]
fn a_project_lays_its_bundle_over() {
    let project = Some("__project__show__production".to_owned());
    assert_eq!(ask(|s| s.project = name("show")).unwrap().1, project);
    // Nothing is frozen for staging, which is said; dev mode never uses a project's bundle, which is said too.
    let staging = ask(|s| (s.project, s.staging) = (name("show"), true)).unwrap();
    assert_eq!((staging.1, staging.3), (None, 1));
    let dev = ask(|s| (s.project, s.bundle) = (name("show"), name("dev-alice"))).unwrap();
    assert_eq!((dev.1, dev.3), (None, 1));
    assert_eq!(
        ask(|s| s.project_bundle = project.clone()).unwrap().1,
        project
    );
    // A name that is no project bundle is ignored by the launcher; here that is a note.
    let ignored = ask(|s| s.project_bundle = name("old")).unwrap();
    assert_eq!((ignored.1, ignored.3), (None, 1));
    // The launcher sets it to the studio bundle itself where there is no other: nothing to say.
    let itself = ask(|s| s.project_bundle = name("prod")).unwrap();
    assert_eq!((itself.1, itself.3), (None, 0));
}

#[test]
fn what_cannot_be_chosen_says_the_way_out() {
    let error = |change: fn(&mut Selection)| ask(change).unwrap_err().to_string();
    assert_eq!(
        error(|s| s.bundle = name("pord")),
        "test has no bundle `pord`; did you mean `prod`?"
    );
    assert_eq!(
        error(|s| s.bundle = name("__project__show__production")),
        "`__project__show__production` is a project bundle: it is laid over a studio bundle; \
         use `--project-bundle __project__show__production`"
    );
    assert_eq!(
        error(|s| (s.dev, s.user) = (true, name("bob"))),
        "test has no dev bundle; its bundles are old, dev-alice, next, prod"
    );
    assert!(error(|s| s.project = name("shwo")).contains("did you mean `show`?"));
    let empty = select(&studio(Vec::new()), &Selection::default()).unwrap_err();
    assert!(matches!(empty, SelectionError::NoBundles { .. }), "{empty}");
}
