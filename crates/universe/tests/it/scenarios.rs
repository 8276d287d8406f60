//! Worlds made by hand, one for each thing that the engine promises.

use std::cell::{Cell, RefCell};

use universe::{
    Candidate, Control, Failure, OriginId, PackageId, Positions, Preference, Request, Requirement,
    StopReason, Universe, UniverseError, World, WorldBuilder, solve,
};

use crate::toy::Toy;

/// The launcher brings one opentimelineio; of editorial only the newest can live with it.
const EDITORIAL: &str = "
    otio 0
    otio 1
    launcher 0: otio=1
    editorial 0: otio<1
    editorial 1: otio<1
    editorial 2: otio>=1
";

/// Two variants, for two mayas that come with two pythons.
const UTILS: &str = "
    python 0
    python 1
    maya 0: python=0
    maya 1: python=1
    utils 0
    utils 0/0: python=0, maya=0
    utils 0/1: python=1, maya=1
";

#[test]
fn the_newest_that_fits_is_chosen() {
    let mut toy = Toy::new(EDITORIAL);
    assert_eq!(
        toy.answer("launcher, editorial"),
        "otio 1, launcher 0, editorial 2"
    );
    assert_eq!(toy.answer("editorial<2"), "otio 0, editorial 1");
}

#[test]
fn a_conflict_names_everyone_involved() {
    let mut toy = Toy::new(EDITORIAL);
    let conflict = toy.conflict("launcher, editorial<2");
    assert_eq!(
        toy.tell_facts(&conflict),
        [
            "request: launcher",
            "request: editorial<2",
            "launcher {0} needs otio {1} (otio=1)",
            "editorial {0..2} needs otio {0} (otio<1)",
            "there is no launcher {1..}",
        ]
    );
    assert_eq!(toy.tell_contested(&conflict), "otio");
}

#[test]
fn what_nobody_offers_is_told_as_missing() {
    let mut toy = Toy::new("tool 0: engine>=2 \n engine 0 \n engine 1");
    let conflict = toy.conflict("tool");
    assert_eq!(
        toy.tell_facts(&conflict),
        [
            "request: tool",
            "tool {0} needs engine {2..} (engine>=2)",
            "there is no tool {1..}",
            "there is no engine {2..}",
        ]
    );
    assert_eq!(toy.tell_contested(&conflict), "engine");
}

#[test]
fn the_first_variant_that_fits_is_chosen() {
    let mut toy = Toy::new(UTILS);
    assert_eq!(toy.answer("utils"), "python 0, maya 0, utils 0/0");
    assert_eq!(toy.answer("maya=1, utils"), "python 1, maya 1, utils 0/1");
}

#[test]
fn a_conflict_accounts_for_every_variant() {
    let mut toy = Toy::new(UTILS);
    let conflict = toy.conflict("utils, maya=1, python=0");
    assert_eq!(toy.tell_contested(&conflict), "python");

    let mut toy =
        Toy::new("maya 0 \n maya 1 \n maya 2 \n tool 0 \n tool 0/0: maya=0 \n tool 0/1: maya=1");
    let conflict = toy.conflict("tool, maya=2");
    assert_eq!(
        toy.tell_facts(&conflict),
        [
            "request: tool",
            "request: maya=2",
            "tool {0}/0 needs maya {0} (maya=0)",
            "tool {0}/1 needs maya {1} (maya=1)",
            "tool {0} has 2 variants",
            "there is no tool {1..}",
        ]
    );
    assert_eq!(toy.tell_contested(&conflict), "maya");
}

/// The packages asked for go before any variant: better versions are not given up for one.
#[test]
fn versions_go_before_variants() {
    let mut toy = Toy::new("maya 0 \n maya 1 \n tool 0 \n tool 0/0: maya=0 \n tool 0/1: maya=1");
    assert_eq!(toy.answer("tool, maya"), "maya 1, tool 0/1");
    assert_eq!(toy.answer("tool"), "maya 0, tool 0/0");
}

#[test]
fn what_is_asked_first_is_best_first() {
    let mut toy = Toy::new(
        "
        shared 0
        shared 1
        a 0: shared=0
        a 1: shared=1
        b 0: shared=1
        b 1: shared=0
        ",
    );
    assert_eq!(toy.answer("a, b"), "shared 1, a 1, b 0");
    assert_eq!(toy.answer("b, a"), "shared 0, a 0, b 1");
}

#[test]
fn preferences_change_what_is_tried_first() {
    let mut toy = Toy::new("a 0 \n a 1 \n a 2 \n b 0: a<2 \n user 0: a, b");
    let a = toy.package("a");
    let mut answer = |request: &str, preference| {
        let request = toy.request(request).prefer(a, preference);
        let solution = solve(&toy.world(), &request, &Control::unlimited()).unwrap();
        solution.get(a).unwrap().position
    };
    assert_eq!(answer("a", Preference::Newest), 2);
    assert_eq!(answer("a", Preference::Oldest), 0);
    assert_eq!(answer("a", Preference::Favoured(1)), 1);
    assert_eq!(
        answer("a, b", Preference::Favoured(2)),
        1,
        "it cannot be had"
    );
    assert_eq!(
        answer("a", Preference::Favoured(u32::MAX)),
        2,
        "it does not exist"
    );
    assert_eq!(
        answer("user", Preference::Oldest),
        0,
        "packages not asked for have one too"
    );
}

#[test]
fn a_weak_requirement_brings_nothing_in_but_has_a_say() {
    let mut toy = Toy::new("maya 0 \n maya 1 \n tool 0: ~maya<1 \n scene 0: maya");
    assert_eq!(toy.answer("tool"), "tool 0");
    assert_eq!(toy.answer("tool, scene"), "maya 0, tool 0, scene 0");
    let conflict = toy.conflict("tool, maya>=1");
    assert_eq!(
        toy.tell_facts(&conflict),
        [
            "request: tool",
            "request: maya>=1",
            "tool {0} if present, needs maya {0} (~maya<1)",
            "there is no tool {1..}",
        ]
    );
    assert_eq!(toy.tell_contested(&conflict), "maya");
}

#[test]
fn what_is_avoided_stays_away() {
    let mut toy = Toy::new("maya 0 \n maya 1 \n tool 0: !maya>=1 \n lone 0: !maya");
    assert_eq!(toy.answer("tool"), "tool 0");
    assert_eq!(toy.answer("maya, tool"), "maya 0, tool 0");
    assert_eq!(toy.answer("lone, tool"), "tool 0, lone 0");
    let conflict = toy.conflict("lone, maya");
    assert_eq!(
        toy.tell_facts(&conflict),
        [
            "request: lone",
            "request: maya",
            "lone {0} avoids, leaving maya {} (!maya)",
            "there is no lone {1..}",
        ]
    );
    assert_eq!(toy.tell_contested(&conflict), "maya");
}

#[test]
fn a_withdrawn_candidate_says_why() {
    let mut toy = Toy::new("tool 0 \n tool 1: tool=none");
    assert_eq!(toy.answer("tool"), "tool 0");
    let conflict = toy.conflict("tool>=1");
    assert_eq!(
        toy.tell_facts(&conflict),
        [
            "request: tool>=1",
            "tool {1} needs tool {} (tool=none)",
            "there is no tool {2..}"
        ]
    );
    assert_eq!(toy.tell_contested(&conflict), "tool");
}

#[test]
fn requirements_of_one_candidate_on_one_package_all_hold() {
    let mut toy = Toy::new("a 0 \n a 1 \n a 2 \n b 0: a>=1, !a>=2, b<4");
    assert_eq!(toy.answer("b"), "a 1, b 0");
    let conflict = toy.conflict("b, a=2");
    assert!(
        toy.tell_facts(&conflict)
            .contains(&"b {0} avoids, leaving a {0..2} (!a>=2)".into())
    );
}

/// Lists can be fetched on first use only if nobody looks at them without need.
#[test]
fn only_what_is_needed_is_asked() {
    struct Recorder(World, RefCell<Vec<(PackageId, Option<u32>)>>);
    impl Universe for Recorder {
        fn candidate_count(&self, package: PackageId) -> Result<u32, UniverseError> {
            self.1.borrow_mut().push((package, None));
            self.0.candidate_count(package)
        }
        fn candidate(&self, package: PackageId, at: u32) -> Result<Candidate<'_>, UniverseError> {
            self.1.borrow_mut().push((package, Some(at)));
            self.0.candidate(package, at)
        }
    }
    let mut toy = Toy::new("tool 0 \n tool 1: maya, ~nuke<1 \n maya 0 \n nuke 0 \n other 0");
    let request = toy.request("tool");
    let recorder = Recorder(toy.world(), RefCell::default());
    solve(&recorder, &request, &Control::unlimited()).unwrap();
    let (tool, maya) = (toy.package("tool"), toy.package("maya"));
    let asked = recorder.1.into_inner();
    assert_eq!(
        asked,
        [(tool, None), (tool, Some(1)), (maya, None), (maya, Some(0))]
    );
}

#[test]
fn the_owner_s_error_comes_back() {
    struct Broken;
    impl Universe for Broken {
        fn candidate_count(&self, _: PackageId) -> Result<u32, UniverseError> {
            Err(UniverseError::new("the index does not answer"))
        }
        fn candidate(&self, _: PackageId, _: u32) -> Result<Candidate<'_>, UniverseError> {
            Ok(Candidate::default())
        }
    }
    let request = Request::new([Requirement::required(
        PackageId(7),
        Positions::full(),
        OriginId(0),
    )]);
    match solve(&Broken, &request, &Control::unlimited()) {
        Err(Failure::Universe { package, source }) => {
            assert_eq!(package, PackageId(7));
            assert_eq!(source.to_string(), "the index does not answer");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_search_can_be_stopped() {
    let calls = Cell::new(0);
    let should_stop = || {
        calls.set(calls.get() + 1);
        (calls.get() > 5).then_some(StopReason::TimeLimit)
    };
    let (world, request) = chain(100, None);
    match solve(&world, &request, &Control::new(&should_stop)) {
        Err(Failure::Stopped(reason)) => assert_eq!(reason, StopReason::TimeLimit),
        other => panic!("{other:?}"),
    }
    assert_eq!(calls.get(), 6);
}

/// The derivation of this conflict is as deep as the chain is long; the stack is not.
#[test]
fn depth_is_no_danger() {
    let depth = 1_500;
    let solve_it = move || {
        let (world, request) = chain(depth, Some(&Positions::empty()));
        match solve(&world, &request, &Control::unlimited()) {
            Err(Failure::Conflict(conflict)) => conflict.contested().to_vec(),
            other => panic!("{other:?}"),
        }
    };
    let thread = std::thread::Builder::new()
        .stack_size(128 * 1024)
        .spawn(solve_it)
        .unwrap();
    assert_eq!(thread.join().unwrap(), [PackageId(depth)]);
}

/// Whether maya is there is left open until everything that could need it is chosen: a package that
/// only has a say about maya must not talk others out of their newest candidate.
#[test]
fn absence_is_decided_last() {
    let mut toy = Toy::new("maya 0 \n scene 0 \n scene 1: maya \n tool 0: ~maya, scene");
    assert_eq!(toy.answer("tool"), "maya 0, scene 1, tool 0");
}

#[test]
fn nothing_asked_is_nothing_chosen() {
    let solution = solve(&World::default(), &Request::default(), &Control::default()).unwrap();
    assert_eq!(solution.chosen().count(), 0);
    assert!(solution.edges().is_empty());
}

/// Package 0 requires package 1, and so on; the last is asked to be at `last`.
fn chain(length: u32, last: Option<&Positions>) -> (World, Request) {
    let mut builder = WorldBuilder::new();
    for number in 0..=length {
        let package = builder.package();
        let candidate = builder.candidate(package);
        if number < length {
            let allowed = match last {
                Some(last) if number + 1 == length => last.clone(),
                _ => Positions::full(),
            };
            let next = PackageId(number + 1);
            builder.require(
                candidate,
                Requirement::required(next, allowed, OriginId(number)),
            );
        }
    }
    let first = Requirement::required(PackageId(0), Positions::full(), OriginId(length));
    (builder.build(), Request::new([first]))
}
