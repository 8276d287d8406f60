//! Core metadata: what is read of it, and what a distribution needs.

use proptest::prelude::*;
use pypi::{ExtraName, MarkerEnvironment, Memo, Metadata, OperatingSystem, Requirement};

fn linux() -> MarkerEnvironment {
    MarkerEnvironment::new(OperatingSystem::Linux, "x86_64", &"3.11".parse().unwrap())
}

fn metadata(fields: &str) -> Metadata {
    let text = format!("Metadata-Version: 2.1\nName: a\nVersion: 1\n{fields}");
    Metadata::parse(text.as_bytes()).unwrap()
}

fn needs(metadata: &Metadata, extra: Option<&str>) -> Vec<String> {
    let extra: Option<ExtraName> = extra.map(|extra| extra.parse().unwrap());
    let needs = metadata
        .needs(&linux(), extra.as_ref(), &Memo::default())
        .unwrap();
    needs.iter().map(ToString::to_string).collect()
}

#[test]
fn headers_are_read_as_mail_readers_do() {
    let text = "\u{feff}metadata-version: 2.4\r\nNAME : Some.Thing\r\nversion: 1.0-RC1\r\n\
        Author: J\u{f6}rg\r\nnot a header\r\nRequires-Python: >=3.6,\r\n\t<4\r\n\
        Requires-Dist: b\r\n (>=1)\r\nrequires-dist:c; extra == \"X_y\"\r\nProvides-Extra: x.y\r\n\
        Provides-Extra: not a name\r\nDynamic: Description\r\nVersion: 2\r\n\r\nRequires-Dist: not-this\r\n";
    insta::assert_debug_snapshot!(Metadata::parse(text.as_bytes()).unwrap(), @r#"
    Metadata {
        name: "some-thing",
        version: 1.0rc1,
        requires_python: Some(
            ">=3.6, <4",
        ),
        provides_extras: [
            "x-y",
        ],
        requirements: [
            "b (>=1)",
            "c; extra == \"X_y\"",
        ],
        static_dependencies: true,
        ..
    }
    "#);
    // The rest may be in any encoding.
    let mut bytes = b"Author: \xff\xfe\n".to_vec();
    bytes.extend(text.trim_start_matches('\u{feff}').as_bytes());
    assert_eq!(
        Metadata::parse(&bytes).unwrap().name().as_str(),
        "some-thing"
    );
}

#[test]
fn bad_metadata_is_told_with_its_line() {
    for (text, told) in [
        ("", "the field `Name` is missing"),
        ("Name: a\n", "the field `Version` is missing"),
        ("Name: a b\nVersion: 1", "not the name of a distribution"),
        ("Name: a\nVersion: latest", "is not a version"),
        (
            "Name: a\nVersion: 1\nRequires-Python: 3.x",
            "`Requires-Python: 3.x`",
        ),
        (
            "Name: a\nVersion: 1\nRequires-Dist: b ^1",
            "`Requires-Dist: b ^1`",
        ),
        (
            "Name: a\nVersion: 1\nRequires-Dist: b; extra == 'x' and y",
            "`Requires-Dist: b; extra == 'x' and y`",
        ),
    ] {
        let error = Metadata::parse(text.as_bytes()).unwrap_err().to_string();
        assert!(
            error.starts_with("its metadata cannot be used: ") && error.contains(told),
            "{error}"
        );
    }
    let many = "Name: a\nVersion: 1\n".to_owned() + &"Requires-Dist: b\n".repeat(70_000);
    assert!(
        Metadata::parse(many.as_bytes())
            .unwrap_err()
            .to_string()
            .contains("larger")
    );
}

#[test]
fn it_is_about_what_the_file_is_called() {
    let metadata = Metadata::parse(b"Name: A_b\nVersion: 1.0").unwrap();
    let check = |name: &str, version: &str| {
        let result = metadata.check(&name.parse().unwrap(), &version.parse().unwrap());
        result.map_err(|error| error.to_string())
    };
    assert_eq!(check("a-b", "1"), Ok(()));
    assert_eq!(check("a-b", "1+cpu"), Ok(()));
    assert!(
        check("a-c", "1")
            .unwrap_err()
            .contains("the name in it is `a-b`, the name of the file says `a-c`")
    );
    assert!(
        check("a-b", "1.1")
            .unwrap_err()
            .contains("the version in it is `1.0`")
    );
}

#[test]
fn an_extra_adds_what_it_adds() {
    let metadata = metadata(
        "Requires-Dist: base\n\
         Requires-Dist: windows ; sys_platform == 'win32'\n\
         Requires-Dist: base ; extra == 'x'\n\
         Requires-Dist: plain (>=1) ; extra == 'x'\n\
         Requires-Dist: guarded ; (python_version < '3' or os_name == 'posix') and 'X' == extra\n\
         Requires-Dist: old ; python_version < '3' and extra == 'x'\n\
         Requires-Dist: either ; extra == 'x' or extra == 'y'\n\
         Requires-Dist: without ; extra != 'x'\n\
         Requires-Dist: always ; extra == 'x' or os_name == 'posix'\n\
         Requires-Dist: both ; extra == 'x' and extra == 'y'\n\
         Requires-Dist: a[x,y] ; extra == 'all'\n",
    );
    assert_eq!(needs(&metadata, None), ["base", "without", "always"]);
    assert_eq!(
        needs(&metadata, Some("x")),
        ["base", "plain>=1", "guarded", "either"]
    );
    assert_eq!(needs(&metadata, Some("y")), ["either"]);
    assert_eq!(needs(&metadata, Some("all")), ["a[x,y]"]);
    assert!(needs(&metadata, Some("unknown")).is_empty());
    let guards: Vec<_> = metadata
        .requirements()
        .map(|line| line.guard().map(|extra| extra.to_string()))
        .collect();
    let x = || Some("x".to_owned());
    assert_eq!(
        guards,
        [
            None,
            None,
            x(),
            x(),
            x(),
            x(),
            None,
            None,
            None,
            None,
            Some("all".to_owned())
        ]
    );
}

#[test]
fn what_is_forgiven_is_kept_as_it_was_and_read_as_it_was_meant() {
    let metadata = metadata(
        "Requires-Dist: b (>=1.9<3.*,); python_version >= '3.7'\nRequires-Dist: c @ https://x:y@h.invalid/c.zip;z ; os_name == 'posix'\n",
    );
    assert_eq!(
        metadata.requirements().next().unwrap().text(),
        "b (>=1.9<3.*,); python_version >= '3.7'"
    );
    assert_eq!(
        needs(&metadata, None),
        ["b>=1.9,<3,", "c @ https://****@h.invalid/c.zip;z"]
    );
}

#[test]
fn an_sdist_is_static_where_it_says_so() {
    for (fields, is_static) in [
        ("Metadata-Version: 2.1", false),
        ("Metadata-Version: 2.2", true),
        ("Metadata-Version: 2.10\nDynamic: Version", true),
        ("Metadata-Version: 3.0", true),
        ("Metadata-Version: 2.2\nDynamic: Requires-Dist", false),
        (
            "Metadata-Version: 2.4\nDynamic: license\nDynamic: requires-python",
            false,
        ),
        ("Metadata-Version: x", false),
        ("Author: x", false),
    ] {
        let text = format!("{fields}\nName: a\nVersion: 1\n");
        assert_eq!(
            Metadata::parse(text.as_bytes())
                .unwrap()
                .static_dependencies(),
            is_static,
            "{fields}"
        );
    }
}

fn fields(lines: &[String]) -> String {
    let fields = lines.iter().map(|line| format!("Requires-Dist: {line}\n"));
    fields.collect::<Vec<_>>().concat()
}

fn lines() -> impl Strategy<Value = Vec<String>> {
    let atom = prop_oneof![
        Just("extra == 'x'".to_owned()),
        Just("extra == 'y'".to_owned()),
        Just("extra != 'x'".to_owned()),
        Just("sys_platform == 'linux'".to_owned()),
        Just("python_version < '3.8'".to_owned()),
    ];
    let marker = atom.prop_recursive(3, 8, 3, |inner| {
        (
            proptest::collection::vec(inner, 2..4),
            prop_oneof![Just(" and "), Just(" or ")],
        )
            .prop_map(|(parts, operator)| format!("({})", parts.join(operator)))
    });
    let line = (
        "[a-f]",
        "(| >=1,<2| \\(==1\\.\\*\\)|\\[z\\])",
        proptest::option::of(marker),
    )
        .prop_map(|(name, rest, marker)| match marker {
            Some(marker) => format!("{name}{rest} ; {marker}"),
            None => format!("{name}{rest}"),
        });
    proptest::collection::vec(line, 0..12)
}

proptest! {
    /// The sorted and memoised answer is the plain one: every line, its whole marker, twice.
    #[test]
    fn needs_are_what_the_markers_say(lines in lines()) {
        let fields = fields(&lines);
        let first = metadata(&fields);
        let kept = Metadata::decode(first.encode().to_vec()).unwrap();
        prop_assert_eq!(&kept, &first);
        prop_assert_eq!(kept.requirements().map(|line| line.text()).collect::<Vec<_>>(), lines.clone());
        let memo = Memo::default();
        let extras: [Option<ExtraName>; 3] = [None, Some("x".parse().unwrap()), Some("y".parse().unwrap())];
        for system in [OperatingSystem::Linux, OperatingSystem::Windows] {
            let environment = MarkerEnvironment::new(system, "x86_64", &"3.11".parse().unwrap());
            for extra in &extras {
                let told = kept.needs(&environment, extra.as_ref(), &memo).unwrap();
                let told: Vec<_> = told.iter().map(ToString::to_string).collect();
                let plain: Vec<_> = lines
                    .iter()
                    .map(|line| line.parse::<Requirement>().unwrap())
                    .filter(|requirement| {
                        let alone = requirement.marker.evaluate(&environment, &[]);
                        match extra {
                            None => alone,
                            Some(extra) => !alone && requirement.marker.evaluate(&environment, std::slice::from_ref(extra)),
                        }
                    })
                    .map(|requirement| Requirement { marker: pypi::Marker::always(), ..requirement }.to_string())
                    .collect();
                prop_assert_eq!(told, plain);
            }
        }
    }

    #[test]
    fn no_metadata_makes_a_parser_panic(text in "\\PC*", lines in "((Name|Version|Requires-Dist|Requires-Python|Provides-Extra): ?[ -~]{0,30}\n| [ -~]{0,9}\n){0,12}") {
        for text in [text.clone(), lines.clone(), format!("Name: a\nVersion: 1\n{lines}{text}")] {
            if let Ok(metadata) = Metadata::parse(text.as_bytes()) {
                prop_assert!(metadata.needs(&linux(), None, &Memo::default()).is_ok());
            }
        }
    }

    #[test]
    fn damage_to_what_is_kept_is_found(lines in lines(), at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let fields = fields(&lines);
        let bytes = metadata(&fields).encode().to_vec();
        let mut changed = bytes.clone();
        changed[at.index(bytes.len())] ^= flip;
        prop_assert!(Metadata::decode(changed).is_err());
        prop_assert!(Metadata::decode(bytes[..at.index(bytes.len())].to_vec()).is_err());
    }
}
