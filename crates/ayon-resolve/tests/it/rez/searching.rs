//! `rez search` and `rez depends`.

use insta::assert_snapshot;

use super::{rez, site};

#[test]
fn without_a_word_every_family_is_listed() {
    assert_snapshot!(rez("search").told(), @"");
}

#[test]
fn a_family_is_listed_by_its_packages_and_a_range_narrows_them() {
    assert_snapshot!(rez("search python").told(), @"");
    assert_snapshot!(rez("search python-3.10+").stdout, @"");
    assert_snapshot!(rez("search python --latest").stdout, @"");
    assert_snapshot!(rez("search [nq]*").stdout, @"");
    assert_snapshot!(rez("search [nq]* --type package -v").stdout, @"");
    assert_snapshot!(rez("search nuke --type variant").stdout, @"");
}

#[test]
fn times_narrow_a_search() {
    assert_snapshot!(rez("search python --before 1650000000").stdout, @"");
    assert_snapshot!(rez("search python --after 1650000000").stdout, @"");
}

#[test]
fn what_is_not_there_is_a_no_and_what_is_close_is_offered() {
    assert_snapshot!(rez("search pyhton").told(), @"");
    assert_snapshot!(rez("search python-4").told(), @"");
    assert_snapshot!(rez("search --errors --type package").told(), @"");
}

#[test]
fn errors_are_searched_for() {
    let place = site().file("packages/broken/1.0/package.py", "requires = [")
        .file("packages/broken/2.0/package.py", "requires = ['python..3']");
    assert_snapshot!(place.run("rez search broken --errors").told(), @"");
}

#[test]
fn a_search_is_data_for_programs() {
    assert_snapshot!(rez("search nuke --json").stdout, @"");
}

#[test]
fn dependents_stand_by_their_distance_with_what_they_ask_for() {
    assert_snapshot!(rez("depends python").told(), @"");
    assert_snapshot!(rez("depends qt --depth 1").stdout, @"");
    assert_snapshot!(rez("depends tool").stdout, @"");
    assert_snapshot!(rez("depends pyton").told(), @"");
}

#[test]
fn dependents_are_a_graph_and_a_document() {
    assert_snapshot!(rez("depends qt --print-graph").stdout, @"");
    assert_snapshot!(rez("depends maya --json").stdout, @"");
}

#[test]
fn a_package_that_cannot_be_read_is_left_out_with_a_word() {
    let place = site().file("packages/broken/1.0/package.py", "requires = [");
    assert_snapshot!(place.run("rez depends maya").told(), @"");
}
