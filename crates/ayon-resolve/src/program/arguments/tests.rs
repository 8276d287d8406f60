//! The promises about flags: each has a variable, each has a setting, each is recorded.

use super::*;
use crate::program::setting::{Kind, SETTINGS, Source, Value};

/// Every flag of every command, with the words that lead to it.
fn flags() -> Vec<(Vec<String>, Arg)> {
    fn collect(command: &clap::Command, path: &[String], found: &mut Vec<(Vec<String>, Arg)>) {
        let flags = command
            .get_arguments()
            .filter(|arg| arg.get_long().is_some());
        found.extend(flags.map(|flag| (path.to_vec(), flag.clone())));
        for inner in command.get_subcommands() {
            collect(
                inner,
                &[path, &[inner.get_name().to_owned()]].concat(),
                found,
            );
        }
    }
    let mut found = Vec::new();
    collect(
        &Arguments::command(),
        &["ayon-resolve".to_owned()],
        &mut found,
    );
    found
}

#[test]
fn the_parser_is_consistent() {
    command().debug_assert();
}

#[test]
fn every_flag_has_a_setting_and_a_variable_and_both_are_in_its_help() {
    for (path, flag) in flags() {
        let name = flag.get_long().unwrap();
        assert!(
            SETTINGS.iter().any(|setting| setting.name == name),
            "{path:?} --{name} sets nothing"
        );
        let ours = format!("AYON_RESOLVE_{}", name.to_uppercase().replace('-', "_"));
        assert!(
            VARIABLES
                .iter()
                .any(|variable| variable.name == ours && variable.setting == Some(name)),
            "{ours}"
        );
        let help = with_variables(flag.clone())
            .get_long_help()
            .unwrap()
            .to_string();
        assert!(
            help.contains(&format!("[env: {ours}")),
            "{path:?} --{name}: {help}"
        );
        assert!(
            flag.get_help_heading().is_some(),
            "{path:?} --{name} stands under no heading"
        );
    }
}

#[test]
fn every_flag_that_is_typed_becomes_a_setting() {
    // The arguments that commands cannot do without.
    let needed = |path: &[String]| match path.last().map(String::as_str) {
        // `tree --invert` needs to know of what.
        Some("plan" | "tree") => vec!["core"],
        Some("probe") => vec!["maya/2025"],
        Some("completions") => vec!["bash"],
        Some("depends" | "why") => vec!["python"],
        Some("diff") => vec!["production", "staging"],
        Some("publish") => vec!["packages"],
        _ => vec![],
    };
    for (path, flag) in flags() {
        let name = flag.get_long().unwrap();
        let setting = SETTINGS
            .iter()
            .find(|setting| setting.name == name)
            .unwrap();
        let (typed, expected) = match setting.kind {
            Kind::Switch => (None, Value::Switch(true)),
            Kind::Count if flag.get_action().takes_values() => (Some("7"), Value::Count(7)),
            Kind::Count => (None, Value::Count(1)),
            Kind::Seconds => (Some("5"), Value::Seconds(5.0)),
            Kind::Number => (Some("3"), Value::Number(3)),
            Kind::List | Kind::Words | Kind::Paths | Kind::Places => {
                (Some("a/1"), Value::List(vec!["a/1".to_owned()]))
            }
            Kind::Choice(words) => (Some(words[1]), Value::Text(words[1].to_owned())),
            Kind::Text | Kind::Path | Kind::Studio => {
                (Some("word"), Value::Text("word".to_owned()))
            }
        };
        let mut words: Vec<OsString> = path.iter().map(OsString::from).collect();
        // What stands behind a flag that takes many values would be one of them.
        words.extend(needed(&path).into_iter().map(OsString::from));
        match typed {
            Some(value) if flag.is_require_equals_set() => {
                words.push(format!("--{name}={value}").into());
            }
            value => {
                words.push(format!("--{name}").into());
                words.extend(value.map(OsString::from));
            }
        }
        if path.last().is_some_and(|last| last == "probe") {
            words.extend(["--", "python3"].map(OsString::from));
        }
        let layer = Arguments::parse(words).unwrap().layer().unwrap();
        let given = layer
            .get(name)
            .unwrap_or_else(|| panic!("{path:?} --{name} is not recorded"));
        assert_eq!(
            (&given.value, &given.source),
            (&expected, &Source::Flag(setting.name)),
            "{path:?} --{name}"
        );
    }
}

#[test]
fn flags_may_stand_before_the_command_if_it_has_a_use_for_them() {
    let layer = |words: &str| {
        let words = words.split(' ').map(OsString::from).collect();
        Arguments::parse(words).unwrap().layer()
    };
    assert_eq!(
        layer("x --bundle b --json check").unwrap().text("bundle"),
        Some("b")
    );
    assert_eq!(
        layer("x --bundle b check --bundle c")
            .unwrap()
            .text("bundle"),
        Some("c")
    );
    let report = layer("x --emit conda check").unwrap_err();
    assert_eq!(report.message(), "`check` has no use for `--emit`");
}
