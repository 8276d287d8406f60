//! Pinned bundles: verified as they are, and completed with what they need of Python.

use ayon_model::{AddonName, Half};
use ayon_solve::{QuestionError, Refusal};

use crate::studio::{addons, missing, studio};

#[test]
fn what_the_process_has_is_not_installed_again() {
    let made = studio()
        .launcher(
            "1.6.3",
            "3.11.9",
            &[("attrs", "24.2.0"), ("aiohttp", "3.13.3")],
        )
        .addon(
            "core",
            "1.9.7",
            &[
                "needs clique 1.6.*",
                "runtime attrs >=24",
                "runtime pyside6 *",
                "runtime psutil ^7.0",
            ],
        )
        .addon(
            "usd",
            "0.1.7",
            &["requires core >=1.0.0", "needs Clique >=1.6.1"],
        )
        .bundle("1.6.3", &[("core", "1.9.7"), ("usd", "0.1.7")]);
    let launcher = made.resolve("launcher").unwrap();
    assert_eq!(addons(&launcher), ["core 1.9.7", "usd 0.1.7"]);
    assert_eq!(
        missing(&launcher),
        ["clique >=1.6.1,<1.7", "psutil >=7.0,<8"]
    );
    let clique = &launcher.distributions[&"clique".parse().unwrap()];
    assert_eq!(
        (clique.half(), clique.askers.len()),
        (Half::Dependencies, 2)
    );
    // Runtime dependencies reach the launcher's own process alone.
    assert_eq!(
        missing(&made.resolve("headless").unwrap()),
        ["clique >=1.6.1,<1.7"]
    );
}

#[test]
fn the_launcher_contradicts_an_addon() {
    let made = studio()
        .launcher("1.5.5", "3.9.13", &[])
        .launcher("1.6.3", "3.11.9", &[])
        .addon("core", "1.6.11", &["python >=3.9.1,<3.10"])
        .addon("core", "1.6.12", &["python ^3.9"])
        .bundle("1.6.3", &[("core", "1.6.11")]);
    insta::assert_snapshot!(made.refusal("launcher"), @r"
      python
        launcher 1.6.3     provides  3.11.9         (launchers/1.6.3-rocky9.json, pythonVersion)
        addon core 1.6.11  needs     >=3.9.1,<3.10  (addons/core/1.6.11/private/pyproject.toml, tool.poetry.dependencies.python)

      Because launcher 1.6.3 provides python 3.11.9 and addon core 1.6.11 needs python >=3.9.1,<3.10, they cannot be together.
    ");
    let question = made.question("launcher");
    let Err(Refusal::Conflict(conflict)) = made.resolve("launcher") else {
        panic!("it is refused")
    };
    let hints = ayon_explain::hints::find(&made.studio, &question, &conflict, 4, &|| None);
    let hints: Vec<String> = hints.iter().map(|hint| hint.change.to_string()).collect();
    assert_eq!(
        hints,
        ["addon core 1.6.12 would do", "launcher 1.5.5 would do"]
    );
}

#[test]
fn a_bundle_lacks_what_an_addon_requires() {
    let made = studio()
        .launcher("1.6.3", "3.11.9", &[])
        .addon("core", "1.9.7", &[])
        .addon("maya", "0.6.5", &["requires core >=1.8.0"])
        .bundle("1.6.3", &[("maya", "0.6.5")]);
    insta::assert_snapshot!(made.refusal("launcher"), @r"
      core
        addon maya 0.6.5  needs  >=1.8.0  (addons/maya/0.6.5/package.py, ayon_required_addons)
        bundle film       lacks           (bundles/film.json, addons)

      Because addon maya 0.6.5 needs core >=1.8.0 and bundle film has no core, they cannot be together.
    ");
}

#[test]
fn soft_and_forbidden_relations_hold() {
    let made = |deadline: &str| {
        studio()
            .launcher("1.6.3", "3.11.9", &[])
            .addon("core", "1.9.7", &["soft deadline >=0.7.0", "avoids legacy"])
            .addon("deadline", "0.6.0", &[])
            .addon("deadline", "0.7.3", &[])
            .addon("legacy", "1.0.0", &[])
            .bundle("1.6.3", &[("core", "1.9.7"), ("deadline", deadline)])
    };
    assert!(made("0.7.3").resolve("launcher").is_ok());
    assert!(
        made("0.6.0")
            .refusal("launcher")
            .contains("if present, needs")
    );
    let alone = studio()
        .launcher("1.6.3", "3.11.9", &[])
        .addon("core", "1.9.7", &["soft deadline >=0.7.0", "avoids legacy"])
        .bundle("1.6.3", &[("core", "1.9.7")]);
    assert_eq!(addons(&alone.resolve("launcher").unwrap()), ["core 1.9.7"]);
    let both = studio()
        .launcher("1.6.3", "3.11.9", &[])
        .addon("core", "1.9.7", &["avoids legacy"])
        .addon("legacy", "1.0.0", &[])
        .bundle("1.6.3", &[("core", "1.9.7"), ("legacy", "1.0.0")]);
    assert!(
        both.refusal("launcher").contains("avoids"),
        "{}",
        both.refusal("launcher")
    );
}

#[test]
fn a_build_that_fits_is_taken_of_several() {
    let made = studio()
        .build("1.6.3", "rocky8", "3.11.9", &[("opentimelineio", "0.17.0")])
        .build("1.6.3", "rocky9", "3.11.9", &[("opentimelineio", "0.15.1")])
        .addon("editorial", "0.4.1", &["needs opentimelineio <0.16"])
        .bundle("1.6.3", &[("editorial", "0.4.1")]);
    let resolution = made.resolve("launcher").unwrap();
    assert_eq!(
        resolution.launcher.filename,
        "AYON-1.6.3-linux-rocky9.tar.gz"
    );
    assert_eq!(missing(&resolution), Vec::<String>::new());
}

#[test]
fn a_host_brings_its_python_and_modules() {
    let made = studio()
        .launcher("1.6.3", "3.11.9", &[("six", "1.16.0")])
        .host("maya", "2024", "3.10", &[("numpy", "1.24.4")])
        .addon(
            "usd",
            "0.1.7",
            &[
                "python ^3.9",
                "needs numpy >=1.20",
                "needs six *",
                "runtime psutil *",
            ],
        )
        .addon("old", "1.0.0", &["python >=3.9.1,<3.10"])
        .bundle("1.6.3", &[("usd", "0.1.7")]);
    let resolution = made.resolve("maya/2024").unwrap();
    assert_eq!(missing(&resolution), Vec::<String>::new());
    assert_eq!(resolution.python.text(), "3.10");
    let refused = studio()
        .launcher("1.6.3", "3.11.9", &[])
        .host("maya", "2024", "3.10", &[])
        .addon("old", "1.0.0", &["python >=3.9.1,<3.10"])
        .bundle("1.6.3", &[("old", "1.0.0")]);
    assert!(refused.refusal("maya/2024").contains("host maya/2024"));
    let unknown = made.resolve("maya/2031");
    assert!(
        matches!(unknown, Err(Refusal::Question(QuestionError::Provision(_)))),
        "{unknown:?}"
    );
}

#[test]
fn markers_are_those_of_the_target() {
    let made = |launcher: &str| {
        studio()
            .launcher("1.5.5", "3.9.13", &[])
            .launcher("1.6.3", "3.11.9", &[])
            .addon(
                "core",
                "1.9.7",
                &[
                    "needs-if tomli >=2 ; python_version < '3.11'",
                    "needs-if pywin32 * ; sys_platform == 'win32'",
                ],
            )
            .bundle(launcher, &[("core", "1.9.7")])
    };
    assert_eq!(
        missing(&made("1.5.5").resolve("launcher").unwrap()),
        ["tomli >=2"]
    );
    assert_eq!(
        missing(&made("1.6.3").resolve("launcher").unwrap()),
        Vec::<String>::new()
    );
}

#[test]
fn sources_agree_with_themselves_alone() {
    let made = |other: &str| {
        studio()
            .launcher("1.6.3", "3.11.9", &[])
            .addon(
                "shotgrid",
                "0.6.4",
                &["needs shotgun_api3 git https://example.invalid/python-api.git"],
            )
            .addon("flow", "1.0.0", &[other])
            .bundle("1.6.3", &[("shotgrid", "0.6.4"), ("flow", "1.0.0")])
    };
    assert!(
        made("needs shotgun-api3 git https://example.invalid/python-api.git")
            .resolve("launcher")
            .is_ok()
    );
    assert!(made("needs shotgun-api3 >=3.4").resolve("launcher").is_ok());
    let refusal =
        made("needs shotgun-api3 git https://example.invalid/fork.git").refusal("launcher");
    assert!(refusal.contains("fork.git"), "{refusal}");
}

#[test]
fn a_cycle_of_requirements_is_no_problem() {
    let made = studio()
        .launcher("1.6.3", "3.11.9", &[])
        .addon("a", "1.0.0", &["requires b >=1.0.0"])
        .addon("b", "1.0.0", &["requires a >=1.0.0"])
        .bundle("1.6.3", &[("a", "1.0.0"), ("b", "1.0.0")]);
    assert_eq!(
        addons(&made.resolve("launcher").unwrap()),
        ["a 1.0.0", "b 1.0.0"]
    );
}

#[test]
fn what_cannot_be_read_is_refused_by_name() {
    let made = studio()
        .launcher("1.6.3", "3.11.9", &[])
        .addon("core", "1.9.7", &["requires maya ^1.0"])
        .bundle("1.6.3", &[("core", "1.9.7")]);
    let Err(Refusal::Question(error)) = made.resolve("launcher") else {
        panic!("it is refused")
    };
    assert!(
        error.to_string().contains("addons/core/1.9.7/package.py"),
        "{error}"
    );
    let unknown = studio()
        .launcher("1.6.3", "3.11.9", &[])
        .bundle("1.9.9", &[]);
    let Err(Refusal::Question(error)) = unknown.resolve("launcher") else {
        panic!("it is refused")
    };
    assert_eq!(
        error.to_string(),
        "test has no launcher 1.9.9 for linux; it has 1.6.3"
    );
}

#[test]
fn a_pin_outside_the_library_is_a_fact() {
    let made = studio()
        .launcher("1.6.3", "3.11.9", &[])
        .addon("core", "1.9.7", &[])
        .bundle("1.6.3", &[("core", "9.9.9")]);
    let refusal = made.refusal("launcher");
    assert!(
        refusal.contains("studio test") && refusal.contains("9.9.9"),
        "{refusal}"
    );
    let name = AddonName::from("core");
    let Err(Refusal::Conflict(conflict)) = made.resolve("launcher") else {
        panic!("it is refused")
    };
    let hints = ayon_explain::hints::find(
        &made.studio,
        &made.question("launcher"),
        &conflict,
        1,
        &|| None,
    );
    let expected = ayon_explain::hints::Change::Addon {
        name,
        version: "1.9.7".to_owned(),
    };
    assert_eq!(hints[0].change, expected);
}
