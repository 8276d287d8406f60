//! Plans: addon versions are chosen.

use ayon_model::{Origin, VersionRange};
use ayon_solve::{AddonAsk, LauncherAsk, Question, QuestionError, Refusal, Wanted, resolve};

use crate::studio::{Made, addons, studio, target};

fn plan(made: &Made, asked: &[&str], launcher: &str) -> Question {
    let wanted = |range: &str| match range {
        "" => Wanted::Any,
        range => Wanted::Within(VersionRange::read(range)),
    };
    let ask = |text: &&str| {
        let (name, range) = text.split_once(' ').unwrap_or((text, ""));
        AddonAsk {
            name: name.into(),
            wanted: wanted(range),
            oldest: false,
            origin: Origin::request(),
        }
    };
    assert!(made.studio.bundles.is_empty(), "a plan needs no bundle");
    Question {
        target: target("launcher"),
        addons: asked.iter().map(ask).collect(),
        launcher: LauncherAsk {
            wanted: wanted(launcher),
            oldest: false,
            origin: Origin::request(),
        },
        python: None,
        is_open: true,
        prereleases: false,
    }
}

fn chosen(made: &Made, asked: &[&str], launcher: &str) -> (Vec<String>, String) {
    let resolution = resolve(&made.studio, &plan(made, asked, launcher), &|| None).unwrap();
    (addons(&resolution), resolution.launcher.version.to_string())
}

fn library() -> Made {
    studio()
        .launcher("1.5.5", "3.9.13", &[])
        .launcher("1.6.3", "3.11.9", &[])
        .addon(
            "core",
            "1.6.11",
            &["launcher >=1.5.0", "python >=3.9.1,<3.10"],
        )
        .addon("core", "1.8.8", &["launcher >=1.5.0"])
        .addon("core", "1.9.7", &["launcher >=1.5.4"])
        .addon("core", "2.0.0-rc.1", &["launcher >=1.6.0"])
        .addon("maya", "0.5.4", &["requires core >=1.0.0"])
        .addon("maya", "0.6.5", &["requires core >=1.8.0"])
        .addon("legacy", "1.0.0", &["requires core <1.8.0"])
}

#[test]
fn the_newest_set_is_chosen_and_completed() {
    let (addons, launcher) = chosen(&library(), &["maya"], "");
    assert_eq!(addons, ["core 1.9.7", "maya 0.6.5"]);
    assert_eq!(launcher, "1.6.3");
}

#[test]
fn what_is_asked_first_weighs_most() {
    let made = library();
    assert_eq!(
        chosen(&made, &["legacy", "maya"], "").0,
        ["core 1.6.11", "legacy 1.0.0", "maya 0.5.4"]
    );
    // core 1.6.11 wants Python 3.9, which only the older launcher has.
    assert_eq!(chosen(&made, &["legacy"], "").1, "1.5.5");
    assert_eq!(
        chosen(&made, &["core <1.9.0", "maya"], ">=1.6.0").0,
        ["core 1.8.8", "maya 0.6.5"]
    );
}

#[test]
fn pre_releases_come_last_unless_asked_for() {
    let made = library();
    assert_eq!(chosen(&made, &["core"], "").0, ["core 1.9.7"]);
    assert_eq!(
        chosen(&made, &["core >=2.0.0-rc.0"], "").0,
        ["core 2.0.0-rc.1"]
    );
    let mut question = plan(&made, &["core"], "");
    question.prereleases = true;
    assert_eq!(
        addons(&resolve(&made.studio, &question, &|| None).unwrap()),
        ["core 2.0.0-rc.1"]
    );
}

#[test]
fn nothing_fits() {
    let made = library();
    let question = plan(&made, &["legacy", "maya >=0.6.0"], "");
    let Err(Refusal::Conflict(conflict)) = resolve(&made.studio, &question, &|| None) else {
        panic!("refused")
    };
    insta::assert_snapshot!(ayon_explain::conflict::text(&conflict, None), @r"
    core
      addon legacy 1.0.0  needs  <1.8.0   (addons/legacy/1.0.0/package.py, ayon_required_addons)
      addon maya 0.6.5    needs  >=1.8.0  (addons/maya/0.6.5/package.py, ayon_required_addons)

    Because addon legacy 1.0.0 needs core <1.8.0 and addon maya 0.6.5 needs core >=1.8.0, they cannot be together.
    ");
    let hints = ayon_explain::hints::find(&made.studio, &question, &conflict, 9, &|| None);
    assert!(!hints.is_empty());
    for hint in hints {
        assert!(
            resolve(&made.studio, &hint.question, &|| None).is_ok(),
            "{}",
            hint.change
        );
    }
}

#[test]
fn unknown_addons_are_told_with_the_closest() {
    let made = library();
    let error = resolve(&made.studio, &plan(&made, &["myaa"], ""), &|| None).unwrap_err();
    assert!(
        matches!(error, Refusal::Question(QuestionError::UnknownAddon { .. })),
        "{error:?}"
    );
    assert_eq!(
        error.to_string(),
        "test has no addon `myaa`; did you mean `maya`?"
    );
}

#[test]
fn a_solve_can_be_stopped() {
    let made = library();
    let stop = || Some(ayon_solve::Stopped::Cancelled);
    let error = resolve(&made.studio, &plan(&made, &["maya"], ""), &stop).unwrap_err();
    assert!(
        matches!(error, Refusal::Stopped(ayon_solve::Stopped::Cancelled)),
        "{error:?}"
    );
}
