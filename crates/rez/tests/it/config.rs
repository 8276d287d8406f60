//! rez's settings, read from files and variables.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use proptest::prelude::*;
use rez::config::{Config, ConfigError, Settings, Surroundings};
use rez::solver::VariantSelectMode;
use rez::system::{LinuxFacts, MachineFacts, System};
use serde_json::json;
use tempfile::TempDir;

/// A home with settings in it, and variables.
struct Studio {
    folder: TempDir,
    variables: BTreeMap<String, String>,
}

impl Studio {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            folder,
            variables: BTreeMap::new(),
        }
    }

    fn file(&mut self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        ayon_disk::write_atomic(&path, text.as_bytes()).unwrap();
        path
    }

    /// Files that `REZ_CONFIG_FILE` names, in order.
    fn listed(&mut self, files: &[(&str, &str)]) {
        let paths: Vec<_> = files
            .iter()
            .map(|(name, text)| self.file(name, text).to_str().unwrap().to_owned())
            .collect();
        self.set(
            "REZ_CONFIG_FILE",
            &paths.join(if cfg!(windows) { ";" } else { ":" }),
        );
    }

    fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    fn with_surroundings<T>(&self, act: impl FnOnce(&Surroundings<'_>) -> T) -> T {
        act(&Surroundings {
            variable: &|name| self.variables.get(name).cloned(),
            home: Some(self.folder.path()),
            user: Some("zoe"),
            host: Some("ws"),
        })
    }

    fn settings(&self) -> Result<Settings, ConfigError> {
        self.with_surroundings(Settings::read)
    }

    fn config(&self) -> Result<Config, ConfigError> {
        let settings = self.settings()?;
        let system = System::new(&machine(), &settings.platform_map()?).unwrap();
        self.with_surroundings(|surroundings| settings.config(&system, surroundings))
    }

    /// A text with the name of the folder taken out.
    fn told(&self, text: impl std::fmt::Display) -> String {
        text.to_string()
            .replace(self.folder.path().to_str().unwrap(), "[home]")
    }

    fn paths(&self) -> Vec<String> {
        self.config()
            .unwrap()
            .packages_path
            .iter()
            .map(|path| self.told(path))
            .collect()
    }
}

fn machine() -> MachineFacts {
    MachineFacts::Linux(LinuxFacts {
        machine: "x86_64".to_owned(),
        lsb_release_file: Some("DISTRIB_ID=CentOS\nDISTRIB_RELEASE=7.9\n".to_owned()),
        ..LinuxFacts::default()
    })
}

#[test]
fn without_files_the_settings_are_the_defaults_of_rez() {
    let studio = Studio::new();
    let config = studio.config().unwrap();
    let home = studio.folder.path();
    let expected =
        ["packages", ".rez/packages/int", ".rez/packages/ext"].map(|path| home.join(path));
    assert_eq!(
        config
            .packages_path
            .iter()
            .map(Path::new)
            .collect::<Vec<_>>(),
        expected
    );
    assert_eq!(config.nonlocal_packages_path(), config.packages_path[1..]);
    assert_eq!(
        config.implicit_packages,
        ["~platform==linux", "~arch==x86_64", "~os==CentOS-7.9"]
    );
    assert_eq!(
        (config.package_filter, config.package_orderers),
        (json!([]), json!([]))
    );
    assert_eq!(
        config.variant_select_mode,
        VariantSelectMode::VersionPriority
    );
    assert_eq!(config.package_filenames, ["package"]);
    assert!(config.allow_unversioned_packages && config.error_on_missing_variant_requires);
    assert!(studio.settings().unwrap().files().is_empty());
}

#[test]
fn files_are_laid_over_each_other_and_variables_over_all() {
    let mut studio = Studio::new();
    studio.listed(&[
        (
            "studio.py",
            "packages_path = ['/studio/packages']\nimplicit_packages = ['~platform==linux']\n\
             platform_map = {'os': {r'CentOS-(\\d).*': r'CentOS-\\1'}}\n\
             plugins = {'package_repository': {'filesystem': {'check_package_definition_files': True}}}\n",
        ),
        (
            "show.yaml",
            "packages_path: [/show/packages, /studio/packages]\nallow_unversioned_packages: no\n\
             plugins: {package_repository: {filesystem: {package_filenames: [pkg, package]}}}\n",
        ),
    ]);
    studio.file(
        ".rezconfig.py",
        "base = ['/home/{system.os}']\npackages_path = ModifyList(\n    prepend=base + ['~/x'],  # mine, yours\n    \
         append=['/a,b', \"it's\", r'\\)'],\n)\nimplicit_packages = ModifyList(['tools'])\n",
    );
    assert_eq!(
        studio.paths(),
        [
            "/home/CentOS-7",
            "[home]/x",
            "/show/packages",
            "/studio/packages",
            "/a,b",
            "it's",
            "\\)"
        ]
    );
    let config = studio.config().unwrap();
    assert_eq!(config.implicit_packages, ["~platform==linux", "tools"]);
    assert_eq!(config.package_filenames, ["pkg", "package"]);
    assert!(config.check_package_definition_files && !config.allow_unversioned_packages);
    let files: Vec<_> = studio
        .settings()
        .unwrap()
        .files()
        .iter()
        .map(|path| studio.told(path.display()))
        .collect();
    assert_eq!(
        files,
        [
            "[home]/studio.py",
            "[home]/show.yaml",
            "[home]/.rezconfig.py"
        ]
    );

    studio.set("REZ_DISABLE_HOME_CONFIG", "TRUE");
    assert_eq!(studio.paths(), ["/show/packages", "/studio/packages"]);

    studio.set("REZ_PACKAGES_PATH_JSON", r#"["/json"]"#);
    assert_eq!(studio.paths(), ["/json"]);
    studio.set("REZ_IMPLICIT_PACKAGES", "a-1, b  ~c-{system.arch},");
    studio.set("REZ_ALLOW_UNVERSIONED_PACKAGES", "On");
    studio.set("REZ_VARIANT_SELECT_MODE", "intersection_priority");
    let config = studio.config().unwrap();
    assert_eq!(config.implicit_packages, ["a-1", "b", "~c-x86_64"]);
    assert_eq!(
        config.variant_select_mode,
        VariantSelectMode::IntersectionPriority
    );
    assert!(config.allow_unversioned_packages);
}

#[test]
#[cfg(unix)]
fn paths_in_a_variable_stand_between_colons() {
    let mut studio = Studio::new();
    studio.set("STUDIO", "/studio");
    studio.set(
        "REZ_PACKAGES_PATH",
        "~/packages:$STUDIO/{system.platform}::/{system.user}@{system.hostname}",
    );
    studio.set("REZ_PACKAGES_PATH_JSON", "[\"/never\"]");
    assert_eq!(
        studio.paths(),
        ["[home]/packages", "/studio/linux", "/zoe@ws"]
    );
}

#[test]
fn a_python_file_goes_before_the_yaml_file_beside_it() {
    let mut studio = Studio::new();
    studio.file(".rezconfig", "packages_path: [/yaml]");
    assert_eq!(studio.paths(), ["/yaml"]);
    studio.file(".rezconfig.py", "\u{feff}packages_path = ['/python']");
    assert_eq!(studio.paths(), ["/python"]);
}

#[test]
fn filters_and_orderers_are_lists_of_tables() {
    let mut studio = Studio::new();
    studio.file(
        ".rezconfig.py",
        "package_filter = {'excludes': ['glob(*.{system.platform})']}\n\
         package_orderers = [{'type': 'soft_timestamp', 'timestamp': 1, 'rank': 0}]\n",
    );
    let config = studio.config().unwrap();
    assert_eq!(
        config.package_filter,
        json!([{"excludes": ["glob(*.linux)"]}])
    );
    assert_eq!(
        config.package_orderers,
        json!([{"type": "soft_timestamp", "timestamp": 1, "rank": 0}])
    );
    studio.set("REZ_PACKAGE_FILTER_JSON", "null");
    assert_eq!(studio.config().unwrap().package_filter, json!([]));
}

#[test]
fn the_first_pattern_of_a_platform_map_counts_in_json_too() {
    let mut studio = Studio::new();
    studio.set(
        "REZ_PLATFORM_MAP_JSON",
        r#"{"os": {"zz|C": "K", "entOS": "never"}, "arch": {"x86_(.*)": "\\1bit"}}"#,
    );
    let config = studio.config().unwrap();
    assert_eq!(
        config.implicit_packages[1..],
        ["~arch==64bit", "~os==KentOS-7.9"]
    );
}

#[test]
fn what_only_running_a_file_would_tell_is_left_out_and_said() {
    let mut studio = Studio::new();
    studio.file(
        ".rezconfig.py",
        "import os\n\
         packages_path = [os.getenv('STUDIO')]\n\
         implicit_packages = ModifyList(append=[os.name])\n\
         if os.name == 'nt':\n    package_filter = None\n\
         package_orderers = ModifyList(both=[])\n\
         local_packages_path = '~/' + os.sep\n\
         color_enabled = os.name == 'posix'\n",
    );
    let settings = studio.settings().unwrap();
    let skipped = settings
        .skipped()
        .iter()
        .fold(String::new(), |mut text, skipped| {
            let _ = writeln!(text, "{}", studio.told(skipped));
            text
        });
    assert_snapshot!(skipped);
    assert_eq!(studio.paths()[0], "[home]/packages", "the default is left");
}

#[test]
fn wrong_settings_are_told_with_their_place() {
    let in_file = |name: &str, text: &str| {
        let mut studio = Studio::new();
        studio.file(name, text);
        studio.told(studio.config().unwrap_err())
    };
    let in_variable = |name: &str, value: &str| {
        let mut studio = Studio::new();
        studio.set(name, value);
        studio.told(studio.config().unwrap_err())
    };
    let errors = [
        in_file(".rezconfig.py", "packages_path = '/a'"),
        in_file(".rezconfig.py", "# paths\n\npackages_path = [1]"),
        in_file(".rezconfig.py", "packages_path = [\n"),
        in_file(".rezconfig.py", "local_packages_path = None"),
        in_file(
            ".rezconfig.py",
            "local_packages_path = ModifyList(append=['/a'])",
        ),
        in_file(".rezconfig.py", "package_filter = ['glob(*)']"),
        in_file(".rezconfig.py", "platform_map = ['os']"),
        in_file(".rezconfig.py", "platform_map = {'os': {'a': 1}}"),
        in_file(".rezconfig.py", "platform_map = {'os': {'(': ''}}"),
        in_file(".rezconfig", "- packages_path"),
        in_file(".rezconfig", "a: [\n"),
        in_file(".rezconfig", "a: 1\nallow_unversioned_packages: 'no'"),
        in_variable("REZ_RESOLVE_CACHING", "maybe"),
        in_variable("REZ_VARIANT_SELECT_MODE", "best"),
        in_variable("REZ_PACKAGE_FILTER", "a:b"),
        in_variable("REZ_PACKAGES_PATH_JSON", "/a"),
        in_variable("REZ_PACKAGES_PATH_JSON", "{}"),
    ];
    assert_snapshot!(errors.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_file_and_no_variable_panics(
        python in "(packages_path|plugins) = (ModifyList\\()?[\\[\\](){}'\",=#\\\\a\n ]{0,30}\\)?",
        yaml in "\\PC{0,40}",
        text in "[\\PC~${}:]{0,40}",
    ) {
        let mut studio = Studio::new();
        studio.listed(&[("a.py", &python)]);
        let _ = studio.config();
        studio.listed(&[("b.yaml", &yaml)]);
        let _ = studio.config();
        studio.variables.clear();
        studio.set("REZ_PACKAGES_PATH", &text);
        studio.set("REZ_PLATFORM_MAP_JSON", &json!({"os": {&text: &text}}).to_string());
        let _ = studio.config();
    }
}
