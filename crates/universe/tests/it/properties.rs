//! What holds in every world.

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use universe::{
    Conflict, Control, Fact, Failure, Preference, RequirementKind, Solution, Universe, solve,
};

use crate::judge;
use crate::small_world::{SmallWorld, shuffled, small_worlds};

fn outcome(universe: &impl Universe, small: &SmallWorld) -> Result<Solution, Conflict> {
    match solve(universe, &small.request(), &Control::unlimited()) {
        Ok(solution) => Ok(solution),
        Err(Failure::Conflict(conflict)) => Err(conflict),
        Err(other) => panic!("nothing else can go wrong in memory: {other}"),
    }
}

fn answer(small: &SmallWorld) -> Result<Solution, Conflict> {
    outcome(&small.world(), small)
}

/// Properties of worlds that are all alike would prove little.
#[test]
fn the_random_worlds_are_of_all_kinds() {
    let mut runner = TestRunner::deterministic();
    let (mut solved, mut variants, mut avoided, mut through_variants) = (0, 0, 0, 0);
    let worlds = 400;
    for _ in 0..worlds {
        let small = small_worlds().new_tree(&mut runner).unwrap().current();
        match answer(&small) {
            Ok(solution) => {
                solved += 1;
                let mut chosen = solution.chosen();
                variants += u32::from(chosen.any(|(_, c)| c.variant.is_some_and(|v| v > 0)));
                avoided += u32::from(solution.edges().iter().any(|edge| {
                    edge.requirement.kind != RequirementKind::Required
                        && solution.get(edge.requirement.package).is_some()
                }));
            }
            Err(conflict) => {
                let variants = |fact: &Fact| matches!(fact, Fact::Variants { .. });
                through_variants += u32::from(conflict.facts().iter().any(variants));
            }
        }
    }
    let counts = (solved, worlds - solved, variants, avoided, through_variants);
    assert!(
        solved > worlds / 5 && worlds - solved > worlds / 5,
        "{counts:?}"
    );
    assert!(
        variants > 10 && avoided > 20 && through_variants > 10,
        "{counts:?}"
    );
}

proptest! {
    #[test]
    fn agrees_with_trying_everything(small in small_worlds()) {
        match (answer(&small), judge::best(&small)) {
            (Ok(solution), Some(best)) => {
                prop_assert_eq!(judge::mistake(&small, &solution), None);
                let chosen: Vec<_> = small
                    .asked_packages()
                    .into_iter()
                    .map(|package| solution.get(package).unwrap())
                    .collect();
                prop_assert_eq!(chosen, best);
            }
            (Err(_), None) => {}
            (answer, best) => prop_assert!(false, "{answer:?}, but by trying everything {best:?}"),
        }
    }

    #[test]
    fn the_facts_alone_still_conflict(small in small_worlds()) {
        if let Err(conflict) = answer(&small) {
            let of_facts = SmallWorld::of_facts(conflict.facts());
            prop_assert!(!judge::is_solvable(&of_facts), "{conflict:?}");
            prop_assert!(answer(&of_facts).is_err());
            prop_assert!(!conflict.contested().is_empty(), "{conflict:?}");
        }
    }

    #[test]
    fn insertion_order_changes_nothing(
        small in small_worlds(),
        picks in prop::collection::vec(any::<Index>(), 1..40),
    ) {
        let world = small.world_in_order(shuffled(small.requirements(), &picks));
        match (answer(&small), outcome(&world, &small)) {
            (Ok(one), Ok(other)) => {
                prop_assert!(one.chosen().eq(other.chosen()), "{one:?} {other:?}");
            }
            (one, other) => prop_assert_eq!(one, other),
        }
    }

    #[test]
    fn removing_a_requirement_breaks_nothing(small in small_worlds(), pick in any::<Index>()) {
        let mut requirements = small.requirements();
        if answer(&small).is_ok() && !requirements.is_empty() {
            requirements.remove(pick.index(requirements.len()));
            prop_assert!(outcome(&small.world_in_order(requirements), &small).is_ok());
        }
    }

    #[test]
    fn withdrawing_what_was_not_chosen_keeps_what_was_asked(mut small in small_worlds()) {
        let Ok(before) = answer(&small) else { return Ok(()) };
        for (package, chosen) in before.chosen() {
            let count = u32::try_from(small.packages[package.0 as usize].len()).unwrap();
            for position in (0..count).filter(|position| *position != chosen.position) {
                small.withdraw(package, position);
            }
        }
        let after = answer(&small).unwrap();
        for package in small.asked_packages() {
            prop_assert_eq!(before.get(package), after.get(package));
        }
    }

    #[test]
    fn preferences_decide_nothing_but_the_choice(small in small_worlds()) {
        let solvable = answer(&small).is_ok();
        for preference in [Preference::Newest, Preference::Oldest, Preference::Favoured(2)] {
            let mut other = small.clone();
            for requirement in &small.asked {
                other.preferences.insert(requirement.package, preference);
            }
            prop_assert_eq!(answer(&other).is_ok(), solvable);
        }
    }

    /// What was chosen, favoured in a second solve, is chosen again: a lock is a fixed point.
    #[test]
    fn favouring_the_answer_keeps_it(mut small in small_worlds()) {
        let Ok(before) = answer(&small) else { return Ok(()) };
        for (package, chosen) in before.chosen() {
            small.preferences.insert(package, Preference::Favoured(chosen.position));
        }
        let after = answer(&small).unwrap();
        if before.chosen().all(|(_, chosen)| chosen.variant.is_none()) {
            prop_assert_eq!(before, after);
        } else {
            for package in small.asked_packages() {
                let position = |solution: &Solution| solution.get(package).unwrap().position;
                prop_assert_eq!(position(&before), position(&after));
            }
        }
    }
}
