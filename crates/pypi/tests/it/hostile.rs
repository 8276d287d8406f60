//! No input makes a parser panic, run away or fill the stack.

use proptest::prelude::*;
use pypi::poetry::{Value, parse_constraint, parse_dependency};
use pypi::{DistributionName, ExtraName, Marker, Requirement, Version, VersionSet};

/// Hands a text to everything that reads texts; what is read must have a text that reads back.
fn read_by_all(text: &str) -> Result<(), TestCaseError> {
    if let Ok(version) = text.parse::<Version>() {
        prop_assert_eq!(version.to_string().parse::<Version>().unwrap(), version);
    }
    for set in [
        VersionSet::from_specifiers(text).ok(),
        parse_constraint(text).ok(),
    ] {
        for alternative in set
            .iter()
            .flat_map(|set| set.specifiers().alternatives().to_vec())
        {
            prop_assert!(
                VersionSet::from_specifiers(&alternative).is_ok(),
                "{}",
                alternative
            );
        }
    }
    if let Ok(requirement) = text.parse::<Requirement>() {
        prop_assert!(!requirement.to_string().is_empty());
    }
    if let Ok(marker) = text.parse::<Marker>() {
        prop_assert_eq!(marker.to_string().parse::<Marker>().unwrap(), marker);
    }
    if let Ok(name) = text.parse::<DistributionName>() {
        prop_assert_eq!(name.as_str().parse::<DistributionName>().unwrap(), name);
    }
    prop_assert_eq!(
        text.parse::<ExtraName>().is_ok(),
        text.parse::<DistributionName>().is_ok()
    );
    for message in [
        text.parse::<Version>().err().map(|error| error.to_string()),
        VersionSet::from_specifiers(text)
            .err()
            .map(|error| error.to_string()),
        parse_constraint(text).err().map(|error| error.to_string()),
        text.parse::<Requirement>()
            .err()
            .map(|error| error.to_string()),
        text.parse::<Marker>().err().map(|error| error.to_string()),
        parse_dependency(text, &Value::from(text))
            .err()
            .map(|error| error.to_string()),
        parse_dependency(
            "name",
            &Value::from([("markers", text.into()), ("version", text.into())]),
        )
        .err()
        .map(|error| error.to_string()),
    ] {
        let clean = message.is_none_or(|message| !message.contains(char::is_control));
        prop_assert!(clean, "a control character in a message");
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        read_by_all(&text)?;
    }

    /// Texts from the pieces of the grammars come further than random ones.
    #[test]
    fn any_pieces_are_read_or_refused(pieces in prop::collection::vec(pieces(), 0..12)) {
        read_by_all(&pieces.concat())?;
    }
}

fn pieces() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "1",
        "0",
        ".",
        "1.2",
        "2!",
        "a1",
        "rc",
        ".dev",
        ".post",
        "+x",
        "-",
        "*",
        ".*",
        "^",
        "~",
        "~=",
        "==",
        "===",
        "!=",
        ">=",
        ">",
        "<",
        "<=",
        ",",
        "|",
        "||",
        " ",
        "\t",
        "é",
        "\u{1b}",
        "\u{0}",
        "x",
        "name",
        "[",
        "]",
        "(",
        ")",
        ";",
        "@",
        "https://u:p@h/",
        "os_name",
        "extra",
        "python_version",
        "'",
        "\"",
        "and",
        "or",
        "in",
        "not",
        "18446744073709551615",
    ])
}

#[test]
fn sizes_and_depths_have_limits() {
    let deep = "(".repeat(5000) + "os_name == 'a'" + &")".repeat(5000);
    let error = deep.parse::<Marker>().unwrap_err();
    assert!(error.expected().contains("fewer parentheses"), "{error}");
    let fine = "(".repeat(60) + "os_name == 'a'" + &")".repeat(60);
    assert!(fine.parse::<Marker>().is_ok());

    let long = ">=1,".repeat(100_000);
    assert!(VersionSet::from_specifiers(&long).is_err());
    assert!(parse_constraint(&long).is_err());
    assert!(format!("name{long}").parse::<Requirement>().is_err());
    assert!(
        "os_name == 'a' or "
            .repeat(100_000)
            .parse::<Marker>()
            .is_err()
    );
    assert!("a".repeat(1_000_000).parse::<DistributionName>().is_err());
}

#[test]
fn numbers_at_the_edge_have_successors() {
    let most = "9".repeat(18);
    for text in [
        format!(">1.dev{most}"),
        format!(">1.post{most}"),
        format!(">1a{most}"),
        format!("<={most}"),
        format!("=={most}.*"),
        format!("~=1.{most}.0"),
    ] {
        let set = VersionSet::from_specifiers(&text).unwrap();
        let again = VersionSet::from_specifiers(&set.to_string()).unwrap_or(VersionSet::none());
        assert!(again.is_subset_of(&set), "{text} became {set}");
    }
    assert!(VersionSet::from_specifiers(&format!(">{most}9")).is_err());
}
