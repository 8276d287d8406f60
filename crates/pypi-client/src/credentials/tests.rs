use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn nothing(_: &str) -> Option<String> {
    None
}

fn login(credentials: &Credentials, url: &str) -> Option<(String, String)> {
    let login = credentials.login(&Url::parse(url).expect("a URL"))?;
    Some((
        login.name.expose().to_owned(),
        login.password.expose().to_owned(),
    ))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it is compared with what is looked up"
)]
fn pair(name: &str, password: &str) -> Option<(String, String)> {
    Some((name.to_owned(), password.to_owned()))
}

#[test]
fn a_user_part_is_taken_off_and_decoded() {
    let mut credentials = Credentials::default();
    let clean = credentials
        .add_index(
            "https://jo%40studio:pa%2Fss%zz@index.invalid/simple/",
            None,
            &nothing,
        )
        .expect("an address");
    assert_eq!(clean, "https://index.invalid/simple/");
    assert_eq!(
        login(&credentials, "https://index.invalid/simple/click/"),
        pair("jo@studio", "pa/ss%zz")
    );
    assert!(!format!("{credentials:?}").contains("pa/ss"));
    assert!(!format!("{credentials:?}").contains("studio"));
}

#[test]
fn credentials_stay_on_their_host() {
    let mut credentials = Credentials::default();
    for url in [
        "https://a:canary@index.invalid/one/simple/",
        "https://b:canary@index.invalid/two/simple",
        "https://index.invalid/two/simple/more/",
        "http://c:canary@other.invalid:8080/",
    ] {
        credentials
            .add_index(url, None, &nothing)
            .expect("an address");
    }
    let who = |url: &str| login(&credentials, url).map(|(name, _)| name);
    assert_eq!(
        who("https://index.invalid/one/simple/x/").as_deref(),
        Some("a")
    );
    assert_eq!(
        who("https://index.invalid/two/simple").as_deref(),
        Some("b")
    );
    assert_eq!(
        who("https://index.invalid/files/x.whl").as_deref(),
        Some("a"),
        "files beside"
    );
    assert_eq!(
        who("https://index.invalid/two/simpler/").as_deref(),
        Some("a"),
        "no folder of b"
    );
    assert_eq!(
        who("http://index.invalid/one/simple/"),
        None,
        "another scheme"
    );
    assert_eq!(
        who("https://index.invalid:444/one/simple/"),
        None,
        "another port"
    );
    assert_eq!(
        who("https://files.index.invalid/x.whl"),
        None,
        "another host"
    );
    assert_eq!(who("http://other.invalid:8080/x").as_deref(), Some("c"));
    assert_eq!(who("http://other.invalid/x"), None);
}

#[test]
fn variables_count_where_the_address_says_nothing() {
    let variables: BTreeMap<&str, &str> = [
        ("AYON_RESOLVE_INDEX_MY_STUDIO_PASSWORD", "ours"),
        ("UV_INDEX_MY_STUDIO_USERNAME", "jo"),
        ("UV_INDEX_OTHER_USERNAME", "jo"),
        ("UV_INDEX_OTHER_PASSWORD", "theirs"),
        ("AYON_RESOLVE_INDEX_USERNAME", "everybody"),
    ]
    .into();
    let variable = |name: &str| variables.get(name).map(|text| (*text).to_owned());
    let of = |url: &str, name: Option<&str>| {
        let mut credentials = Credentials::default();
        let clean = credentials
            .add_index(url, name, &variable)
            .expect("an address");
        login(&credentials, &clean)
    };
    assert_eq!(
        of("https://index.invalid/", Some("my-studio")),
        pair("", "ours")
    );
    assert_eq!(
        of("https://index.invalid/", Some("other")),
        pair("jo", "theirs")
    );
    assert_eq!(of("https://index.invalid/", None), pair("everybody", ""));
    assert_eq!(
        of("https://me@index.invalid/", Some("other")),
        pair("me", "")
    );
    assert_eq!(of("https://index.invalid/", Some("unknown")), None);
}

#[test]
fn an_address_is_refused_without_its_secret() {
    for (address, says) in [
        (
            "ftp://jo:canary@index.invalid/",
            "`ftp://index.invalid/` is no address of an index: `ftp` is not asked",
        ),
        (
            "jo:canary@index.invalid/simple",
            "`index.invalid/simple` is no address of an index",
        ),
        ("https://jo:canary@", "`` is no address of an index: "),
    ] {
        let error = Credentials::default()
            .add_index(address, None, &nothing)
            .expect_err("it is no address")
            .to_string();
        assert!(error.starts_with(says), "{error}");
        assert!(!error.contains("canary"), "{error}");
    }
}

#[test]
fn addresses_are_shown_without_secrets() {
    assert_eq!(
        shown("https://jo:canary@index.invalid/a/?token=canary#canary"),
        "https://index.invalid/a/"
    );
    assert_eq!(shown("//jo:canary@x/a?canary"), "x/a");
}

#[test]
fn a_netrc_is_read_as_python_reads_it() {
    let mut credentials = Credentials::default();
    for index in [
        "https://index.invalid/",
        "https://quoted.invalid/",
        "https://third.invalid/",
    ] {
        credentials
            .add_index(index, None, &nothing)
            .expect("an address");
    }
    let text = "# of the studio\r\nmachine Index.invalid\r\n\tlogin jo # the farm\n password se#cret account x\n\
        macdef init\ncd /pub\nmachine third.invalid login trap\n\n\
        machine quoted.invalid login \"jo \\\"q\\\" x\" password a\\ b\n\
        machine index.invalid login second password second\ndefault login anyone password any\n";
    credentials.add_netrc(text).expect("a netrc");
    assert_eq!(
        login(&credentials, "https://index.invalid/x"),
        pair("jo", "se#cret")
    );
    assert_eq!(
        login(&credentials, "https://quoted.invalid/"),
        pair("jo \"q\" x", "a b")
    );
    assert_eq!(
        login(&credentials, "https://third.invalid/"),
        pair("anyone", "any")
    );
    assert_eq!(
        login(&credentials, "https://elsewhere.invalid/"),
        None,
        "default is for indexes"
    );
    assert!(!format!("{credentials:?}").contains("#cret"));
}

#[test]
fn the_address_comes_before_the_netrc() {
    let mut credentials = Credentials::default();
    credentials
        .add_netrc("machine index.invalid login netrc password x")
        .expect("a netrc");
    credentials
        .add_index("https://url:y@index.invalid/", None, &nothing)
        .expect("an address");
    assert_eq!(
        login(&credentials, "https://index.invalid/x"),
        pair("url", "y")
    );
}

#[test]
fn a_bad_netrc_names_the_line_and_nothing_else() {
    for (text, says) in [
        (
            "machine a login b password c\ncanary",
            "line 2 of the netrc file: `machine`, `default` or `macdef` is expected here",
        ),
        (
            "\n\nmachine",
            "line 3 of the netrc file: `machine` ends without its value",
        ),
        (
            "default login x password",
            "line 1 of the netrc file: `password` ends without its value",
        ),
    ] {
        let error = Credentials::default()
            .add_netrc(text)
            .expect_err("it is broken");
        assert_eq!(error.to_string(), says);
    }
    let long = "#".repeat(2 << 20);
    assert!(Credentials::default().add_netrc(&long).is_err());
}

proptest! {
    #[test]
    fn no_text_breaks_the_readers(text in any::<String>(), name in ".{0,6}") {
        let mut credentials = Credentials::default();
        let _ = credentials.add_netrc(&text);
        let _ = credentials.add_index(&text, Some(&name), &nothing);
        let _ = shown(&text);
    }

    /// Whatever a password is, its percent form in a URL comes back as it was, and no shown form has it.
    #[test]
    fn a_password_survives_its_url(password in "[ -~]{1,20}") {
        let mut url = Url::parse("https://index.invalid/simple/").expect("a URL");
        url.set_password(Some(&password)).expect("it has a host");
        let mut credentials = Credentials::default();
        let clean = credentials.add_index(url.as_str(), None, &nothing).expect("an address");
        prop_assert_eq!(&clean, "https://index.invalid/simple/");
        // The URL standard leaves `%` alone, so a password with one must be written as `%25` by its owner.
        if !password.contains('%') {
            prop_assert_eq!(login(&credentials, &clean), pair("", &password));
        }
    }
}
