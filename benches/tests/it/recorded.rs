//! What a real server answered: its listings are read by the server source, its judgements are ours.
//!
//! The recorded answers are replayed over HTTP by the stand-in of `ayon-studio`, so that what reads them is what reads a
//! real server. What was not recorded, most of the questions about relations, the stand-in answers from the corpus.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use ayon_benches::conformance::{Input, Kind};
use ayon_benches::corpus::server_library;
use ayon_model::{AddonName, AddonRelease, Place, PythonNeeds, Studio, System, Version};
use ayon_studio::stand_in::{KEY, Recorded, StandIn};
use ayon_studio::{Credentials, Location, Options, Secret, open};

use crate::World;

/// Answers that describe the studio. `addons` is left out: it says less than `addons-details` under the same path.
const LISTINGS: [&str; 5] = [
    "bundles",
    "addons-details",
    "installers",
    "dependencyPackages",
    "info",
];

pub(crate) fn the_wire_reads_every_recorded_listing(world: &World) {
    let studio = studio(world);
    assert_eq!(studio.problems, []);
    assert_eq!(studio.server_version.as_deref(), Some("1.16.0+DEVELOP"));
    let raw = |name: &str| -> serde_json::Value {
        let text = world
            .shared
            .ayon_text(&format!("server-responses/{name}.json"))
            .unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["response"].take()
    };
    let bundles = raw("bundles")["bundles"].as_array().unwrap().len();
    assert_eq!(studio.bundles.len(), bundles);
    let names: Vec<&str> = studio.bundles.iter().map(|bundle| &*bundle.name).collect();
    for name in [
        "studio-prod",
        "studio-staging",
        "dev-admin",
        "no-installer",
        "lab-deptool",
    ] {
        assert!(names.contains(&name), "{name}");
    }
    let packages = raw("dependencyPackages")["packages"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(studio.dependency_packages.len(), packages);
    let installers = raw("installers")["installers"].as_array().unwrap().len();
    let builds = studio
        .launchers
        .values()
        .flat_map(|launcher| &launcher.builds);
    assert_eq!(builds.clone().count(), installers);
    // The installers were made of the corpus's own lists.
    for (version, launcher) in &studio.launchers {
        let base = Version::new(version.major, version.minor, version.patch);
        for build in &launcher.builds {
            let known = world.studio.launchers[&base]
                .builds_for(build.system)
                .next()
                .unwrap();
            assert_eq!(build.modules, known.modules, "{}", build.filename);
        }
    }
    assert_eq!(releases(studio).count(), 38);
}

/// What a server lists comes to the same requirements as the corpus has.
pub(crate) fn listed_requirements_are_those_of_the_corpus(world: &World) {
    for release in releases(studio(world)) {
        let known = &world.studio.addons[&release.name].releases[&release.version];
        assert_eq!(
            facts(&release.python),
            facts(&known.python),
            "{}",
            release.subject()
        );
    }
    // The same for every release there is: the stand-in lists the corpus as a server would.
    let whole = load(StandIn::new(world.studio.clone()), &[]);
    assert_eq!(whole.problems, []);
    let mut compared = 0;
    for release in releases(&whole) {
        let known = &world.studio.addons[&release.name].releases[&release.version];
        assert_eq!(
            facts(&release.python),
            facts(&known.python),
            "{}",
            release.subject()
        );
        compared += 1;
    }
    assert_eq!(compared, 804);
}

/// Asking a server to judge made-up bundles tells what the package files say, as far as it can be told.
pub(crate) fn relations_are_learnt_as_the_corpus_has_them(world: &World) {
    let library = server_library(&world.shared, &world.studio).unwrap();
    let wanted: Vec<(AddonName, Version)> = releases(&library)
        .map(|release| (release.name.clone(), release.version.clone()))
        .collect();
    let server = StandIn::new(library.clone()).recorded(recorded(
        world,
        &["probe-houdini-0.10.6-low", "probe-houdini-0.10.6-high"],
    ));
    let learnt = load(server, &wanted);
    assert_eq!(learnt.problems, []);
    for release in releases(&learnt) {
        let known = library.addons[&release.name].releases[&release.version]
            .relations()
            .unwrap();
        let learnt = release
            .relations()
            .unwrap_or_else(|| panic!("{}", release.subject()));
        let mut known = known.clone();
        // A server version that satisfies its range hides it.
        known.server = None;
        // An addon that the server does not have is only asked about where its name is known from elsewhere.
        let is_asked = |name: &AddonName| {
            library.addons.contains_key(name) || learnt.compatible.contains_key(name)
        };
        known.compatible.retain(|name, _| is_asked(name));
        // Maps that keep an order are equal in any.
        assert_eq!(*learnt, known, "{}", release.subject());
    }
    assert_eq!(wanted.len(), 38);
}

pub(crate) fn conformance_passes_on_every_recorded_check(world: &World) {
    let inputs = checks(world);
    // Four checks and the three requests of the probing recipe.
    assert_eq!(inputs.len(), 7);
    let report = Kind::named("ayon-check").unwrap().run(&inputs).unwrap();
    assert_eq!(report.failures, []);
    assert_eq!(report.passed, inputs.len());
}

/// The judge is not simply content with everything.
pub(crate) fn a_falsified_record_fails(world: &World) {
    let text = world
        .shared
        .ayon_text("server-responses/check-missing-core.json")
        .unwrap();
    let falsified = [
        text.replace("core is required", "core >=1.8.0 is required"),
        text.replace("\"success\": false", "\"success\": true"),
        text.replace("\"severity\": \"error\"", "\"severity\": \"warning\""),
        text.replace("\"requiredAddon\": \"core\"", "\"requiredAddon\": \"maya\""),
        text.replace("\"status\": 200", "\"status\": 500"),
        text.replace("\"status\": 200", "\"status\": 400"),
    ];
    assert!(falsified.iter().all(|case| *case != text));
    let cases = format!("{{\"cases\": [{}, {text}]}}", falsified.join(","));
    let input = Input {
        file: "cases.json".into(),
        text: cases,
    };
    let report = Kind::named("ayon-check").unwrap().run(&[input]).unwrap();
    assert_eq!((report.passed, report.failures.len()), (1, falsified.len()));
}

/// The recorded answers to `bundles/check`.
fn checks(world: &World) -> Vec<Input> {
    let folder = std::fs::read_dir(world.shared.ayon("server-responses")).unwrap();
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    let name = |file: &PathBuf| file.file_name().unwrap().to_string_lossy().into_owned();
    files.retain(|file| name(file).starts_with("check-") || name(file).starts_with("probe-"));
    files.sort();
    files
        .iter()
        .map(|file| Input::read(file).unwrap())
        .collect()
}

/// The studio of the recorded server, read over HTTP once for all tests.
pub(crate) fn studio(world: &World) -> &'static Studio {
    static STUDIO: OnceLock<Studio> = OnceLock::new();
    STUDIO.get_or_init(|| {
        let server = StandIn::new(Studio::default()).recorded(recorded(world, &LISTINGS));
        load(server, &[])
    })
}

fn recorded(world: &World, names: &[&str]) -> Vec<Recorded> {
    let read = |name: &&str| {
        let text = world
            .shared
            .ayon_text(&format!("server-responses/{name}.json"))
            .unwrap();
        Recorded::from_json(&text).unwrap()
    };
    names.iter().map(read).collect()
}

/// Loads the studio of a server, and learns these relations.
fn load(server: StandIn, wanted: &[(AddonName, Version)]) -> Studio {
    let server = server.start().unwrap();
    let credentials = Some(Credentials::ApiKey(Secret::new(KEY)));
    let location: Location = server.url().parse().unwrap();
    let source = open(
        &location,
        Options {
            credentials,
            ..Options::default()
        },
    )
    .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut studio = source.load().await.unwrap();
        source.relations(&mut studio, wanted).await.unwrap();
        studio
    })
}

fn releases(studio: &Studio) -> impl Iterator<Item = &Arc<AddonRelease>> {
    studio
        .addons
        .values()
        .flat_map(|addon| addon.releases.values())
}

/// Requirements without the file they stand in, which the server calls otherwise, and without their order.
fn facts(needs: &PythonNeeds) -> PythonNeeds {
    let mut needs = needs.clone();
    let nowhere = Place::file("");
    for requirement in &mut needs.distributions {
        requirement.origin.place = Some(nowhere.clone());
    }
    if let Some(interpreter) = &mut needs.interpreter {
        interpreter.origin.place = Some(nowhere);
    }
    assert_eq!(needs.unreadable, []);
    needs.distributions.sort_by_key(|requirement| {
        let system: Option<System> = requirement.system;
        (
            requirement.half,
            system,
            requirement.dependency.name.clone(),
        )
    });
    needs
}
