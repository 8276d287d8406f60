//! Refusals, in the words of the program.

use ayon_backend::ResolveError;
use ayon_backend::example::{ask, give, resolution};
use ayon_backend_venv::Options;
use insta::assert_snapshot;
use pypi_solve::MemoryIndex;

use crate::world::{add, add_wheel, index, run};

/// The refusal of a bundle.
fn refusal(index: MemoryIndex, options: Options, asks: &[(&str, &str)]) -> String {
    let mut resolution = resolution();
    for (addon, requirement) in asks {
        ask(&mut resolution, addon, requirement);
    }
    give(&mut resolution, "yarl", "1.20.0");
    let Err(ResolveError::Conflict(conflict)) = run(index, options, vec![resolution], "pylock")
    else {
        panic!("there is a solution");
    };
    ayon_explain::conflict::text(&conflict, None)
}

#[test]
fn a_conflict_is_told_addon_by_addon() {
    let asks = [("core", "arrow>=1"), ("ftrack", "ftrack-python-api>=3")];
    assert_snapshot!(refusal(index(), Options::default(), &asks), @r##"
    arrow
      addon core 1.9.7         needs  >=1  (addons/core_1.9.7/private/pyproject.toml:10, tool.poetry.dependencies)
      ftrack-python-api 3.1.0  needs  <1
    ftrack-python-api
      addon ftrack 1.6.4  needs  >=3  (addons/ftrack_1.6.4/private/pyproject.toml:11, tool.poetry.dependencies)

    Because addon core 1.9.7 needs arrow >=1 and ftrack-python-api 3.1.0 needs arrow <1, they cannot be together.
    "##);
}

#[test]
fn a_conflict_with_the_launcher_names_it() {
    let mut index = index();
    add(&mut index, "studio-tools", "1.0", &["yarl>=1.22"]);
    assert_snapshot!(refusal(index, Options::default(), &[("core", "studio-tools")]), @r##"
    yarl
      launcher 1.6.3    provides  1.20.0  (launchers.json)
      studio-tools 1.0  needs     >=1.22
    studio-tools
      addon core 1.9.7  needs  any version  (addons/core_1.9.7/private/pyproject.toml:10, tool.poetry.dependencies)

    Because launcher 1.6.3 provides yarl 1.20.0 and studio-tools 1.0 needs yarl >=1.22, they cannot be together.
    "##);
}

#[test]
fn a_mistyped_name_is_told_with_those_that_are_close() {
    let asks = [("core", "yarrl>=1"), ("ftrack", "clique")];
    assert_snapshot!(refusal(index(), Options::default(), &asks), @r##"
    yarrl
      addon core 1.9.7              needs  >=1                     (addons/core_1.9.7/private/pyproject.toml:10, tool.poetry.dependencies)
      https://index.invalid/simple  lacks  (did you mean `yarl`?)

    Because addon core 1.9.7 needs yarrl >=1 and https://index.invalid/simple has no yarrl (did you mean `yarl`?), they cannot be together.
    "##);
}

#[test]
fn what_cannot_be_used_here_is_told_with_its_reason() {
    let mut index = index();
    add_wheel(
        &mut index,
        "opencolorio",
        "2.6.0",
        "cp312-cp312-manylinux_2_28_x86_64",
        &[],
    );
    add_wheel(
        &mut index,
        "opencolorio",
        "2.6.1",
        "cp311-cp311-manylinux_2_34_x86_64",
        &[],
    );
    assert_snapshot!(refusal(index, Options::default(), &[("core", "opencolorio>=2.6")]), @r##"
    opencolorio
      addon core 1.9.7   needs            >=2.6                                  (addons/core_1.9.7/private/pyproject.toml:10, tool.poetry.dependencies)
      opencolorio 2.6.1  cannot be used:  needs glibc 2.34, the target has 2.28
      opencolorio 2.6.0  cannot be used:  built for cp312, this is cp311

    Because addon core 1.9.7 needs opencolorio >=2.6 and opencolorio 2.6.0 cannot be used: built for cp312, this is cp311, they cannot be together, and one other disagrees too.
    "##);
}
