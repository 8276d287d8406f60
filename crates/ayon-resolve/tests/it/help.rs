//! Help, completions, the manual, and mistakes in what was typed.

use insta::assert_snapshot;

use crate::{Place, run};

/// Every command, by the words that lead to it.
const COMMANDS: &[&str] = &[
    "",
    "check",
    "emit",
    "lock",
    "verify",
    "plan",
    "why",
    "tree",
    "diff",
    "outdated",
    "graph",
    "studio pull",
    "studio show",
    "pypi lock",
    "conda lock",
    "conda solve",
    "rez env",
    "rez search",
    "rez depends",
    "rez why",
    "rez context",
    "rez index",
    "rez publish",
    "host show",
    "host probe",
    "config show",
    "completions",
    "man",
];

#[test]
fn the_short_help_names_every_flag_of_the_main_job() {
    let outcome = run("-h");
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    assert_snapshot!(outcome.stdout, @r"
        Resolves the environment of an AYON bundle: which packages, from where, why, and what is wrong

        Usage: ayon-resolve [OPTIONS] [COMMAND]

        Commands:
          check        Say everything that is wrong with a bundle
          emit         Emit, as without a command; with `--lock FILE` from a lock
          lock         Keep what is chosen for a bundle in a lock, or say why the lock is stale
          verify       Hold files against the lock, by size and hashes
          plan         Choose addon versions that fit together
          why          Say why something is in the answer, and what holds its version
          tree         Show the answer as a tree
          diff         Say what changes from one bundle to another
          outdated     Say what is not the newest, and how far it could go
          graph        Draw the answer, or a page to walk about in
          studio       Look at a studio, or keep it for offline work
          pypi         Lock Python packages, without a studio
          conda        Choose conda packages, without a studio
          rez          Resolve, search and explain rez packages, with or without a studio
          host         Look at DCC hosts, or find out what one brings
          config       Look at the settings in force
          completions  Print a completion script for a shell
          man          Print the manual page, or write one for every command
          help         Print this message or the help of the given subcommand(s)

        Options:
          -h, --help     Print help (see more with '--help')
          -V, --version  Print version

        What is written:
          -e, --emit <WHAT>       What to emit: conda, rez or venv
              --format <FORMAT>   The format to emit in [default: spec]
              --rez-path <PATHS>  Folders of packages for a rez context, separated as in PATH [default: as
                                  rez is configured]
          -o, --output <PATH>     Write to this file, or into this folder, instead of to standard output

        The lock:
              --lock <FILE>  Take the answer from this lock, and solve nothing [default with the flags
                             below: ayon.lock]
              --locked       Fail if the lock is not what the studio would give now: the studio is read,
                             nothing is solved
              --frozen       Use the lock as it is: not even the studio is read

        Which bundle:
          -b, --bundle <NAME>          The bundle: a name, or `production`, `staging` or `dev`; otherwise
                                       production
              --staging                Use the staging variant, also for a bundle named otherwise
              --dev                    Use the dev bundle of the user
              --project <NAME>         Lay the bundle of this project over the studio's
              --project-bundle <NAME>  Lay this project bundle over the studio's
              --user <NAME>            Whose dev bundle is meant

        What for:
              --platform <PLATFORM>   A platform, such as linux-64, win-64 or osx-arm64; may be given
                                      several times [default: this machine's]
              --host <NAME/VERSION>   A host with its version, such as maya/2025; may be given several times
              --headless              A process without a user interface, such as a farm task
              --process <PROCESS>     A process: launcher, headless, or a host such as maya/2025; may be
                                      given several times [default: launcher]
              --launcher <VERSION>    The launcher's version, instead of the bundle's; for `plan` a range of
                                      them
              --python <VERSION>      The Python version, instead of the one the process brings
              --time-limit <SECONDS>  Give up solving after this time
              --hints <N>             Where things conflict, look for so many ways out; each is tried before
                                      it is told [default: 4]

        Studio:
              --studio <PATH|URL>   The studio: a folder, a snapshot file, a server's URL, or the word
                                    `sample`
              --offline             Use no network: only snapshots and the cache
              --refresh             Ask again for what the cache already holds
              --cache-dir <FOLDER>  The folder of the cache
              --no-cache            Neither read nor write the cache

        What is printed:
              --json          Print JSON documents, errors included
          -v, --verbose...    Say more; twice for still more
          -q, --quiet...      Say less: no notes; twice: no warnings either
              --color <WHEN>  When to use colour; `auto` means on a terminal [possible values: auto, always,
                              never]
              --no-progress   Show no progress

        Configuration:
              --config-file <PATH>  Read this configuration file, and no other
              --no-config           Read no configuration file
        ");
}

#[test]
fn the_long_help_ends_with_examples_and_names_the_variables() {
    let outcome = run("--help");
    assert!(
        outcome
            .stdout
            .contains("[env: AYON_RESOLVE_BUNDLE, AYON_STUDIO_BUNDLE_NAME]"),
        "{}",
        outcome.stdout
    );
    let (_, end) = outcome.stdout.split_once("Examples:").unwrap();
    assert!(!end.contains("Options:"), "{end}");
}

#[test]
fn every_command_has_help_of_its_own() {
    for command in COMMANDS {
        for flag in ["-h", "--help"] {
            let outcome = run(&format!("{command} {flag}"));
            assert_eq!(
                (outcome.code, outcome.stderr.as_str()),
                (Some(0), ""),
                "{command}"
            );
            assert!(
                outcome.stdout.contains(&format!(
                    "Usage: {}",
                    format!("ayon-resolve {command}").trim()
                )),
                "{outcome:?}"
            );
        }
    }
}

#[test]
fn a_mistyped_command_is_answered_with_the_closest_one() {
    assert_snapshot!(run("chek").told(), @r#"
        exit code 2
        --- stdout
        --- stderr
        error: unrecognized subcommand 'chek'

        Usage: ayon-resolve [OPTIONS] [COMMAND]

        hint: a similar subcommand exists: 'check'
        hint: for more information, try '--help'
        "#);
}

#[test]
fn a_mistyped_flag_is_answered_with_the_closest_one() {
    assert_snapshot!(run("check --bundel staging").told(), @r#"
        exit code 2
        --- stdout
        --- stderr
        error: unexpected argument '--bundel' found

        Usage: ayon-resolve check --bundle <NAME>

        hint: a similar argument exists: '--bundle'
        hint: for more information, try '--help'
        "#);
}

#[test]
fn nothing_typed_says_what_can_be() {
    assert_snapshot!(run("").told(), @r#"
        exit code 2
        --- stdout
        --- stderr
        error: nothing is asked for

        hint: say what to emit, as in `ayon-resolve --bundle staging --emit conda`
        hint: or name a command; `ayon-resolve -h` lists them
        "#);
}

#[test]
fn a_group_without_a_command_says_what_is_in_it() {
    let outcome = run("studio");
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome.stderr.starts_with("error: ") && outcome.stderr.contains("pull"),
        "{outcome:?}"
    );
}

#[test]
fn a_flag_before_a_command_that_has_no_use_for_it_is_refused() {
    assert_snapshot!(run("--emit conda studio pull").told(), @r#"
        exit code 2
        --- stdout
        --- stderr
        error: `studio pull` has no use for `--emit`

        hint: `ayon-resolve studio pull -h` lists what it takes
        "#);
}

#[test]
fn values_that_make_no_sense_are_refused() {
    for words in [
        "--color blue",
        "check --time-limit 0",
        "host probe maya -- python3",
        "completions tcsh",
        "plan",
    ] {
        let outcome = run(words);
        assert_eq!(
            (outcome.code, outcome.stdout.as_str()),
            (Some(2), ""),
            "{words}"
        );
        assert!(outcome.stderr.starts_with("error: "), "{outcome:?}");
    }
}

#[test]
fn every_shell_gets_a_script() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let outcome = run(&format!("completions {shell}"));
        assert_eq!(
            (outcome.code, outcome.stderr.as_str()),
            (Some(0), ""),
            "{shell}"
        );
        assert!(
            outcome.stdout.contains("project-bundle") && outcome.stdout.contains("probe"),
            "{shell}"
        );
    }
}

#[test]
fn completions_do_not_stumble_over_a_broken_configuration() {
    let place = Place::new().file("ayon-resolve.toml", "this is no TOML");
    assert_eq!(place.run("completions bash").code, Some(0));
    assert_eq!(place.run("config show").code, Some(2));
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    let place = Place::new();
    assert_eq!(place.run("man -o pages/").code, Some(0));
    for command in COMMANDS {
        let name = format!("ayon-resolve {command}").trim().replace(' ', "-");
        let page = ayon_disk::read_to_string(
            &place.path().join("pages").join(format!("{name}.1")),
            1 << 20,
        )
        .unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
    }
    let outcome = run("man");
    assert!(
        outcome.stdout.contains(".SH ENVIRONMENT"),
        "{}",
        outcome.stdout
    );
}
