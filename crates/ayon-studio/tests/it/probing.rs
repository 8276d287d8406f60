//! Relations learnt from a server's judgements: what it cannot evaluate, what is kept, and how much is asked.

use std::sync::{Arc, Mutex};

use ayon_disk::Cache;
use ayon_model::{AddonName, Knowledge, Studio, Version};
use ayon_studio::stand_in::{Misbehaviour, Running, StandIn};
use ayon_studio::{Options, Progress, SourceError};

use crate::support::{let_in, releases, run, source, studio_of, told};

/// A studio with these lines in the package file of addon `a` 1.0.0, and addons `b`, `c` and `d` beside it.
fn studio(lines: &str) -> Studio {
    let a = format!("name = \"a\"\nversion = \"1.0.0\"\n{lines}\n");
    let plain = |name: &str| format!("name = \"{name}\"\nversion = \"1.0.0\"\n");
    studio_of(&[
        ("studio.toml", "server_version = \"1.16.0\"\n"),
        ("addons/a/1.0.0/package.py", &a),
        ("addons/b/1.0.0/package.py", &plain("b")),
        ("addons/c/1.0.0/package.py", &plain("c")),
        ("addons/d/1.0.0/package.py", &plain("d")),
    ])
}

/// What is learnt of `a` 1.0.0, its problems, and how many judgements were asked for.
fn learnt(lines: &str) -> (Studio, String, usize) {
    let server = StandIn::new(studio(lines)).start().unwrap();
    let (studio, result) = load(&server, let_in(), &[("a", "1.0.0")]);
    result.unwrap();
    let problems = told(&studio.problems);
    (studio, problems, checks(&server))
}

fn load(
    server: &Running,
    options: Options,
    wanted: &[(&str, &str)],
) -> (Studio, Result<(), SourceError>) {
    let source = source(server, options);
    let wanted: Vec<(AddonName, Version)> = wanted
        .iter()
        .map(|(name, version)| ((*name).into(), version.parse().unwrap()))
        .collect();
    let mut studio = run(source.load()).unwrap();
    let result = run(source.relations(&mut studio, &wanted));
    (studio, result)
}

fn checks(server: &Running) -> usize {
    server
        .requests()
        .iter()
        .filter(|request| *request == "POST /api/bundles/check")
        .count()
}

/// The relations of `a`, a line each; `!` marks a range that cannot be evaluated.
fn relations(studio: &Studio) -> String {
    match &studio.release("a", "1.0.0").unwrap().relations {
        Knowledge::Known(relations) => {
            let line =
                |(field, name, range): (&str, Option<&AddonName>, &ayon_model::VersionRange)| {
                    let bad = if range.fault().is_some() { " !" } else { "" };
                    format!(
                        "{field} {} {}{bad}",
                        name.map(ToString::to_string).unwrap_or_default(),
                        range.text()
                    )
                };
            let forbidden = relations
                .required
                .iter()
                .filter(|(_, range)| range.is_none());
            let forbidden =
                forbidden.map(|(name, _)| format!("ayon_required_addons {name} must be absent"));
            relations
                .ranges()
                .map(line)
                .chain(forbidden)
                .collect::<Vec<_>>()
                .join("\n")
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn all_kinds_of_relations_are_learnt_in_three_questions() {
    let (studio, problems, asked) = learnt(
        "ayon_launcher_version = \">=1.5.4,<2.0.0\"\nayon_server_version = \">=9.0.0\"\n\
         ayon_required_addons = {\"b\": \">=1.0.0\", \"gone\": \"<0.5.0\", \"d\": None}\n\
         ayon_soft_required_addons = {\"c\": \"<2.0.0\"}\nayon_compatible_addons = {\"b\": \"<3.0.0\", \"maya\": \">0.1.0\"}",
    );
    assert_eq!((problems.as_str(), asked), ("", 3));
    insta::assert_snapshot!(relations(&studio), @r"
    ayon_server_version  >=9.0.0
    ayon_launcher_version  >=1.5.4,<2.0.0
    ayon_required_addons b >=1.0.0
    ayon_required_addons gone <0.5.0
    ayon_soft_required_addons c <2.0.0
    ayon_compatible_addons maya >0.1.0
    ayon_compatible_addons b <3.0.0
    ayon_required_addons d must be absent
    ");
    // The others were not wanted, and so not asked about.
    assert!(matches!(
        studio.release("b", "1.0.0").unwrap().relations,
        Knowledge::Unknown(_)
    ));
}

#[test]
fn what_the_server_cannot_evaluate_is_found() {
    let mut said = Vec::new();
    for lines in [
        "ayon_launcher_version = \"^1.5.0\"",
        "ayon_server_version = \">=1.0\"",
        // The bad end shows only where the beginning holds.
        "ayon_launcher_version = \">=1.5.0,^2\"\nayon_required_addons = {\"b\": \"<2.0.0\"}",
        "ayon_required_addons = {\"b\": \">=1.0.0,\"}\nayon_compatible_addons = {\"c\": \">=1.0.0\"}",
        "ayon_compatible_addons = {\"b\": \">= 1.0.0\", \"c\": \">=1.0.0\", \"d\": \"*\"}",
        "ayon_required_addons = {\"b\": \"~=1.0\"}",
    ] {
        let (studio, problems, asked) = learnt(lines);
        assert!(asked <= 70, "{asked} questions for {lines}");
        said.push(format!("{lines}\n{}\n{problems}\n", relations(&studio)));
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
    ayon_launcher_version = "^1.5.0"
    Unknown("the server fails (500) on bundles with a 1.0.0: it cannot evaluate its ayon_launcher_version")
    /addons/a/1.0.0/package.py, ayon_launcher_version: the server fails (500) on bundles with a 1.0.0: it cannot evaluate its ayon_launcher_version

    ayon_server_version = ">=1.0"
    Unknown("the server fails (500) on bundles with a 1.0.0: it cannot evaluate its ayon_server_version")
    /addons/a/1.0.0/package.py, ayon_server_version: the server fails (500) on bundles with a 1.0.0: it cannot evaluate its ayon_server_version

    ayon_launcher_version = ">=1.5.0,^2"
    ayon_required_addons = {"b": "<2.0.0"}
    ayon_launcher_version  >=1.5.0,^2 !
    ayon_required_addons b <2.0.0
    /addons/a/1.0.0/package.py, ayon_launcher_version: the server fails (500) over a 1.0.0 with newer launchers: it cannot evaluate the end of its launcher range

    ayon_required_addons = {"b": ">=1.0.0,"}
    ayon_compatible_addons = {"c": ">=1.0.0"}
    ayon_required_addons b >=1.0.0, !
    ayon_compatible_addons c >=1.0.0
    /addons/a/1.0.0/package.py: the server fails (500) on bundles with a 1.0.0 and b: it cannot evaluate the range that the one has for the other

    ayon_compatible_addons = {"b": ">= 1.0.0", "c": ">=1.0.0", "d": "*"}
    ayon_soft_required_addons b (the server fails on it) !
    ayon_soft_required_addons d (the server fails on it) !
    ayon_compatible_addons c >=1.0.0
    /addons/a/1.0.0/package.py: the server fails (500) on bundles with a 1.0.0 and b: it cannot evaluate the range that the one has for the other
    /addons/a/1.0.0/package.py: the server fails (500) on bundles with a 1.0.0 and d: it cannot evaluate the range that the one has for the other

    ayon_required_addons = {"b": "~=1.0"}
    ayon_required_addons b (the server fails on it) !
    /addons/a/1.0.0/package.py: the server fails (500) on bundles with a 1.0.0 and b: it cannot evaluate the range that the one has for the other
    "#);
}

#[test]
fn a_search_that_leads_nowhere_ends() {
    let bad = (0..60)
        .map(|n| format!("\"x{n}\": \"*\""))
        .collect::<Vec<_>>()
        .join(", ");
    let mut studio = studio(&format!("ayon_compatible_addons = {{{bad}}}"));
    let mut bundle = ayon_model::Bundle::new("all", ayon_model::Place::file("b"));
    bundle
        .addons
        .extend((0..60).map(|n| (format!("x{n}"), None)));
    studio.bundles.push(bundle);
    let server = StandIn::new(studio).start().unwrap();
    let (studio, result) = load(&server, let_in(), &[("a", "1.0.0")]);
    result.unwrap();
    assert!(checks(&server) < 80, "{}", checks(&server));
    insta::assert_snapshot!(told(&studio.problems), @"/addons/a/1.0.0/package.py: the server fails (500) on so many bundles with a 1.0.0 that its relations cannot be told");
    assert!(matches!(
        studio.release("a", "1.0.0").unwrap().relations,
        Knowledge::Unknown(_)
    ));
}

#[test]
fn a_server_that_fails_over_everything_is_an_error() {
    let mut said = Vec::new();
    for (misbehaviour, most) in [
        (Misbehaviour::Status(500), 2),
        (Misbehaviour::Status(403), 1),
        (Misbehaviour::Status(503), 3),
        (Misbehaviour::Html, 1),
        (Misbehaviour::Text("{\"issues\": 1}".to_owned()), 1),
    ] {
        let server = StandIn::new(studio(""))
            .misbehaving("/api/bundles/check", misbehaviour)
            .start()
            .unwrap();
        let (_, result) = load(&server, let_in(), &[("a", "1.0.0")]);
        said.push(
            result
                .unwrap_err()
                .to_string()
                .replace(&server.url(), "http://server"),
        );
        assert_eq!(checks(&server), most);
    }
    insta::assert_snapshot!(said.join("\n"), @r"
    POST http://server/api/bundles/check: the server failed (500): it says “Internal�[31m server error”
    POST http://server/api/bundles/check: the server refuses this to the user of these credentials (403); ask an administrator for access
    POST http://server/api/bundles/check: the server failed (503), 3 times: it says “Try again later”
    POST http://server/api/bundles/check: the answer is a web page (HTML), not data: a login page or a proxy stands before the server, or this is not the address of its API
    POST http://server/api/bundles/check: the answer is not what an AYON server says here: at `issues`, invalid type: integer `1`, expected a sequence
    ");
}

#[test]
fn one_failure_ends_all_questions() {
    let server = StandIn::new(crate::support::sample()).start().unwrap();
    let source = source(&server, let_in());
    let mut studio = run(source.load()).unwrap();
    server.misbehave("/api/bundles/check", Misbehaviour::Status(403));
    let wanted = releases(&studio);
    assert!(run(source.relations(&mut studio, &wanted)).is_err());
    assert!(
        checks(&server) <= 2 * 16,
        "{} questions for {} releases",
        checks(&server),
        wanted.len()
    );
}

#[test]
fn what_was_learnt_is_kept_until_it_may_have_changed() {
    let folder = tempfile::tempdir().unwrap();
    let cached = || Options {
        cache: Arc::new(Cache::new(folder.path(), "studio", 1)),
        ..let_in()
    };
    let mut truth = studio("ayon_required_addons = {\"b\": \">=1.0.0\"}");
    let dev: Version = "1.1.0+dev".parse().unwrap();
    let addon = truth.addons.get_mut("a").unwrap();
    let mut release = (*addon.releases.values().next().unwrap()).clone();
    Arc::make_mut(&mut release).version = dev.clone();
    addon.releases.insert(dev, release);
    let wanted = [("a", "1.0.0"), ("a", "1.1.0+dev")];

    let server = StandIn::new(truth).start().unwrap();
    let asked = |options: Options| {
        let before = checks(&server);
        let (studio, result) = load(&server, options, &wanted);
        result.unwrap();
        (relations(&studio), checks(&server) - before)
    };
    let first = asked(cached());
    assert_eq!(first, ("ayon_required_addons b >=1.0.0".to_owned(), 6));
    // The released one is remembered, the one under development is not.
    assert_eq!(asked(cached()), (first.0.clone(), 3));
    assert_eq!(
        asked(Options {
            refresh: true,
            ..cached()
        }),
        (first.0.clone(), 6)
    );

    let before = server.requests().len();
    let (studio, result) = load(
        &server,
        Options {
            offline: true,
            ..cached()
        },
        &[("a", "1.0.0"), ("b", "1.0.0")],
    );
    result.unwrap();
    assert_eq!(
        (relations(&studio), server.requests().len()),
        (first.0, before)
    );
    let unknown = &studio.release("b", "1.0.0").unwrap().relations;
    insta::assert_snapshot!(format!("{unknown:?}"), @r#"Unknown("offline, and they are not in the cache; run once without --offline")"#);
}

#[test]
fn offline_without_a_cache_says_what_is_missing() {
    let server = StandIn::new(studio("")).start().unwrap();
    let error = run(source(
        &server,
        Options {
            offline: true,
            ..let_in()
        },
    )
    .load())
    .unwrap_err();
    insta::assert_snapshot!(error.to_string().replace(&server.url(), "http://server"), @"offline, and the overview of http://server is not in the cache; run once without --offline, or use a snapshot");
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn progress_is_told_to_the_end() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let server = StandIn::new(studio("")).start().unwrap();
    let progress: ayon_studio::OnProgress = Arc::new(move |step| tell.lock().unwrap().push(step));
    let (studio, result) = load(
        &server,
        Options {
            progress: Some(progress),
            ..let_in()
        },
        &[("a", "1.0.0"), ("b", "1.0.0")],
    );
    result.unwrap();
    assert_eq!(studio.problems, []);
    let told = told.lock().unwrap();
    assert_eq!(told.first(), Some(&Progress::Asking("its version")));
    assert_eq!(
        told.last(),
        Some(&Progress::Relations { done: 2, total: 2 })
    );
}

#[test]
fn what_the_server_does_not_judge_is_unknown() {
    let mut truth = studio("");
    let broken = truth
        .addons
        .get_mut("b")
        .unwrap()
        .releases
        .values_mut()
        .next()
        .unwrap();
    Arc::make_mut(broken).broken = Some("it does not start".to_owned());
    let server = StandIn::new(truth).start().unwrap();
    let (studio, result) = load(
        &server,
        let_in(),
        &[("b", "1.0.0"), ("a", "9.9.9"), ("nobody", "1.0.0")],
    );
    result.unwrap();
    assert_eq!(checks(&server), 0);
    assert_eq!(
        studio.release("b", "1.0.0").unwrap().broken.as_deref(),
        Some("it does not start")
    );
}
