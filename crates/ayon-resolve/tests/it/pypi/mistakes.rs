//! Bad input: the word, the place, the way out, the exit code.

use insta::assert_snapshot;

use super::house::{Answer, Server, tagged};
use super::{STUDIO, lock, place, told};

#[test]
fn nothing_to_lock_and_nothing_to_lock_for() {
    assert_snapshot!(told(&lock(&place(), "")), @r#"
        exit code 2
        --- stdout
        --- stderr
        error: nothing is asked for

        hint: say what to lock, as in `ayon-resolve pypi lock reqs.in` or `ayon-resolve pypi lock "requests>=2"`
        "#);
    let place = crate::Place::new();
    assert_snapshot!(told(&lock(&place, "clique --no-index")), @r"
        exit code 2
        --- stdout
        --- stderr
        error: no Python is named

        hint: say which one the lock is for: `--python 3.11`
        ");
    assert_snapshot!(told(&lock(&place, "missing.in --python 3.11 --no-index")), @r"
        exit code 2
        --- stdout
        --- stderr
        error: `missing.in` cannot be locked
        cause: there is no such file
        ");
    assert_snapshot!(told(&lock(&place, "-r missing.in --python 3.11 --no-index")), @r"
        exit code 2
        --- stdout
        --- stderr
        error: cannot read `missing.in`: No such file or directory (os error 2)
        ");
}

#[test]
fn lines_that_cannot_be_used_are_told_all_at_once() {
    let place = place().file("reqs.in", "clique ==\n-e .\nrequests\n--trusted-host x\n");
    assert_snapshot!(told(&lock(&place, "reqs.in")), @r"
        exit code 2
        --- stdout
        --- stderr
        error: the requirements cannot be used
        cause: reqs.in:1: `clique ==` is not a requirement: `==` is not a version clause as PEP 440 defines it: Unexpected end of version specifier, expected version
        cause: reqs.in:2: an editable install is of this machine, and no lock can hold it; leave it out, or name a wheel
        cause: reqs.in:4: `--trusted-host` turns off the check of certificates; trust the index's own instead: `--ca-file FILE`
        ");
}

#[test]
fn a_package_that_does_not_exist() {
    let place = place().file("reqs.in", "cliqe>=1\n");
    assert_snapshot!(told(&lock(&place, "reqs.in")), @r"
        exit code 1
        --- stdout
        --- stderr
        error: there is no solution for Python 3.11.0 on linux x86_64, glibc 2.28

          cliqe
            your request                           needs  >=1                       (reqs.in:1)
            the wheelhouse [folder]/wheels  lacks  (did you mean `clique`?)

          Because your request needs cliqe >=1 and the wheelhouse [folder]/wheels has no cliqe (did you mean `clique`?), they cannot be together.

        hint: no index was asked (`--no-index`)
        ");
}

#[test]
fn a_package_that_another_needs_and_does_not_exist() {
    let (file, bytes) = super::wheel("tool", "1.0", &["nowhere>=2"]);
    let place = place().bytes(&format!("wheels/{file}"), &bytes);
    assert_snapshot!(told(&lock(&place, "tool")), @r"
        exit code 1
        --- stdout
        --- stderr
        error: there is no solution for Python 3.11.0 on linux x86_64, glibc 2.28

          nowhere
            tool 1.0                               needs  >=2
            the wheelhouse [folder]/wheels  lacks
          tool
            your request  needs  any version

          Because tool 1.0 needs nowhere >=2 and the wheelhouse [folder]/wheels has no nowhere, they cannot be together.

        hint: no index was asked (`--no-index`)
        ");
}

#[test]
fn requirements_that_do_not_fit_together() {
    let place = place().file(
        "reqs.in",
        "ftrack-python-api>=3.1\nayon-python-api>=1.2.25\n",
    );
    assert_snapshot!(told(&lock(&place, "reqs.in")), @r"
        exit code 1
        --- stdout
        --- stderr
        error: there is no solution for Python 3.11.0 on linux x86_64, glibc 2.28

          websocket-client
            ayon-python-api 1.2.25   needs  >=1
            ftrack-python-api 3.1.0  needs  <1
          ayon-python-api
            your request  needs  >=1.2.25  (reqs.in:2)
          ftrack-python-api
            your request  needs  >=3.1  (reqs.in:1)

          Because ayon-python-api 1.2.25 needs websocket-client >=1 and ftrack-python-api 3.1.0 needs websocket-client <1, they cannot be together.
        ");
    let json = lock(&place, "reqs.in --json");
    assert_eq!(json.code, Some(1));
    assert_snapshot!(json.stdout, @r#"
        {
          "schema": {
            "name": "ayon-resolve.error",
            "version": 1
          },
          "message": "there is no solution for Python 3.11.0 on linux x86_64, glibc 2.28",
          "causes": [],
          "hints": [],
          "exitCode": 1,
          "conflict": {
            "contested": [
              "websocket-client",
              "ayon-python-api",
              "ftrack-python-api"
            ],
            "facts": [
              {
                "object": "websocket-client",
                "origins": [],
                "range": ">=1",
                "subjects": [
                  "ayon-python-api 1.2.25"
                ],
                "verb": "needs"
              },
              {
                "object": "websocket-client",
                "origins": [],
                "range": "<1",
                "subjects": [
                  "ftrack-python-api 3.1.0"
                ],
                "verb": "needs"
              },
              {
                "object": "ayon-python-api",
                "origins": [
                  {
                    "file": "reqs.in",
                    "line": 2,
                    "subject": "your request"
                  }
                ],
                "range": ">=1.2.25",
                "subjects": [
                  "your request"
                ],
                "verb": "needs"
              },
              {
                "object": "ftrack-python-api",
                "origins": [
                  {
                    "file": "reqs.in",
                    "line": 1,
                    "subject": "your request"
                  }
                ],
                "range": ">=3.1",
                "subjects": [
                  "your request"
                ],
                "verb": "needs"
              }
            ],
            "platform": "linux-64",
            "process": "launcher"
          }
        }
        "#);
}

#[test]
fn versions_that_do_not_exist() {
    assert_snapshot!(told(&lock(&place(), "clique>=3")), @r"
        exit code 1
        --- stdout
        --- stderr
        error: there is no solution for Python 3.11.0 on linux x86_64, glibc 2.28

          clique
            your request                           needs  >=3
            the wheelhouse [folder]/wheels  lacks  that is asked for; the newest that can be used is 2.0.0

          Because your request needs clique >=3 and the wheelhouse [folder]/wheels has no clique that is asked for; the newest that can be used is 2.0.0, they cannot be together.
        ");
}

#[test]
fn nothing_for_this_python_or_this_platform() {
    let (old, bytes) = tagged("usd-core", "24.5", "cp310-cp310-win_amd64", "", &[]);
    let place = place().bytes(&format!("wheels/{old}"), &bytes);
    assert_snapshot!(told(&lock(&place, "usd-core")), @r"
        exit code 1
        --- stdout
        --- stderr
        error: there is no solution for Python 3.11.0 on linux x86_64, glibc 2.28

          usd-core
            your request   needs            any version
            usd-core 24.5  cannot be used:  for Windows

          Because your request needs usd-core any version and usd-core 24.5 cannot be used: for Windows, they cannot be together.
        ");
    let more = "Requires-Python: >=3.12\n";
    let (new, bytes) = tagged("fresh", "1.0", "py3-none-any", more, &[]);
    let place = place.bytes(&format!("wheels/{new}"), &bytes);
    assert_snapshot!(told(&lock(&place, "fresh")), @r"
        exit code 1
        --- stdout
        --- stderr
        error: there is no solution for Python 3.11.0 on linux x86_64, glibc 2.28

          fresh
            your request  needs            any version
            fresh 1.0     cannot be used:  it is made for Python >=3.12

          Because your request needs fresh any version and fresh 1.0 cannot be used: it is made for Python >=3.12, they cannot be together.
        ");
}

#[test]
fn files_that_are_damaged() {
    let place = place().bytes("wheels/torn-1.0-py3-none-any.whl", b"PK no zip");
    assert_snapshot!(told(&lock(&place, "torn")), @r"
        exit code 1
        --- stdout
        --- stderr
        error: there is no solution for Python 3.11.0 on linux x86_64, glibc 2.28

          torn
            your request  needs            any version
            torn 1.0      cannot be used:  torn-1.0-py3-none-any.whl: it is damaged or cut off: it is too short for a ZIP file

          Because your request needs torn any version and torn 1.0 cannot be used: torn-1.0-py3-none-any.whl: it is damaged or cut off: it is too short for a ZIP file, they cannot be together.
        ");
    let (file, bytes) = tagged("liar", "1.0", "py3-none-any", "", &["not a requirement !!"]);
    let place = place.bytes(&format!("wheels/{file}"), &bytes);
    assert_snapshot!(told(&lock(&place, "liar")), @r"
        exit code 1
        --- stdout
        --- stderr
        error: there is no solution for Python 3.11.0 on linux x86_64, glibc 2.28

          liar
            your request  needs            any version
            liar 1.0      cannot be used:  liar-1.0-py3-none-any.whl: its metadata cannot be used: `Requires-Dist: not a requirement !!`: `not a requirement !!` is not a requirement: `a requirement !!` is not a version clause as PEP 440 defines it: Unexpected end of version specifier, expected operator

          Because your request needs liar any version and liar 1.0 cannot be used: liar-1.0-py3-none-any.whl: its metadata cannot be used: `Requires-Dist: not a requirement !!`: `not a requirement !!` is not a requirement: `a requirement !!` is not a version clause as PEP 440 defines it: Unexpected end of version specifier, expected operator, they cannot be together.
        ");
}

#[test]
fn hashes_that_are_not_those_of_the_files() {
    let hash = "0".repeat(64);
    let place = place().file("reqs.in", &format!("clique==2.0.0 --hash=sha256:{hash}\n"));
    assert_snapshot!(told(&lock(&place, "reqs.in")), @r"
        exit code 1
        --- stdout
        --- stderr
        error: clique 2.0.0 has no file with a hash that reqs.in:1 names

        hint: name the hashes of this version, or the version whose hashes they are
        ");
}

#[test]
fn an_index_that_fails_is_told_once_and_clearly() {
    let server = |path: &str, answer: Answer| Server::start(STUDIO, &[(path, answer)]);
    let page = "/simple/clique/";
    for (answer, said) in [
        (Answer::Status(401), "401"),
        (Answer::Status(403), "403"),
        (Answer::Status(500), "500"),
        (
            Answer::Body("text/html", b"<html>Please log in</html>".to_vec()),
            "clique",
        ),
        (
            Answer::Body("application/pdf", b"%PDF".to_vec()),
            "application/pdf",
        ),
        (Answer::Silence, "127.0.0.1"),
    ] {
        let server = server(page, answer);
        let place = crate::Place::new();
        let outcome = lock(
            &place,
            &format!(
                "clique --python 3.11 --index-url {} --index-timeout 1 --index-retries 0",
                server.url()
            ),
        );
        let told = server.told(&told(&outcome));
        assert!(matches!(outcome.code, Some(1 | 2)), "{told}");
        assert_eq!(outcome.stdout, "", "{told}");
        assert!(
            told.contains("error: ") && told.contains(said),
            "{said}: {told}"
        );
    }
}

#[test]
fn a_proxy_that_is_none() {
    let place = crate::Place::new().variable("HTTP_PROXY", "http://127.0.0.1:1");
    let outcome = lock(
        &place,
        "clique --python 3.11 --index-url http://index.invalid/simple --index-retries 0",
    );
    assert_snapshot!(told(&outcome), @r"
        exit code 2
        --- stdout
        --- stderr
        error: cannot read http://index.invalid/simple/clique/: no connection: Connection refused (os error 111); check the network, or work from the cache with --offline
        ");
}
