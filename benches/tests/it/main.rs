//! The whole project against everything AYON has released, and against what a real server answered.
//!
//! The table below is what needs the shared corpora; without them it is passed over, which is said in one line.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod bundles;
mod conda;
mod corpus;
mod judgement;
mod large_case;
mod packaging;
mod plan;
mod pypi;
mod python_semver;
mod recorded;
mod rez;

use std::io::Write;
use std::sync::OnceLock;

use ayon_benches::Shared;
use ayon_model::Studio;

/// What the tests in the table are given.
pub(crate) struct World {
    pub(crate) shared: Shared,
    /// The whole corpus, read once for all tests.
    pub(crate) studio: Studio,
}

/// Makes a test of each line.
macro_rules! with_corpora {
    ($($module:ident :: $test:ident,)*) => {
        /// How many there are.
        const TESTS: usize = [$(stringify!($test)),*].len();

        $(#[test]
        fn $test() {
            if let Some(world) = world() {
                $module::$test(world);
            }
        })*
    };
}

with_corpora! {
    corpus::every_release_and_launcher_parses,
    corpus::every_range_is_understood,
    corpus::nothing_but_a_star_means_any,
    corpus::every_requirement_arrives,
    corpus::one_direct_contradiction_exists_in_the_wild,
    recorded::the_wire_reads_every_recorded_listing,
    recorded::listed_requirements_are_those_of_the_corpus,
    recorded::relations_are_learnt_as_the_corpus_has_them,
    recorded::conformance_passes_on_every_recorded_check,
    recorded::a_falsified_record_fails,
    bundles::golden_bundle_leaves_nothing_the_launcher_has,
    bundles::golden_bundle_keeps_what_the_tool_shipped_rightly,
    bundles::old_core_and_new_launcher_are_refused,
    plan::the_newest_finals_are_chosen_over_the_whole_corpus,
    plan::plans_agree_with_exhaustive_search,
    judgement::random_bundles_of_the_corpus_are_judged_alike,
    large_case::every_candidate_of_the_large_case_is_answered_rightly,
    conda::recorded_versions_of_conda_are_ours,
    conda::recorded_requests_of_conda_are_ours,
    conda::a_falsified_request_of_conda_fails,
    conda::the_cause_is_named_in_a_few_lines,
    conda::cases_of_condas_own_tests_are_ours,
    packaging::recorded_python_versions_are_ours,
    packaging::recorded_markers_are_ours,
    pypi::recorded_scenarios_are_ours,
    pypi::recorded_real_sets_are_ours,
    pypi::a_falsified_scenario_fails,
    rez::recorded_versions_are_ours,
    rez::recorded_small_resolves_are_ours,
    rez::recorded_benchmark_is_ours,
}

/// The corpora, or, once for all tests, a word that they are not there.
fn world() -> Option<&'static World> {
    static WORLD: OnceLock<Option<World>> = OnceLock::new();
    let load = || match Shared::find() {
        Ok(shared) => {
            let studio = ayon_benches::corpus::studio(&shared).unwrap();
            Some(World { shared, studio })
        }
        Err(absent) => {
            // Past the test harness's capture, which would keep it from a run that passes.
            let _ = writeln!(std::io::stderr(), "{absent}; skipping {TESTS} tests");
            None
        }
    };
    WORLD.get_or_init(load).as_ref()
}
