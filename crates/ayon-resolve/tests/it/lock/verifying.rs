//! `verify`: files held against the lock.

use insta::assert_snapshot;

use super::{fine, told, wheels};
use crate::pypi::house;

#[test]
fn files_are_right_wrong_or_missing() {
    let place = wheels();
    fine(
        &place,
        "lock --bundle staging --emit venv --platform linux-64",
    );
    assert_snapshot!(told(&fine(&place, "verify")), @"
    exit code 0
    --- stdout
    ayon.lock: 23 files read, all right
    --- stderr
    ");

    // Elsewhere, as on a farm that has copies; the lock's own paths are gone.
    let wheel = |name: &str, version: &str| house::wheel(name, version, &[]);
    let (gazu, mut bytes) = wheel("gazu", "0.9.18");
    let last = bytes.last_mut().unwrap();
    *last ^= 1;
    let place = place.bytes(&format!("wheels/{gazu}"), &bytes);
    let (speedcopy, bytes) = wheel("speedcopy", "2.2.0");
    let place = place.bytes(&format!("wheels/{speedcopy}"), &bytes[1..]);
    let (pillow, _) = wheel("pillow", "9.5.0");
    ayon_disk::remove_file(&place.path().join("wheels").join(&pillow)).unwrap();
    let wrong = place.run("verify");
    assert_eq!(wrong.code, Some(1));
    assert_snapshot!(told(&wrong), @"
    exit code 1
    --- stdout
    gazu-0.9.18-py3-none-any.whl (gazu 0.9.18): sha256 is [hash], the lock says [hash]: these are not the bytes that were locked
    pillow 9.5.0: no pillow-9.5.0-py3-none-any.whl for launcher on linux-64
    speedcopy-2.2.0-py3-none-any.whl (speedcopy 2.2.0): sha256 is [hash], the lock says [hash]: these are not the bytes that were locked
    ayon.lock: 22 files read, 3 wrong or missing
    --- stderr
    ");

    let json = place.run("verify --json");
    assert_eq!(json.code, Some(1));
    let json = json.json();
    assert_eq!(json["findings"][0]["kind"], "hash");
    assert_eq!(json["success"], false);

    // A right copy under the same name does not make up for a wrong one, but for a missing one.
    let (_, bytes) = wheel("pillow", "9.5.0");
    let place = place.bytes(&format!("store/deep/{pillow}"), &bytes);
    let (_, bytes) = wheel("gazu", "0.9.18");
    let place = place.bytes(&format!("store/{gazu}"), &bytes);
    let again = place.run("verify store --platform linux-64").stdout;
    assert!(
        again.contains("gazu") && !again.contains("pillow"),
        "{again}"
    );
    assert_eq!(place.run("verify nowhere").code, Some(2));
    assert_eq!(place.run("verify --platform osx-64").code, Some(2));
}
