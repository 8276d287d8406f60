//! `why`, `tree`, `diff`, `outdated` and `graph` on the sample studio.

use insta::assert_snapshot;

use crate::{Outcome, Place, run};

/// What every run below has in common: a platform, so that the machine does not show.
fn sample(words: &str) -> Outcome {
    run(&format!("{words} --studio sample --platform linux-64"))
}

#[test]
fn every_way_to_a_package_is_told_in_the_words_of_those_who_ask() {
    assert_snapshot!(sample("why opentimelineio --bundle staging").told());
    assert_snapshot!(sample("why core --bundle staging --host maya/2025").told());
}

#[test]
fn why_is_data() {
    let json = sample("why OpenTimelineIO --bundle staging --json").json();
    assert_eq!(json["schema"]["name"], "ayon-resolve.why");
    let told = &json["answers"][0];
    assert_eq!(told["target"], "launcher on linux-64");
    let thing = &told["things"][0];
    assert!(
        thing["subject"]
            .as_str()
            .unwrap()
            .starts_with("opentimelineio")
    );
    let ways = thing["ways"].as_array().unwrap();
    assert!(!ways.is_empty(), "{thing}");
    for way in ways {
        let last = way.as_array().unwrap().last().unwrap();
        assert_eq!(last["to"], thing["subject"]);
        assert!(last["requirements"][0]["text"].is_string(), "{way}");
    }
}

#[test]
fn a_name_that_is_nowhere_is_answered_with_the_closest_one() {
    assert_snapshot!(sample("why opentimelinio --bundle staging").told());
    let tree = sample("tree mayya --bundle staging --json");
    assert_eq!(tree.code, Some(1));
    assert_eq!(tree.json()["exitCode"], 1);
}

#[test]
fn several_processes_are_told_one_after_the_other() {
    let outcome = sample("why clique --bundle staging --process launcher,maya/2025,headless");
    let headings: Vec<&str> = outcome
        .stdout
        .lines()
        .filter(|line| line.starts_with("# "))
        .collect();
    assert_eq!(
        headings,
        [
            "# launcher on linux-64",
            "# maya/2025 on linux-64",
            "# headless on linux-64"
        ]
    );
    let refused = sample("why clique --process maya");
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.stderr.contains("NAME/VERSION"), "{refused:?}");
}

#[test]
fn a_tree_shows_what_comes_in_and_what_brings_something_in() {
    assert_snapshot!(sample("tree --bundle production --depth 2").told());
    assert_snapshot!(sample("tree --invert core --bundle production").told());
    let json = sample("tree ftrack --bundle production --json").json();
    assert_eq!(json["trees"][0]["lines"][0]["node"], "addon ftrack 1.4.15");
    let refused = sample("tree --invert --bundle production");
    assert_eq!(refused.code, Some(2), "{refused:?}");
}

#[test]
fn a_difference_is_text_markdown_and_data() {
    assert_snapshot!(sample("diff production staging").told());
    assert_snapshot!(sample("diff production staging --format markdown").told());
    let json = sample("diff production staging --json").json();
    let difference = &json["differences"][0];
    assert_eq!(difference["before"], "bundle studio-production");
    let core = difference["things"].as_array().unwrap().iter();
    let core = core
        .filter(|thing| thing["name"] == "core")
        .collect::<Vec<_>>();
    assert_eq!(core[0]["before"]["version"], "1.8.8");
}

#[test]
fn nothing_changes_between_a_bundle_and_itself() {
    let outcome = sample("diff staging studio-staging");
    assert_eq!(
        (outcome.code, outcome.stdout.as_str()),
        (Some(0), "staging → studio-staging: no difference\n")
    );
    let refused = sample("diff production staging --format yaml");
    assert_eq!(refused.code, Some(2), "{refused:?}");
}

#[test]
fn what_is_outdated_is_told_with_how_far_it_could_go() {
    assert_snapshot!(sample("outdated --bundle production").told());
    let json = sample("outdated --bundle production --json").json();
    assert_eq!(json["bundle"], "bundle studio-production");
    // What is said to fit does: in its place the bundle still resolves.
    let launcher = &json["studio"][0];
    assert_eq!(launcher["name"], "launcher");
    if let Some(fits) = launcher["fits"].as_str() {
        let words = format!("--bundle production --launcher {fits}");
        assert_eq!(sample(&words).code, Some(0));
    }
    let newest = launcher["newest"].as_str().unwrap();
    if launcher["fits"] != newest {
        let words = format!("--bundle production --launcher {newest}");
        assert_eq!(sample(&words).code, Some(1));
    }
}

#[test]
fn a_graph_is_drawn_in_every_language() {
    let dot = sample("graph --bundle staging");
    assert!(dot.stdout.starts_with("digraph resolution {"), "{dot:?}");
    let svg = sample("graph --bundle staging --format svg");
    assert!(svg.stdout.starts_with("<?xml"), "{svg:?}");
    let mermaid = sample("graph --bundle staging --format mermaid");
    assert!(mermaid.stdout.starts_with("flowchart LR"), "{mermaid:?}");
    let html = sample("graph --bundle staging --format html");
    assert!(html.stdout.starts_with("<!doctype html>"), "{html:?}");
    for outcome in [dot, svg, mermaid, html] {
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
        assert!(outcome.stdout.contains("addon core 1.9.7"), "{outcome:?}");
    }
    let refused = sample("graph --bundle staging --format htm");
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(
        refused.stderr.contains("did you mean `html`"),
        "{refused:?}"
    );
}

#[test]
fn the_name_of_the_output_decides_on_the_format() {
    let place = Place::new();
    for (name, start) in [
        ("a.html", "<!doctype html>"),
        ("a.svg", "<?xml"),
        ("a.mmd", "flowchart"),
        ("a.dot", "digraph"),
    ] {
        let words = format!("graph --studio sample --bundle staging -o {name}");
        assert_eq!(place.run(&words).code, Some(0), "{name}");
        assert!(place.read(name).starts_with(start), "{name}");
    }
    let words = "graph --studio sample --bundle staging --platform linux-64,win-64 -o out/";
    assert_eq!(place.run(words).code, Some(0));
    assert!(
        place
            .read("out/graph-launcher-win-64.dot")
            .starts_with("digraph")
    );
}

#[test]
fn a_page_shows_what_changes() {
    let page = sample("graph --bundle staging --against production --format html");
    assert!(page.stdout.contains("data-view=\"difference\""), "{page:?}");
    let refused = sample("graph --bundle staging --against production --format svg");
    assert_eq!(refused.code, Some(2), "{refused:?}");
}

#[test]
fn a_conflict_is_drawn_too() {
    let mermaid = sample("graph --bundle broken --format mermaid");
    assert_snapshot!(mermaid.told());
    let page = sample("graph --bundle studio-2026-05 --launcher 1.6.3 --format html --hints 1");
    assert_eq!(page.code, Some(1));
    assert!(page.stdout.contains("data-view=\"conflict\""), "{page:?}");
    assert!(
        page.stdout.contains("addon core 1.6.12 would do"),
        "{page:?}"
    );
}

#[test]
fn as_many_hints_as_are_asked_for() {
    let hints = |words: &str| {
        let outcome = sample(&format!("--bundle studio-2026-05 --launcher 1.6.3 {words}"));
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        outcome.stderr.matches("hint: ").count()
    };
    assert_eq!(
        (hints("--hints 0"), hints("--hints 1"), hints("--hints 2")),
        (0, 1, 2)
    );
}

#[test]
fn a_lock_is_explained_without_its_studio() {
    let place = Place::new();
    let locked = place.run(
        "lock --studio sample --bundle staging --platform linux-64 --process launcher,headless",
    );
    assert_eq!(locked.code, Some(0), "{locked:?}");
    for words in [
        "why core",
        "tree --depth 1",
        "tree --invert clique",
        "graph --format svg",
        "graph --format html",
    ] {
        let live = place.run(&format!(
            "{words} --studio sample --bundle staging --platform linux-64"
        ));
        let kept = place.run(&format!(
            "{words} --lock ayon.lock --platform linux-64 --process launcher"
        ));
        assert_eq!(live.code, Some(0), "{live:?}");
        assert_eq!(
            (&live.stdout, live.code),
            (&kept.stdout, kept.code),
            "{words}: {kept:?}"
        );
    }
    let difference = place.run("diff ayon.lock ayon.lock");
    assert_eq!(
        difference.stdout.matches("no difference").count(),
        2,
        "{difference:?}"
    );
    let changed = place.run("diff production ayon.lock --studio sample --platform linux-64 --json");
    let told = changed.json();
    assert_eq!(
        told["differences"][0]["before"], "bundle studio-production",
        "{changed:?}"
    );
    // Locks for different processes are compared where both have one.
    let words = "lock --studio sample --bundle production --platform linux-64 --lock one.lock";
    assert_eq!(place.run(words).code, Some(0));
    let changed = place.run("diff one.lock ayon.lock");
    assert_eq!(
        changed.stderr,
        "warning: only bundle studio-staging is for headless on linux-64\n"
    );
    assert!(changed.stdout.contains("core 1.8.8 → 1.9.7"), "{changed:?}");
    let missing = place.run("why core --lock other.lock");
    assert_eq!(missing.code, Some(2), "{missing:?}");
}
