//! What is published: the texts of the packages.

use ayon_backend::example::target;
use ayon_backend_rez::publish::{PlannedPackage, Roots};
use ayon_model::{Half, Process, System};
use insta::assert_snapshot;
use rez::{Requirement, Version};

use crate::studio::{World, python};

#[test]
fn an_addon_says_what_its_release_says() {
    let world = World::new();
    assert_snapshot!(world.text("ayon_addon_core"), @"
    # -*- coding: utf-8 -*-

    name = 'ayon_addon_core'

    version = '1.9.7'

    description = 'AYON addon core 1.9.7'

    requires = [
        'ayon_launcher-1.5.4+',
        '~python-3.9.1+<3.12',
        '~clique-1.6+<1.7',
        '~tomli==1.2.3|2+<3'
    ]

    def commands():
        folder = {
            'linux': '$HOME/.local/share/AYON/addons/core_1.9.7',
            'windows': '$LOCALAPPDATA/Ynput/AYON/addons/core_1.9.7',
            'osx': '$HOME/Library/Application Support/AYON/addons/core_1.9.7',
        }[system.platform]
        env.PYTHONPATH.append(folder)

    timestamp = 1763709120

    format_version = 2
    ");
    assert_snapshot!(world.text("ayon_addon_ftrack"), @"
    # -*- coding: utf-8 -*-

    name = 'ayon_addon_ftrack'

    version = '1.6.4'

    description = 'AYON addon ftrack 1.6.4'

    requires = [
        'ayon_addon_core-0.4.3+<2.0.0',
        '!ayon_addon_openpype',
        '~ayon_addon_applications-0.2.5+'
    ]

    def commands():
        folder = {
            'linux': '$HOME/.local/share/AYON/addons/ftrack_1.6.4',
            'windows': '$LOCALAPPDATA/Ynput/AYON/addons/ftrack_1.6.4',
            'osx': '$HOME/Library/Application Support/AYON/addons/ftrack_1.6.4',
        }[system.platform]
        env.PYTHONPATH.append(folder)

    timestamp = 1763709120

    format_version = 2
    ");
}

#[test]
fn a_launcher_has_a_variant_for_each_system() {
    assert_snapshot!(World::new().text("ayon_launcher"), @r#"
    # -*- coding: utf-8 -*-

    name = 'ayon_launcher'

    version = '1.6.3'

    description = 'AYON launcher 1.6.3'

    tools = ['ayon']

    variants = [
        ['platform-linux'],
        ['platform-windows']
    ]

    def commands():
        folder = {
            'linux': '$HOME/.local/share/AYON/app/AYON-1.6.3-linux-rocky9',
            'windows': '$PROGRAMFILES/Ynput/AYON 1.6.3',
        }[system.platform]
        executable = {
            'linux': 'ayon',
            'windows': 'ayon.exe',
        }[system.platform]
        storage = {
            'linux': '$HOME/.local/share/AYON',
            'windows': '$LOCALAPPDATA/Ynput/AYON',
        }[system.platform]
        env.AYON_VERSION = '1.6.3'
        env.AYON_ROOT = folder
        env.AYON_EXECUTABLE = folder + '/' + executable
        env.AYON_LAUNCHER_STORAGE_DIR = storage
        env.AYON_ADDONS_DIR = storage + '/addons'
        env.AYON_DEPENDENCIES_DIR = storage + '/dependency_packages'
        env.AYON_MENU_LABEL = 'AYON'
        env.USE_AYON_SERVER = '1'
        env.PYTHONPATH.prepend(folder + '/dependencies')
        env.PYTHONPATH.prepend(folder + '/common')
        alias('ayon', '"$AYON_EXECUTABLE"')

    timestamp = 1763709120

    hashed_variants = True

    format_version = 2
    "#);
}

#[test]
fn a_bundle_brings_everything_that_is_live() {
    assert_snapshot!(World::new().text("ayon_bundle"), @"
    # -*- coding: utf-8 -*-

    name = 'ayon_bundle'

    version = 'staging.20251121071200'

    description = 'AYON bundle spring, live for staging'

    requires = [
        'ayon_launcher==1.6.3',
        'ayon_addon_core==1.9.7',
        'ayon_addon_ftrack==1.6.4',
        'ayon_addon_maya==0.6.5',
        'ayon_addon_shotgrid==0.6.4_git',
        'clique-1.6+<1.7'
    ]

    variants = [
        ['platform-linux', 'arch-x86_64', '~python-3.11'],
        ['platform-linux', 'arch-x86_64', 'maya-2024', '~python-3.10', 'tomli-2+']
    ]

    def commands():
        env.AYON_BUNDLE_NAME = 'spring'
        env.AYON_STUDIO_BUNDLE_NAME = 'spring'
        env.AYON_DEFAULT_SETTINGS_VARIANT = 'staging'
        env.AYON_USE_STAGING = '1'
        unsetenv('AYON_USE_DEV')

    timestamp = 1763709120

    hashed_variants = True

    format_version = 2
    ");
}

#[test]
fn a_bundle_is_a_series_under_its_name_and_under_each_word_it_is_live_for() {
    let mut world = World::new();
    let bundles = |world: &World| -> Vec<String> {
        let packages = world.plan().unwrap().packages;
        let bundles = packages
            .into_iter()
            .filter(|package| package.series.is_some());
        bundles.map(|package| package.version).collect()
    };
    assert_eq!(
        bundles(&world),
        ["spring.20251121071200", "staging.20251121071200"]
    );
    world.studio.bundles[0].is_production = true;
    assert_eq!(
        bundles(&world),
        [
            "spring.20251121071200",
            "production.20251121071200",
            "staging.20251121071200"
        ]
    );
    // A bundle may be called as the word that it is live for.
    world.studio.bundles[0].name = "staging".into();
    world.bundle.name = "staging".into();
    assert_eq!(
        bundles(&world),
        ["production.20251121071200", "staging.20251121071200"]
    );
}

#[test]
fn settings_follow_the_word_a_bundle_is_published_under() {
    let lines = |world: &World, series: &str| -> Vec<String> {
        let packages = world.plan().unwrap().packages;
        let package: PlannedPackage = packages
            .into_iter()
            .find(|package| package.series.as_deref() == Some(series))
            .unwrap();
        let lines = package.text.lines().map(str::trim);
        let about = |line: &&str| {
            ["VARIANT", "USE_STAGING", "USE_DEV", "BUNDLE_NAME"]
                .iter()
                .any(|word| line.contains(word))
        };
        lines.filter(about).map(str::to_owned).collect()
    };
    let mut world = World::new();
    assert_eq!(
        lines(&world, "spring")[2..],
        [
            "env.AYON_DEFAULT_SETTINGS_VARIANT = 'production'",
            "unsetenv('AYON_USE_STAGING')",
            "unsetenv('AYON_USE_DEV')"
        ]
    );
    assert_eq!(
        lines(&world, "staging")[2..],
        [
            "env.AYON_DEFAULT_SETTINGS_VARIANT = 'staging'",
            "env.AYON_USE_STAGING = '1'",
            "unsetenv('AYON_USE_DEV')"
        ]
    );
    // A project's bundle over that of the studio.
    world.bundle.name = "__project__moon__staging".into();
    let project = ayon_model::ProjectBundles {
        production: None,
        staging: Some("__project__moon__staging".into()),
    };
    world.studio.projects.insert("moon".into(), project);
    assert_eq!(
        lines(&world, "__project__moon__staging"),
        [
            "env.AYON_BUNDLE_NAME = '__project__moon__staging'",
            "env.AYON_STUDIO_BUNDLE_NAME = 'spring'",
            "env.AYON_DEFAULT_SETTINGS_VARIANT = 'staging'",
            "env.AYON_USE_STAGING = '1'",
            "unsetenv('AYON_USE_DEV')",
        ]
    );
    // A developer's own.
    let mut world = World::new();
    world.studio.bundles[0].is_staging = false;
    world.studio.bundles[0].is_dev = true;
    world.resolutions[0].addons[2].development = Some("{HOME}/ayon-maya/$BRANCH".into());
    assert_eq!(
        lines(&world, "spring")[2..],
        [
            "env.AYON_DEFAULT_SETTINGS_VARIANT = 'spring'",
            "unsetenv('AYON_USE_STAGING')",
            "env.AYON_USE_DEV = '1'"
        ]
    );
    assert_eq!(world.plan().unwrap().notes, Vec::<String>::new());
    assert!(
        world
            .text("ayon_bundle")
            .contains("env.PYTHONPATH.prepend('${HOME}/ayon-maya/$BRANCH')\n")
    );
}

#[test]
fn a_host_has_a_variant_only_where_it_needs_something_else() {
    let mut world = World::new();
    let mut nuke = world.resolutions[0].clone();
    nuke.target = target(
        Process::Host {
            name: "nuke".into(),
            version: "16".into(),
        },
        "linux-64",
    );
    let mut windows = nuke.clone();
    windows.target.platform = "win-64".parse().unwrap();
    world.resolutions.insert(0, nuke);
    assert!(!world.text("ayon_bundle").contains("nuke"));
    // Nobody resolved the plain process there: the host's answer is all there is.
    world.resolutions.push(windows);
    assert!(
        world
            .text("ayon_bundle")
            .contains("['platform-windows', 'arch-AMD64', 'nuke-16', '~python-3.11']")
    );
}

#[test]
fn places_and_families_are_the_studios_choice() {
    let mut world = World::new();
    let roots = Roots {
        launcher: "/tools/ayon/{version}".into(),
        executable: "ayon".into(),
        storage: "/tools/ayon/storage".into(),
        addon: "{root}/client/{name}-{version}".into(),
    };
    world.options.roots = System::ALL.map(|system| (system, roots.clone())).into();
    world.options.names.families = [("ayon_addon_core".to_owned(), "core_addon".to_owned())].into();
    world.options.names.names = [("clique".parse().unwrap(), Some("Clique".to_owned()))].into();
    let core = world.text("core_addon");
    assert!(
        core.contains("    folder = '{root}/client/core-1.9.7'\n"),
        "{core}"
    );
    assert!(core.contains("'~Clique-1.6+<1.7'"), "{core}");
    assert!(
        world
            .text("ayon_launcher")
            .contains("    folder = '/tools/ayon/1.6.3'\n")
    );
    assert!(world.text("ayon_bundle").contains("'core_addon==1.9.7'"));
    world
        .options
        .roots
        .get_mut(&System::Linux)
        .unwrap()
        .launcher = "{installr}".into();
    assert_snapshot!(world.plan().unwrap_err(), @"`{installr}` is no place for files of AYON on linux: `{installr}` is not known here; known are {version}, {installer}, {storage}, {root} and variables such as $HOME");
}

#[test]
fn no_secret_is_written_and_no_name_from_outside_ends_a_string() {
    let mut world = World::new();
    world.options.server = Some("https://me:secret@ayon.example.org".into());
    let name = "x'\n__import__('os') {root} $HOME \u{1b}";
    world.studio.bundles[0].name = name.into();
    world.bundle.name = name.into();
    for package in world.plan().unwrap().packages {
        assert!(
            !package.text.contains("secret") && !package.text.contains("API_KEY"),
            "{}",
            package.text
        );
        assert!(
            !package.text.contains("\n__import__") && !package.text.contains('\u{1b}'),
            "{}",
            package.text
        );
    }
    let bundle = world.text("ayon_bundle");
    assert!(
        bundle.contains("env.AYON_SERVER_URL = 'https://ayon.example.org'\n"),
        "{bundle}"
    );
    // rez expands what is not literal.
    assert!(
        bundle.contains("env.AYON_BUNDLE_NAME = literal("),
        "{bundle}"
    );
}

#[test]
fn what_cannot_be_said_is_refused() {
    let error = |change: fn(&mut World)| {
        let mut world = World::new();
        change(&mut world);
        world.plan().unwrap_err().to_string()
    };
    let errors = [
        error(|world| world.resolutions.clear()),
        error(|world| world.resolutions[1].target.process = Process::Launcher),
        error(|world| world.studio.launchers.clear()),
        error(|world| {
            for launcher in world.studio.launchers.values_mut() {
                launcher.builds.clear();
            }
        }),
        error(|world| drop(world.studio.addons.remove("core"))),
        error(|world| {
            let reason = "the server does not answer".into();
            world.release("core").relations = ayon_model::Knowledge::Unknown(reason);
        }),
        error(|world| world.require_core(">=1.9")),
        error(|world| world.require_core(">=2.0.0,<1.0.0")),
        error(|world| {
            for family in ["ayon_addon_core", "ayon_addon_ftrack"] {
                let families = &mut world.options.names.families;
                families.insert(family.to_owned(), "x".to_owned());
            }
        }),
    ];
    assert_snapshot!(errors.join("\n"), @"
    bundle spring is resolved for no target; give a platform
    a rez environment is what every process may have, and launcher on linux-64 has more: the launcher brings its Qt and its runtime packages itself; resolve for `--headless` instead
    launcher 1.6.3 is not in sample
    launcher 1.6.3 is built for no system, so no package can say where it is
    addon core 1.9.7 is not in sample
    what addon core 1.9.7 requires is not known: the server does not answer
    `>=1.9` of addon ftrack 1.6.4 (addons/ftrack/package.py, ayon_required_addons) has no rez range: a version needs all three numbers; write `1.9.0`
    `>=2.0.0,<1.0.0` of addon ftrack 1.6.4 (addons/ftrack/package.py, ayon_required_addons) has no rez range: no version is in it
    addon ftrack cannot be written as a rez request: its family would be `x`, which is the one of addon core already; give one of them another name
    ");
}

#[test]
fn an_addon_whose_name_is_no_path_is_refused() {
    for name in ["../x", "a b", "{root}", "$HOME", "", ".."] {
        let mut world = World::new();
        let mut addon = world.studio.addons.remove("core").unwrap();
        let release = std::sync::Arc::make_mut(addon.releases.values_mut().next().unwrap());
        release.name = name.into();
        world.studio.addons.insert(name.into(), addon);
        world
            .resolutions
            .iter_mut()
            .for_each(|resolution| resolution.addons[0].name = name.into());
        let error = world.plan().unwrap_err().to_string();
        assert!(error.contains("cannot be published"), "{error}");
    }
}

#[test]
fn only_the_time_of_the_release_depends_on_the_clock() {
    let mut world = World::new();
    let one = world.plan().unwrap();
    world.options.timestamp += 1;
    let two = world.plan().unwrap();
    for (one, two) in one.packages.iter().zip(&two.packages) {
        let mut differences = one
            .text
            .lines()
            .zip(two.text.lines())
            .filter(|(one, two)| one != two);
        let is_time = |(line, _): (&str, &str)| {
            line.starts_with("timestamp = ")
                || (one.series.is_some() && line.starts_with("version = "))
        };
        assert!(differences.all(is_time), "{}", one.what);
    }
}

#[test]
fn every_requirement_is_one_that_packages_may_have() {
    let mut world = World::new();
    world.release("ftrack").python.distributions = vec![
        python("six", "1.16.0", Half::Dependencies),
        python("numpy", "!=1.24.0", Half::Dependencies),
        python("Pillow", "^9.0a1 || >10", Half::Dependencies),
    ];
    for package in world.plan().unwrap().packages {
        assert!(
            Version::parse(&package.version).is_ok(),
            "{}",
            package.version
        );
        let quoted = package
            .text
            .lines()
            .filter(|line| !line.contains([':', '$']));
        for text in quoted.filter_map(|line| {
            line.trim()
                .strip_prefix('\'')?
                .trim_end_matches(',')
                .strip_suffix('\'')
        }) {
            assert!(Requirement::parse_request(text).is_ok(), "{text}");
        }
    }
}
