//! The sample studio's bundle on a folder of wheels.

use insta::assert_snapshot;

use super::{told, with_wheels};
use crate::Place;

/// What of the bundle's launcher process is told about.
const ASK: &str = "--studio sample --bundle staging --emit venv --format pylock --platform linux-64 --no-index --find-links wheels";

#[test]
fn a_bundle_whose_packages_are_not_there_is_refused_with_who_asks() {
    let place = with_wheels(
        Place::new(),
        "wheels",
        &[("aiohttp-middlewares", "1.0", &[])],
    );
    assert_snapshot!(told(&place.run(ASK)), @r##"
    exit code 1
    --- stdout
    --- stderr
    error: bundle studio-staging has no solution for launcher on linux-64

      wsrpc-aiohttp
        addon aftereffects 0.3.6               needs  ^3.1.1                     (addons/aftereffects/0.3.6/private/pyproject.toml:2, ayon.runtimeDependencies.wsrpc_aiohttp)
        addon photoshop 0.4.2                  needs  ^3.1.1                     (addons/photoshop/0.4.2/private/pyproject.toml:3, ayon.runtimeDependencies.wsrpc_aiohttp)
        the wheelhouse [folder]/wheels  lacks  (did you mean `aiohttp`?)

      Because addon aftereffects 0.3.6 needs wsrpc-aiohttp ^3.1.1 and the wheelhouse [folder]/wheels has no wsrpc-aiohttp (did you mean `aiohttp`?), they cannot be together, and one other disagrees too.
    "##);
}
