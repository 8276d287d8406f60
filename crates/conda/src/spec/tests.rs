//! Both dialects, and what is said where a text is no spec.

use super::*;

fn lenient(text: &str) -> String {
    Spec::parse(text, Dialect::Lenient).unwrap().to_string()
}

fn strict(text: &str) -> String {
    Spec::parse(text, Dialect::Strict).unwrap().to_string()
}

fn drawn(text: &str, dialect: Dialect) -> String {
    Spec::parse(text, dialect).unwrap_err().drawn().join("\n")
}

#[test]
fn the_table_of_dialects_holds() {
    assert_eq!(lenient("maya=2026.*"), "maya 2026.*");
    assert_eq!(lenient("pkg=1.9.0"), "pkg 1.9.0.*");
    assert_eq!(strict("pkg=1.9.0"), "pkg 1.9.0.*");
    assert_eq!(lenient("pkg 1.9.0"), "pkg ==1.9.0");
    assert_eq!(strict("pkg ==1.9.0"), "pkg ==1.9.0");
    assert_eq!(lenient("numpy 1.24*"), "numpy 1.24.*");
    assert_eq!(strict("pytorch * *cuda*"), "pytorch * *cuda*");
    assert_eq!(lenient("pytorch * *cuda*"), "pytorch * *cuda*");
}

#[test]
fn places_are_marked() {
    insta::assert_snapshot!(drawn("maya=2026.*", Dialect::Strict), @r"
    maya=2026.*
        ^^^^^^^ `=` cannot be used with `*`
    write `2026.*` instead
    ");
}
