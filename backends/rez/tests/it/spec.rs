//! The request list: its text, and what is said about what rez has no words for.

use std::collections::BTreeMap;

use ayon_backend::example::{ask, give, resolution, target};
use ayon_backend::{Backend, Emission, EmitError, Resolution};
use ayon_backend_rez::{Options, Rez};
use ayon_model::{GivenPython, Process};
use insta::assert_snapshot;

fn emit(rez: &Rez, resolutions: &[Resolution]) -> Result<Emission, EmitError> {
    rez.emit(resolutions, rez.format("spec")?)
}

fn text(emission: &Emission) -> &str {
    str::from_utf8(&emission.files[0].content).unwrap()
}

/// What `grep -v '^#'` leaves.
fn requests(emission: &Emission) -> Vec<&str> {
    text(emission)
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

fn studio() -> Resolution {
    let mut resolution = resolution();
    for (addon, requirement) in [
        ("core", "aiohttp>=3.8"),
        ("core", "clique>=1.6,<1.7"),
        ("core", "Pillow>=9.0,!=9.3,<10"),
        ("ftrack", "pillow>=9.1"),
        ("ftrack", "ayon-python-api==1.2.9"),
        ("ftrack", "requests[socks]>=2,<3"),
        (
            "shotgrid",
            "shotgun-api3 @ git+https://me:secret@github.com/shotgunsoftware/python-api.git@v3.4.0",
        ),
        ("maya", "numpy<2.0rc1"),
    ] {
        ask(&mut resolution, addon, requirement);
    }
    give(&mut resolution, "aiohttp", "3.13.3");
    resolution
}

#[test]
fn a_whole_list() {
    let emission = emit(&Rez::default(), &[studio()]).unwrap();
    assert_eq!(emission.files[0].name, "requests.txt");
    assert_snapshot!(text(&emission), @r#"
    # Specification of bundle staging for launcher on linux-64.
    # What the addons ask for, merged and narrowed over all of them, without what the process has already. Not
    # solved against an index: nobody has looked whether such versions exist, and what these packages need in turn
    # is not listed.
    # Lines with a number sign are comments: rez-env $(grep -v '^#' FILE)
    #
    # bundle    staging
    # target    launcher on linux-64
    # launcher  1.6.3 (AYON-1.6.3-linux-rocky9.tar.gz)
    # python    3.11.9 (launcher 1.6.3)
    # addons    core 1.9.7, ftrack 1.6.4, maya 0.6.5 (from a developer's folder), shotgrid 0.6.4+git
    # provided  1 of 7 distributions asked for is there already, and not listed
    # note      addon maya is read from a developer's folder; the request is for 0.6.5, which the bundle pins
    # note      numpy: pre-releases and post-releases that a bound speaks of are left out: rez does not know them
    # note      requests is asked for with its extras (socks); rez cannot say so
    # note      shotgun-api3 is asked for from git+https://github.com/shotgunsoftware/python-api.git@v3.4.0; rez
    #           cannot say so, the package must be of that

    # the target
    platform-linux
    arch-x86_64
    ayon_launcher==1.6.3
    python-3.11.9
    # the addons
    ayon_addon_core==1.9.7
    ayon_addon_ftrack==1.6.4
    ayon_addon_maya==0.6.5
    ayon_addon_shotgrid==0.6.4_git
    # ftrack
    ayon_python_api==1.2.9
    # core
    clique-1.6+<1.7
    # maya
    numpy<2
    # core, ftrack
    pillow-9.1+<9.3|9.3.0.1+<10
    # ftrack
    requests-2+<3
    # shotgrid
    shotgun_api3
    "#);
    assert!(!text(&emission).contains("secret"));
}

#[test]
fn a_host_brings_its_python() {
    let mut maya = resolution();
    maya.target = target(
        Process::Host {
            name: "maya".into(),
            version: "2025".into(),
        },
        "win-64",
    );
    maya.python = GivenPython::new(&"3.11".parse().unwrap(), maya.python.origin.clone());
    let emission = emit(&Rez::default(), &[maya]).unwrap();
    assert_eq!(
        requests(&emission)[..5],
        [
            "platform-windows",
            "arch-AMD64",
            "ayon_launcher==1.6.3",
            "python-3.11",
            "maya-2025"
        ]
    );
}

#[test]
fn a_studio_knows_its_own_families() {
    let options = Options {
        names: BTreeMap::from([
            ("pillow".parse().unwrap(), Some("Pillow".to_owned())),
            ("clique".parse().unwrap(), None),
        ]),
        families: BTreeMap::from([("ayon_addon_core".to_owned(), "core_addon".to_owned())]),
    };
    let emission = emit(&Rez::new(options), &[studio()]).unwrap();
    let requests = requests(&emission);
    assert!(
        requests.contains(&"Pillow-9.1+<9.3|9.3.0.1+<10"),
        "{requests:?}"
    );
    assert!(
        requests.contains(&"core_addon==1.9.7")
            && !requests.iter().any(|line| line.starts_with("clique"))
    );
    assert!(
        emission
            .notes
            .iter()
            .any(|note| note.starts_with("clique is not requested")),
        "{:?}",
        emission.notes
    );
}

#[test]
fn two_things_never_share_a_family() {
    let mut resolution = resolution();
    resolution.addons[0].name = "a-b".into();
    resolution.addons[1].name = "a_b".into();
    let error = emit(&Rez::default(), &[resolution])
        .unwrap_err()
        .to_string();
    assert_snapshot!(error, @"addon a_b cannot be written as a rez request: its family would be `ayon_addon_a_b`, which is the one of addon a-b already; give one of them another name");
}

#[test]
fn a_set_without_final_releases_is_refused() {
    let mut resolution = resolution();
    ask(&mut resolution, "core", "pillow>=9.0a1,<9.0rc1");
    let error = emit(&Rez::default(), &[resolution])
        .unwrap_err()
        .to_string();
    assert_snapshot!(error, @"pillow >=9.0a1,<9.0rc1 cannot be written as a rez request: no final release is in it, and rez knows no others in ranges; pin one version exactly");
}

#[test]
fn names_from_outside_cannot_add_lines_or_options() {
    let mut hostile = studio();
    hostile.bundle = Some("x\nrm".into());
    hostile.addons[0].name = "--time now\nrm *".into();
    hostile.target = target(
        Process::Host {
            name: "ma ya\n".into(),
            version: "20$(x)".into(),
        },
        "linux-64",
    );
    let emission = emit(&Rez::default(), &[hostile]).unwrap();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.-+<>=|".contains(c);
    for line in requests(&emission) {
        assert!(
            line.chars().all(is_plain) && !line.starts_with('-'),
            "{line}"
        );
    }
    assert!(requests(&emission).contains(&"ma_ya_-20__x_"));
}
