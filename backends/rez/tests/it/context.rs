//! The format `context`: solved against repositories, written as rez reads it, refused with everything that is missing.

use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::UNIX_EPOCH;

use ayon_backend::{Ask, Backend, Cancellation, Edge, Emission, Object, Resolution, ResolveError};
use ayon_backend_rez::{Options, Rez, World};

use insta::assert_snapshot;
use rez::repository::{FilesystemRepository, Options as Reading};
use rez::{
    Context, Definition, Family, MemoryRepository, Package, PackageKind, Repository, Requirement,
};

use crate::studio;

/// A family of a site, with versions and what each requires.
fn family(name: &str, versions: &[(&str, &[&str])]) -> Family {
    let package = |(version, requires): &(&str, &[&str])| Package {
        version: version.parse().unwrap(),
        kind: PackageKind::Folder,
        definition: Ok(Arc::new(Definition {
            requires: requires.iter().map(|text| Arc::from(*text)).collect(),
            ..Definition::default()
        })),
    };
    Family {
        name: name.into(),
        packages: versions.iter().map(package).collect(),
    }
}

/// What a site has that is no part of AYON.
fn site() -> Vec<Family> {
    vec![
        family(
            "platform",
            &[("linux", &[]), ("windows", &[]), ("osx", &[])],
        ),
        family("arch", &[("x86_64", &[]), ("AMD64", &[])]),
        family(
            "python",
            &[("3.11.9", &[]), ("3.10.8", &[]), ("3.9.7", &[])],
        ),
        family(
            "maya",
            &[
                ("2024.2", &["python-3.10", ".maya.feature-1+<3"]),
                ("2025.1", &["python-3.11"]),
            ],
        ),
        family(
            "clique",
            &[("1.5.0", &[]), ("1.6.5", &["python"]), ("1.7.0", &[])],
        ),
        family("tomli", &[("2.0.1", &[])]),
    ]
}

/// A Linux machine with two repositories.
struct Machine {
    repositories: Vec<Arc<dyn Repository>>,
    series: Option<&'static str>,
}

impl World for Machine {
    fn repositories(&self) -> &[Arc<dyn Repository>] {
        &self.repositories
    }

    fn ask(&self) -> rez::solver::Ask {
        let implicit = ["~platform==linux", "~arch==x86_64", "~os==Debian-12"];
        let implicit = implicit.map(|text| Requirement::parse_request(text).unwrap());
        rez::solver::Ask {
            implicit: implicit.to_vec(),
            ..rez::solver::Ask::default()
        }
    }

    fn context(&self) -> Context {
        Context {
            package_paths: vec!["/packages".to_owned()],
            platform: Some("linux".to_owned()),
            arch: Some("x86_64".to_owned()),
            os: Some("Debian-12".to_owned()),
            user: Some("zoe".to_owned()),
            timestamp: 1_763_709_120,
            created: 1_763_709_120,
            ..Context::default()
        }
    }

    fn series<'a>(&'a self, bundle: &'a str) -> &'a str {
        self.series.unwrap_or(bundle)
    }
}

/// A site's backend, with what is published to `repository` beside what the site has.
fn rez(repository: &Path, site: Vec<Family>) -> Rez {
    Rez::new(Options::default()).with_world(Arc::new(machine(repository, site)))
}

fn machine(repository: &Path, site: Vec<Family>) -> Machine {
    let published = FilesystemRepository::open(repository, &Reading::new(UNIX_EPOCH)).unwrap();
    Machine {
        repositories: vec![
            Arc::new(published),
            Arc::new(MemoryRepository::new("site", site)),
        ],
        series: None,
    }
}

fn resolve(
    rez: &Rez,
    resolutions: Vec<Resolution>,
    cancellation: Cancellation,
) -> Result<Vec<Resolution>, ResolveError> {
    let context = ayon_backend::Context {
        cancellation,
        ..ayon_backend::Context::default()
    };
    let format = rez.format("context").unwrap();
    let mut future = pin!(rez.resolve(
        Ask {
            resolutions,
            format,
            previous: &[],
        },
        &context
    ));
    match future
        .as_mut()
        .poll(&mut std::task::Context::from_waker(Waker::noop()))
    {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("a solve waits for nothing"),
    }
}

fn emit(rez: &Rez, resolutions: Vec<Resolution>) -> Result<Emission, ResolveError> {
    let resolutions = resolve(rez, resolutions, Cancellation::default())?;
    Ok(rez.emit(&resolutions, rez.format("context").unwrap())?)
}

fn contexts(emission: &Emission) -> Vec<Context> {
    let read = |content: &[u8]| Context::read(str::from_utf8(content).unwrap()).unwrap();
    emission
        .files
        .iter()
        .map(|file| read(&file.content))
        .collect()
}

fn names(context: &Context) -> Vec<String> {
    context
        .resolved
        .iter()
        .map(rez::VariantHandle::qualified_package_name)
        .collect()
}

/// A studio that has published its bundle, with the places where its pins are written.
fn published() -> (tempfile::TempDir, Vec<Resolution>) {
    let repository = tempfile::tempdir().unwrap();
    let world = studio::World::new();
    world.write(repository.path()).unwrap();
    let mut resolutions = world.resolutions;
    for resolution in &mut resolutions {
        let origin = ayon_model::Origin::new(
            ayon_model::Subject::Bundle("spring".into()),
            ayon_model::Place::file("bundles/spring.json").at("addons.core", None),
        );
        resolution.edges.push(Edge {
            origin,
            object: Object::Addon("core".into()),
            range: "1.9.7".to_owned(),
        });
    }
    (repository, resolutions)
}

#[test]
fn a_published_bundle_becomes_a_context_for_each_target() {
    let (repository, resolutions) = published();
    let emission = emit(&rez(repository.path(), site()), resolutions).unwrap();
    let files: Vec<&str> = emission
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!(
        files,
        [
            "context-headless-linux-64.rxt",
            "context-maya-2024-linux-64.rxt"
        ]
    );
    assert_eq!(emission.notes, Vec::<String>::new());
    let [plain, maya] = contexts(&emission).try_into().unwrap();
    assert_snapshot!(names(&plain).join(" "), @"platform-linux arch-x86_64 ayon_launcher-1.6.3 python-3.11.9 ayon_addon_core-1.9.7 ayon_addon_ftrack-1.6.4 ayon_addon_maya-0.6.5 ayon_addon_shotgrid-0.6.4_git clique-1.6.5 ayon_bundle-spring.20251121071200");
    assert_snapshot!(names(&maya).join(" "), @"platform-linux arch-x86_64 ayon_launcher-1.6.3 python-3.10.8 maya-2024.2 ayon_addon_core-1.9.7 ayon_addon_ftrack-1.6.4 ayon_addon_maya-0.6.5 ayon_addon_shotgrid-0.6.4_git clique-1.6.5 tomli-2.0.1 ayon_bundle-spring.20251121071200");
    let requests: Vec<String> = maya
        .requests
        .iter()
        .chain(&maya.implicit)
        .map(ToString::to_string)
        .collect();
    assert_snapshot!(requests.join(" "), @"platform-linux arch-x86_64 ayon_launcher==1.6.3 python-3.10 maya-2024 ayon_bundle-spring ayon_addon_core==1.9.7 ayon_addon_ftrack==1.6.4 ayon_addon_maya==0.6.5 ayon_addon_shotgrid==0.6.4_git clique-1.6+<1.7 tomli-2+ ~platform==linux ~arch==x86_64 ~os==Debian-12");
    assert_eq!(
        maya.ephemerals
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        [".maya.feature-1+<3"]
    );
    // The bundle's variant for Maya, from where it was published; the rest is the site's.
    let handle = maya
        .resolved
        .iter()
        .find(|handle| &*handle.name == "ayon_bundle")
        .unwrap();
    assert_eq!(
        (handle.index, &*handle.key),
        (Some(1), "filesystem.variant")
    );
    assert_eq!(
        *handle.location,
        *repository.path().canonicalize().unwrap().to_str().unwrap()
    );
    assert_eq!(
        (maya.user.as_deref(), maya.os.as_deref(), maya.timestamp),
        (Some("zoe"), Some("Debian-12"), 1_763_709_120)
    );
    assert!(maya.graph.contains("clique-1.6.5[]"), "{}", maya.graph);
}

#[test]
fn a_context_may_be_for_the_word_that_a_bundle_is_live_for() {
    let (repository, resolutions) = published();
    let machine = Machine {
        series: Some("staging"),
        ..machine(repository.path(), site())
    };
    let rez = Rez::new(Options::default()).with_world(Arc::new(machine));
    let context = &contexts(&emit(&rez, resolutions[..1].to_vec()).unwrap())[0];
    let requests: Vec<String> = context.requests.iter().map(ToString::to_string).collect();
    assert!(
        requests.contains(&"ayon_bundle-staging".to_owned()),
        "{requests:?}"
    );
    let names = names(context);
    assert!(
        names.contains(&"ayon_bundle-staging.20251121071200".to_owned()),
        "{names:?}"
    );
}

#[test]
fn the_same_resolution_gives_the_same_bytes_without_solving_again() {
    let (repository, resolutions) = published();
    let one = rez(repository.path(), site());
    let resolved = resolve(&one, resolutions, Cancellation::default()).unwrap();
    let format = one.format("context").unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    // Emitting looks at no repository.
    let other = rez(elsewhere.path(), Vec::new());
    assert_eq!(
        one.emit(&resolved, format).unwrap(),
        other.emit(&resolved, format).unwrap()
    );
}

#[test]
fn everything_that_is_missing_is_told_at_once_with_who_asks() {
    let (_repository, resolutions) = published();
    let nothing = tempfile::tempdir().unwrap();
    let mut site = site();
    site.retain(|family| !["clique", "tomli"].contains(&&*family.name));
    site.push(family("cliqe", &[("1.0", &[])]));
    site.push(family(
        "ayon_addon_ftrack",
        &[("1.0.0", &[]), ("1.2.0", &[])],
    ));
    site.push(family("ayon_addon_maya", &[("0.6.4", &[])]));
    let error = emit(&rez(nothing.path(), site), resolutions).unwrap_err();
    let ResolveError::Refused(refusal) = &error else {
        panic!("{error:?}")
    };
    assert_snapshot!(error, @"bundle spring has no rez context for headless on linux-64: 7 packages that it asks for are not there");
    assert_snapshot!(refusal.text(), @"
    ayon_launcher==1.6.3: no repository has a family `ayon_launcher`; `ayon-resolve rez publish` writes its packages
    ayon_addon_core==1.9.7: no repository has a family `ayon_addon_core`; `ayon-resolve rez publish` writes its packages
        bundle spring (bundles/spring.json, addons.core) asks for core 1.9.7
    ayon_addon_ftrack==1.6.4: there are 2 versions from 1.0.0 to 1.2.0, none of them in this range
    ayon_addon_maya==0.6.5: there is only 0.6.4
    ayon_addon_shotgrid==0.6.4_git: no repository has a family `ayon_addon_shotgrid`; `ayon-resolve rez publish` writes its packages
    clique-1.6+<1.7: no repository has a family `clique`; did you mean `cliqe`?
        addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:10, tool.poetry.dependencies) asks for clique >=1.6,<1.7
    tomli-2+: no repository has a family `tomli`
        addon core 1.9.7 (addons/core_1.9.7/private/pyproject.toml:11, tool.poetry.dependencies) asks for tomli >=2
    ");
}

#[test]
fn without_the_bundles_own_package_there_is_a_context_and_a_note() {
    let (repository, resolutions) = published();
    std::fs::remove_dir_all(repository.path().join("ayon_bundle")).unwrap();
    let emission = emit(&rez(repository.path(), site()), resolutions[..1].to_vec()).unwrap();
    assert_eq!(emission.files[0].name, "context.rxt");
    assert_snapshot!(emission.notes.join("\n"), @"no repository has a package of bundle spring, so the environment does not say which bundle it is; `ayon-resolve rez publish` writes one");
    assert!(
        !names(&contexts(&emission)[0])
            .iter()
            .any(|name| name.starts_with("ayon_bundle"))
    );
}

#[test]
fn what_does_not_fit_together_is_told_as_the_solver_tells_it() {
    let (repository, resolutions) = published();
    let mut site = site();
    site.retain(|family| &*family.name != "clique");
    site.push(family("clique", &[("1.6.5", &["python-3.9"])]));
    let error = emit(&rez(repository.path(), site), resolutions).unwrap_err();
    let ResolveError::Refused(refusal) = &error else {
        panic!("{error:?}")
    };
    assert_snapshot!(error, @"bundle spring has no rez context for headless on linux-64: what it asks for does not fit together");
    assert_snapshot!(refusal.text(), @"
    `ayon_bundle-spring` cannot be had (12 other requests do not matter)

      ayon_bundle
        your request  needs  ayon_bundle-spring

      python
        ayon_bundle-spring.20251121071200[0]  if present, needs  python-3.11
        ayon_bundle-spring.20251121071200[1]  if present, needs  python-3.10
        clique-1.6.5                          needs              python-3.9   (through ayon_bundle)
    ");
}

#[test]
fn a_context_may_be_for_another_machine() {
    let (repository, mut resolutions) = published();
    let windows = &mut resolutions[0];
    windows.target.platform = "win-64".parse().unwrap();
    windows.bundle = None;
    let emission = emit(&rez(repository.path(), site()), vec![windows.clone()]).unwrap();
    let context = &contexts(&emission)[0];
    let implicit: Vec<String> = context.implicit.iter().map(ToString::to_string).collect();
    assert_eq!(implicit, ["~platform==windows", "~arch==AMD64"]);
    assert_eq!(
        (
            context.platform.as_deref(),
            context.arch.as_deref(),
            context.os.as_deref()
        ),
        (Some("windows"), Some("AMD64"), None)
    );
}

#[test]
fn a_stopped_solve_and_a_site_without_repositories_give_nothing() {
    let (repository, resolutions) = published();
    let cancellation = Cancellation::default();
    cancellation.cancel();
    let rez = rez(repository.path(), site());
    let error = resolve(&rez, resolutions.clone(), cancellation).unwrap_err();
    assert!(matches!(error, ResolveError::Stopped(_)), "{error}");
    let unsolved = rez
        .emit(&resolutions, rez.format("context").unwrap())
        .unwrap_err();
    assert_snapshot!(unsolved, @"bundle spring cannot be written as a rez context: it is not solved against any repository yet; resolve it first");
    let nowhere = emit(&Rez::default(), resolutions).unwrap_err();
    assert_snapshot!(nowhere, @"the bundle cannot be written as a rez context: no rez repository is known; name one with `--rez-path` or in REZ_PACKAGES_PATH");
}
