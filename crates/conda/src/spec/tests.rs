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

#[test]
fn what_means_nothing_to_conda_is_told_in_its_words() {
    let told = |text: &str, dialect| drawn(text, dialect);
    insta::assert_snapshot!(told("pkg 1.9.0", Dialect::Strict), @r"
    pkg 1.9.0
        ^^^^^ this could mean exactly this version, or all that begin with it
    write `==1.9.0` or `1.9.0.*` instead
    ");
    insta::assert_snapshot!(told("pillow ^9.5.1", Dialect::Lenient), @r"
    pillow ^9.5.1
           ^^^^^^ `^` is not known to conda
    write `>=9.5.1,<10` instead
    ");
    insta::assert_snapshot!(told("pillow ~9.5.1", Dialect::Lenient), @r"
    pillow ~9.5.1
           ^^^^^^ `~` is not known to conda
    write `>=9.5.1,<9.6` instead
    ");
    insta::assert_snapshot!(told("pillow ^0.5", Dialect::Lenient), @r"
    pillow ^0.5
           ^^^^ `^` is not known to conda
    write `>=0.5,<0.6` instead
    ");
    insta::assert_snapshot!(told("pillow >=9,===10", Dialect::Lenient), @r"
    pillow >=9,===10
               ^^^^^ `===` is not known to conda
    write `==10` instead
    ");
    insta::assert_snapshot!(told("pillow >=9,<1..2", Dialect::Lenient), @r"
    pillow >=9,<1..2
               ^^^^^ this is not a version
    ");
    insta::assert_snapshot!(told("numpy >=1.24.*", Dialect::Strict), @r"
    numpy >=1.24.*
          ^^^^^^^^ `>=` cannot be used with `*`
    write `>=1.24` instead
    ");
    insta::assert_snapshot!(told("studio::pil/low >=9", Dialect::Lenient), @r"
    studio::pil/low >=9
            ^^^^^^^ this is not the name of a package: letters, digits, `-`, `_` and `.` are allowed
    ");
    insta::assert_snapshot!(told("pillow[versoin='1']", Dialect::Lenient), @r"
    pillow[versoin='1']
           ^^^^^^^ there is no such key
    `version`, `build`, `build_number`, `channel`, `subdir`, `md5`, `sha256`, `url` and `license` are known
    ");
    insta::assert_snapshot!(told("pillow[version='1'", Dialect::Lenient), @r"
    pillow[version='1'
          ^^^^^^^^^^^^ this bracket is never closed
    ");
    insta::assert_snapshot!(told("pillow ==1 py@3", Dialect::Strict), @r#"
    pillow ==1 py@3
               ^^^^ this is not a build: letters, digits, `_` and `*` are allowed
    write `[build="py@3"]` behind it instead
    "#);
    insta::assert_snapshot!(told("", Dialect::Lenient), @r"
    ^ the name of a package is missing
    ");
    insta::assert_snapshot!(told(">=1", Dialect::Lenient), @r"
    >=1
    ^^^ the name of a package is missing
    ");
    insta::assert_snapshot!(told("py*", Dialect::Lenient), @r"
    py*
    ^^^ this is not the name of a package: letters, digits, `-`, `_` and `.` are allowed
    ");
    insta::assert_snapshot!(told("./here::pillow", Dialect::Lenient), @r"
    ./here::pillow
    ^^^^^^^^^^^^^^ a channel in a spec is a name or an address: a relative path has no meaning here
    ");
    insta::assert_snapshot!(told("pillow >=1 \u{7} x", Dialect::Lenient), @r"
    pillow >=1  x
               ^ there is a control character in it
    ");
}

#[test]
fn no_error_tells_a_secret() {
    for text in [
        "https://me:secret@host.example/x::pil/low",
        "https://host.example/t/secret/x::pillow ===1",
        "https://host.example/x?secret::pillow ===1",
        "https://secret@host.example/x",
    ] {
        let error = Spec::parse(text, Dialect::Lenient).unwrap_err();
        assert!(
            !format!("{error} {error:?} {:?}", error.drawn()).contains("secret"),
            "{error}"
        );
    }
}

#[test]
fn an_error_is_one_line_too() {
    let error = Spec::parse("maya=2026.*", Dialect::Strict).unwrap_err();
    insta::assert_snapshot!(error, @r"
    `maya=2026.*` is not a spec: `=2026.*`: `=` cannot be used with `*`; write `2026.*` instead
    ");
}

#[test]
fn what_is_too_large_is_refused() {
    let deep = format!("a {}1{}", "(".repeat(500), ")".repeat(500));
    assert!(Spec::parse(&deep, Dialect::Lenient).is_err());
    assert!(Spec::parse(&format!("a >={}", "1".repeat(5000)), Dialect::Lenient).is_err());
}

#[test]
fn specs_say_where_from() {
    let base = crate::ChannelBase::new("/");
    let record = |channel: &str| {
        let channel = Channel::parse(channel, &base).unwrap();
        crate::RecordFacts::new("maya", "2026.1", "0")
            .at(&channel, crate::Platform::NOARCH)
            .unwrap()
    };
    let of_studio = |text: &str| {
        Spec::parse(text, Dialect::Lenient)
            .unwrap()
            .matches(&record("studio"))
    };
    assert!(of_studio("maya"));
    assert!(of_studio("studio::maya"));
    assert!(of_studio(
        "https://conda.anaconda.org/t/secret/studio::maya"
    ));
    assert!(of_studio("maya[channel=studio]"));
    assert!(of_studio("studio/noarch::maya"));
    assert!(!of_studio("studio/linux-64::maya"));
    assert!(!of_studio("other::maya"));
    assert!(!of_studio("https://elsewhere.example/studio::maya"));
    let spec = Spec::parse(
        "https://me:secret@host.example/t/secret/studio::maya",
        Dialect::Lenient,
    )
    .unwrap();
    assert_eq!(spec.to_string(), "https://host.example/studio::maya");
    let spec = Spec::exact(&record("studio"));
    assert_eq!(spec.to_string(), "maya ==2026.1 0");
    assert_eq!(
        spec.with_channel(record("studio").channel()).to_string(),
        "studio::maya ==2026.1 0"
    );
}

#[test]
fn what_the_strict_rules_cannot_say_is_refused() {
    let error = Spec::parse("conda-forge:a\"'b:numpy", Dialect::Lenient).unwrap_err();
    assert_eq!(
        error.reason,
        "it says something for which the strict rules have no words"
    );
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    /// Texts that are nearly specs.
    fn nearly() -> impl proptest::strategy::Strategy<Value = String> {
        let part = prop::sample::select(vec![
            "numpy", "py_thon", "studio", "::", " ", "=", "==", ">=", "<", "!=", "~=", "^", "~",
            "1", ".", "2.0", "*", "1.2.*", ",", "|", "(", ")", "[", "]", "build=", "version=", "'",
            "\"", "py*_0", "a0", "!", "#", ";", "/", ":", "é", "$", "-",
        ]);
        prop::collection::vec(part, 0..9).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn nothing_panics_and_what_is_read_is_written_strictly(text in nearly()) {
            for dialect in [Dialect::Strict, Dialect::Lenient] {
                match Spec::parse(&text, dialect) {
                    Ok(spec) => {
                        let again = Spec::parse(&spec.to_string(), Dialect::Strict);
                        prop_assert_eq!(again.as_ref().map(ToString::to_string), Ok(spec.to_string()));
                        prop_assert_eq!(again, Ok(spec));
                    }
                    Err(error) => {
                        prop_assert!(text.get(error.place.clone()).is_some());
                        prop_assert!(!error.drawn().is_empty());
                    }
                }
            }
        }
    }
}
