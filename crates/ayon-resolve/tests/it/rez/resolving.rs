//! `rez env` and `rez why`.

use insta::assert_snapshot;

use super::{rez, site};

#[test]
fn a_resolve_is_a_list_of_packages() {
    assert_snapshot!(rez("env maya").told(), @"");
    assert_snapshot!(rez("env nuke usd").told(), @"");
    assert_snapshot!(rez("env maya --time 1650000000").told(), @"");
    assert_snapshot!(rez("env python --exclude python-3.11").told(), @"");
    assert_snapshot!(rez("env --stats").told(), @"");
}

#[test]
fn a_refusal_tells_who_is_against_whom() {
    assert_snapshot!(rez("env maya-2025 nuke").told(), @"");
    assert_snapshot!(rez("env maya-2025 nuke -v").told(), @"");
    assert_snapshot!(rez("env maya !maya").told(), @"");
}

#[test]
fn a_resolve_is_data_for_programs() {
    assert_snapshot!(rez("env nuke usd --json").stdout, @"");
    let outcome = rez("env maya-2025 nuke --json");
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    let document = outcome.json();
    assert_eq!(document["resolve"]["status"], "failed");
}

#[test]
fn a_context_is_written_and_read_and_patched() {
    let place = site();
    let written = place.run("rez env maya-2024 -o maya.rxt");
    assert_snapshot!(written.told(), @"");
    assert_snapshot!(place.run("rez env --input maya.rxt").told(), @"");
    assert_snapshot!(place.run("rez env --input maya.rxt --patch maya-2025").told(), @"");
    assert_snapshot!(place.run("rez env --input maya.rxt --patch ^maya python").told(), @"");
    assert_snapshot!(place.run("rez env --input maya.rxt --patch nuke --strict").told(), @"");
    let piped = place.run("rez env maya-2024 -o -");
    assert_eq!((piped.code, piped.stderr.as_str()), (Some(0), ""));
    assert_eq!(piped.json()["status"], "solved");
}

#[test]
fn what_failed_is_written_too_as_rez_does() {
    let place = site();
    let outcome = place.run("rez env maya-2025 nuke -o failed.rxt");
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert_snapshot!(place.run("rez env --input failed.rxt").told(), @"");
}

#[test]
fn why_names_every_way_and_what_holds_the_version_back() {
    assert_snapshot!(rez("why python maya-2024 nuke").told(), @"");
    assert_snapshot!(rez("why python tool").told(), @"");
    assert_snapshot!(rez("why python maya-2024 --time 1650000000").told(), @"");
    assert_snapshot!(rez("why nuke maya").told(), @"");
    assert_snapshot!(rez("why qt maya-2024 --json").stdout, @"");
}

#[test]
fn why_reads_a_context() {
    let place = site();
    assert_eq!(place.run("rez env tool -o tool.rxt").code, Some(0));
    assert_snapshot!(place.run("rez why qt --input tool.rxt").told(), @"");
}
