//! Where settings come from, and what is wrong with a configuration file.

use insta::assert_snapshot;

use crate::Place;

/// The lines of `config show` that name something set other than by default.
fn set(place: &Place, below: &str, words: &str) -> String {
    let outcome = place.run_in(below, &format!("config show {words}"));
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let lines = outcome
        .stdout
        .lines()
        .filter(|line| !line.ends_with("not set") && !line.ends_with("# default"));
    // How far the sources are indented depends on how long the folder's path is.
    let narrow = |line: &str| match line.split_once("  #") {
        Some((left, right)) => format!("{}  #{right}", left.trim_end()),
        None => line.replace(" # ", "  # "),
    };
    lines.map(narrow).collect::<Vec<_>>().join("\n")
}

#[test]
fn nothing_set_shows_everything_there_is() {
    let outcome = Place::new().run("config show");
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    assert_snapshot!(outcome.stdout, @r#"
    # studio                                # not set
    # bundle                                # not set
    # staging                               # not set
    # dev                                   # not set
    # project                               # not set
    # project-bundle                        # not set
    # user                                  # not set
    # platform                              # not set
    # host                                  # not set
    # headless                              # not set
    # launcher                              # not set
    # python                                # not set
    # glibc                                 # not set
    # macos                                 # not set
    # prereleases                           # not set
    # time-limit                            # not set
    # hints                                 # not set
    # emit                                  # not set
    format = "spec"                         # default
    # offline                               # not set
    # cache-dir                             # not set
    # no-cache                              # not set
    # server-timeout                        # not set
    # server-retries                        # not set
    color = "auto"                          # default
    # no-progress                           # not set
    # index-url                             # not set
    # extra-index-url                       # not set
    # index                                 # not set
    # package-index                         # not set
    # no-index                              # not set
    # find-links                            # not set
    # netrc                                 # not set
    # ca-file                               # not set
    # connections                           # not set
    # index-ttl                             # not set
    # index-timeout                         # not set
    # index-retries                         # not set
    # exclude-newer                         # not set
    # prerelease                            # not set
    # resolution                            # not set
    # constraint                            # not set
    # override                              # not set
    # exclude-package                       # not set
    # all-wheels                            # not set
    # absolute-paths                        # not set
    # only                                  # not set
    # with-provided                         # not set
    conda.channels = ["conda-forge"]        # default
    # channel-priority                      # not set
    # channel-alias                         # not set
    # channel-mirror                        # not set
    # channel-bucket                        # not set
    # cuda                                  # not set
    # virtual-package                       # not set
    # no-pip                                # not set
    # conda-names                           # not set
    # rez-path                              # not set
    # rez.roots.linux.launcher              # not set
    # rez.roots.linux.executable            # not set
    # rez.roots.linux.storage               # not set
    # rez.roots.linux.addon                 # not set
    # rez.roots.windows.launcher            # not set
    # rez.roots.windows.executable          # not set
    # rez.roots.windows.storage             # not set
    # rez.roots.windows.addon               # not set
    # rez.roots.darwin.launcher             # not set
    # rez.roots.darwin.executable           # not set
    # rez.roots.darwin.storage              # not set
    # rez.roots.darwin.addon                # not set
    # check-files                           # not set
    # the server's key                      # $AYON_API_KEY is not set
    "#);
}

#[test]
fn each_setting_is_shown_with_where_it_came_from() {
    let place = Place::new()
        .file(
            "show/ayon-resolve.toml",
            "studio = \"studio\"\nbundle = \"film\"\nplatform = ['linux-64']\n",
        )
        .file("show/shot/notes.txt", "")
        .file(
            "user/ayon-resolve/ayon-resolve.toml",
            "bundle = \"mine\"\n[conda.names]\nopencolorio = \"ocio\"\n",
        )
        .variable("XDG_CONFIG_HOME", "[folder]/user")
        .variable("AYON_PROJECT_NAME", "lighthouse")
        .variable("AYON_SERVER_URL", "https://ayon.example")
        .variable("AYON_API_KEY", "canary");
    assert_snapshot!(set(&place, "show/shot", "--host maya/2025 --time-limit 2.5"), @r#"
        studio = "[folder]/show/studio"  # [folder]/show/ayon-resolve.toml:1
        bundle = "film"  # [folder]/show/ayon-resolve.toml:2
        project = "lighthouse"  # $AYON_PROJECT_NAME
        platform = ["linux-64"]  # [folder]/show/ayon-resolve.toml:3
        host = ["maya/2025"]  # --host
        time-limit = 2.5  # --time-limit
        conda.names.opencolorio = "ocio"  # [folder]/user/ayon-resolve/ayon-resolve.toml:3
        # the server's key  # $AYON_API_KEY is set, and never shown
        # user file  # [folder]/user/ayon-resolve/ayon-resolve.toml
        # project file  # [folder]/show/ayon-resolve.toml
        "#);
}

#[test]
fn settings_are_shown_as_json() {
    let place = Place::new()
        .file(".config/ayon-resolve.toml", "\nstudio = 'sample'\n")
        .variable("AYON_API_KEY", "canary");
    let outcome = place.run("config show --json --bundle staging");
    assert!(!outcome.stdout.contains("canary"));
    let document = outcome.json();
    assert_eq!(document["schema"]["name"], "ayon-resolve.config");
    assert_eq!(document["has_key"], true);
    let entry = |name: &str| {
        let entries = document["settings"].as_array().unwrap();
        entries
            .iter()
            .find(|entry| entry["name"] == name)
            .unwrap()
            .to_string()
    };
    assert_snapshot!(entry("studio"), @r#"{"name":"studio","source":{"kind":"file","line":2,"path":"[folder]/.config/ayon-resolve.toml"},"value":"sample"}"#);
    assert_snapshot!(entry("bundle"), @r#"{"name":"bundle","source":{"kind":"flag","name":"--bundle"},"value":"staging"}"#);
    assert_snapshot!(entry("project"), @r#"{"name":"project","source":null,"value":null}"#);
}

#[test]
fn the_nearest_project_file_counts_and_the_hidden_one_comes_second() {
    let place = Place::new()
        .file("ayon-resolve.toml", "bundle = 'far'")
        .file(
            "show/.config/ayon-resolve.toml",
            "bundle = 'hidden'\ncache-dir = 'cache'",
        )
        .file("show/shot/x", "");
    assert_snapshot!(set(&place, "show/shot", ""), @r#"
        bundle = "hidden"  # [folder]/show/.config/ayon-resolve.toml:1
        cache-dir = "[folder]/show/cache"  # [folder]/show/.config/ayon-resolve.toml:2
        # project file  # [folder]/show/.config/ayon-resolve.toml
        "#);
    let place = place.file("show/ayon-resolve.toml", "bundle = 'plain'");
    let outcome = place.run_in("show/shot", "config show");
    assert!(outcome.stdout.contains("bundle = \"plain\""), "{outcome:?}");
    assert_snapshot!(outcome.stderr, @"warning: `[folder]/show/.config/ayon-resolve.toml` is ignored: `[folder]/show/ayon-resolve.toml` comes first");
}

#[test]
fn one_file_can_be_named_and_none_can_be_asked_for() {
    let place = Place::new()
        .file("ayon-resolve.toml", "bundle = 'found'")
        .file("other.toml", "bundle = 'named'");
    assert!(set(&place, "", "--config-file other.toml").contains("bundle = \"named\""));
    assert!(!set(&place, "", "--no-config").contains("bundle"));
    assert_eq!(
        place
            .run("config show --no-config --config-file other.toml")
            .code,
        Some(2)
    );
    let outcome = place.run("config show --config-file missing.toml");
    assert_eq!(outcome.code, Some(2));
    // The rest is the system's own sentence.
    assert!(
        outcome
            .stderr
            .starts_with("error: cannot read `[folder]/missing.toml`: "),
        "{outcome:?}"
    );
    let place = place.variable("AYON_RESOLVE_NO_CONFIG", "1");
    assert!(!set(&place, "", "").contains("bundle"));
    assert!(set(&place, "", "--config-file other.toml").contains("bundle = \"named\""));
}

#[test]
fn an_unknown_key_is_told_with_its_place_and_the_closest_one() {
    let place = Place::new().file(
        "ayon-resolve.toml",
        "bundle = 'x'\nstduio = 'sample'\nplatform = 3\n",
    );
    assert_snapshot!(place.run("config show").told(), @r#"
        exit code 2
        --- stdout
        --- stderr
        error: the configuration file `[folder]/ayon-resolve.toml` cannot be used
        cause: [folder]/ayon-resolve.toml:2: unknown key `stduio`; did you mean `studio`?
        cause: [folder]/ayon-resolve.toml:3: `platform` must be a list of texts, not 3
        "#);
}

#[test]
fn a_file_that_is_no_toml_is_told_with_its_line() {
    let place = Place::new().file("ayon-resolve.toml", "bundle = 'x'\nstudio =\n");
    assert_snapshot!(place.run("config show").told(), @r#"
        exit code 2
        --- stdout
        --- stderr
        error: the configuration file `[folder]/ayon-resolve.toml` cannot be used
        cause: [folder]/ayon-resolve.toml:2: string values must be quoted, expected literal string
        "#);
}

#[test]
fn a_key_in_a_file_is_refused_and_not_repeated() {
    let place = Place::new().file("ayon-resolve.toml", "api-key = 'canary'\n");
    assert_snapshot!(place.run("config show").told(), @r#"
        exit code 2
        --- stdout
        --- stderr
        error: the configuration file `[folder]/ayon-resolve.toml` cannot be used
        cause: [folder]/ayon-resolve.toml:1: `api-key`: keys and passwords do not belong in a configuration file

        hint: give the key in the environment variable `AYON_API_KEY`
        "#);
    let place = Place::new().file(
        "ayon-resolve.toml",
        "studio = 'https://ada:canary@ayon.example'\n",
    );
    let outcome = place.run("config show");
    assert_eq!(outcome.code, Some(2));
    assert!(!outcome.told().contains("canary"), "{outcome:?}");
}

#[test]
fn the_key_is_not_given_to_a_server_that_some_file_names() {
    let place = Place::new()
        .file("ayon-resolve.toml", "studio = 'https://elsewhere.example'")
        .variable("AYON_SERVER_URL", "https://ayon.example")
        .variable("AYON_API_KEY", "canary");
    assert_snapshot!(place.run("config show").stderr, @"warning: `AYON_API_KEY` is not sent to https://elsewhere.example: it belongs to the server that `AYON_SERVER_URL` names");
}
