//! The tables of rez's own solver tests (`src/rez/tests/test_solver.py`), with the packages they are about.
//!
//! As there, every request is also made in every other order: the answer may differ, but not whether there is one.

use rez::Requirement;
use rez::solver::{Ask, Outcome, VariantSelectMode, solve};

use crate::world::{ask, names, pool, told};

const PACKAGES: &str = "
    bahish-1: !pybah-4
    bahish-2: pybah-5
    missing-1: | [noexist] [nada]
    nada
    nopy-2.1: !python-2.5
    pybah-4: python-2.6 .eek-1
    pybah-5: python-2.5
    pydad-1: pyson-1
    pydad-2: pyson-2
    pydad-3: pymum-3
    pyfoo-3.0.0: python-2.5 .eek-3+
    pyfoo-3.1.0: python-2.6
    pymum-1: pydad-1
    pymum-2: pydad-2
    pymum-3: pydad-3
    pyodd-1: pyfoo
    pyodd-2: pybah
    pyson-1: pymum-1
    pyson-2: pymum-3
    pysplit-5
    pysplit-6: python-2.6
    pysplit-7: python-2.7
    python-2.5.2
    python-2.6.0
    python-2.6.8
    python-2.7.0
    pyvariants-2: | [python-2.7.0] [python-2.6.8 nada] [python-2.6.8] [nada]
    split_end-1.0: | [!split_mid2] [!split_start-2]
    split_end-2.0: | [!split_start] [!split_mid1]
    split_end-3.0: | [!split_start] [!split_mid2]
    split_end-4.0: | [!split_start] [!split_mid1]
    split_mid1-1.0: | [split_end-2] [split_end-1]
    split_mid1-2.0: | [split_end-2] [split_end-4]
    split_mid2-1.0: | [split_end-3] [split_end-1]
    split_mid2-2.0: | [split_end-1] [split_end-3]
    split_start-1.0: | [split_mid1-1] [split_mid2-2]
    split_start-2.0: | [split_mid1-2] [split_mid2-2]
    weak_requires-2.0: ~split_mid1 ~split_mid2
    weak_variant-2.0: ~pyfoo | [split_mid1 ~split_mid2-1..3]";

/// The answer in one line; every other order of the requests has one too, or has none either.
fn answer(ask: &Ask) -> String {
    let mut pool = pool(PACKAGES);
    let outcome = solve(&mut pool, ask, &mut |_| None);
    let solves = |outcome: &Result<Outcome, _>| matches!(outcome, Ok(Outcome::Solved(_)));
    for requests in permutations(&ask.requests) {
        let other = Ask {
            requests,
            ..ask.clone()
        };
        let other = solve(&mut pool, &other, &mut |_| None);
        assert_eq!(solves(&other), solves(&outcome), "{ask:?}");
    }
    match outcome {
        Ok(Outcome::Solved(resolve)) => {
            // The order of ephemerals does not matter there.
            let mut names = names(&resolve);
            names[resolve.packages.len()..].sort();
            names.join(" ")
        }
        other => told(other),
    }
}

fn permutations(requests: &[Requirement]) -> Vec<Vec<Requirement>> {
    let Some((first, rest)) = requests.split_first() else {
        return vec![Vec::new()];
    };
    let mut all = Vec::new();
    for shorter in permutations(rest) {
        for at in 0..=shorter.len() {
            let mut longer = shorter.clone();
            longer.insert(at, first.clone());
            all.push(longer);
        }
    }
    all
}

#[test]
fn what_rez_solves() {
    let table = [
        ("", ""),
        ("nada", "nada[]"),
        ("!nada", ""),
        ("~nada", ""),
        (".foo-1", ".foo-1"),
        ("!.bah", ""),
        ("!.bah-2.5+", ""),
        ("python", "python-2.7.0[]"),
        ("~python-2+", ""),
        ("~python", ""),
        ("!python-2.5", ""),
        ("!python", ""),
        ("nada ~nada", "nada[]"),
        ("nopy", "nopy-2.1[]"),
        ("python-2.6", "python-2.6.8[]"),
        ("python-2.6 !python-2.6.8", "python-2.6.0[]"),
        ("python-2.6 python-2.6.5+", "python-2.6.8[]"),
        ("python python-0+<2.6", "python-2.5.2[]"),
        ("python python-0+<2.6.8", "python-2.6.0[]"),
        ("python ~python-2.7+", "python-2.7.0[]"),
        ("!python-2.6+ python", "python-2.5.2[]"),
        ("nada nopy", "nada[] nopy-2.1[]"),
        ("pyfoo", "python-2.6.8[] pyfoo-3.1.0[]"),
        ("pyfoo-3.0", "python-2.5.2[] pyfoo-3.0.0[] .eek-3+"),
        (
            "pyfoo-3.0 .eek-4.5",
            "python-2.5.2[] pyfoo-3.0.0[] .eek-4.5",
        ),
        ("pybah", "python-2.5.2[] pybah-5[]"),
        ("nopy python", "nopy-2.1[] python-2.7.0[]"),
        ("pybah !python-2.5", "python-2.6.8[] pybah-4[] .eek-1"),
        (
            "pybah !python-2.5 python<2.6.8",
            "python-2.6.0[] pybah-4[] .eek-1",
        ),
        ("python pybah", "python-2.6.8[] pybah-4[] .eek-1"),
        ("python pyodd", "python-2.6.8[] pybah-4[] pyodd-2[] .eek-1"),
        ("pybah pyodd", "python-2.5.2[] pybah-5[] pyodd-2[]"),
        ("pysplit python-2.5", "pysplit-5[] python-2.5.2[]"),
        ("~python<2.6 pysplit", "pysplit-5[]"),
        ("python bahish pybah", "python-2.5.2[] pybah-5[] bahish-2[]"),
        (".foo-2.5+ .foo-2", ".foo-2.5+<2_"),
        (
            "split_start",
            "split_end-1.0[1] split_mid2-2.0[0] split_start-1.0[1]",
        ),
        (
            "weak_requires split_mid2-2",
            "weak_requires-2.0[] split_end-3.0[0] split_mid2-2.0[1]",
        ),
        (
            "weak_variant-2.0 split_mid2-2 pyfoo",
            "split_end-1.0[1] split_mid1-1.0[1] weak_variant-2.0[0] split_mid2-2.0[0] python-2.6.8[] pyfoo-3.1.0[]",
        ),
    ];
    for (request, expected) in table {
        assert_eq!(answer(&ask(request)), expected, "{request}");
    }
}

#[test]
fn what_rez_refuses() {
    let table = [
        "nada !nada",
        "python-2.6 ~python-2.7",
        "pyfoo nada !nada",
        ".foo-1 .foo-2",
        ".foo-2.5 !.foo-2",
        "pybah !python",
        "pyfoo-3.1 python-2.7+",
        "pyodd<2 python-2.7",
        "nopy python-2.5.2",
        "bahish pybah<5",
        "pybah-4 pyfoo-3.0",
        "pymum-2",
    ];
    for request in table {
        let answer = answer(&ask(request));
        assert!(answer.starts_with("fails: "), "{request}: {answer}");
        assert!(!answer.contains("cyclic"), "{request}: {answer}");
    }
    for request in ["pymum-1", "pydad-1", "pyson-1", "pymum-3", "pydad-3"] {
        let answer = answer(&ask(request));
        assert!(
            answer.starts_with("fails: A cyclic dependency was detected"),
            "{request}: {answer}"
        );
    }
}

#[test]
fn what_rez_makes_of_its_settings() {
    let with = |request: &str, variant_select_mode| {
        answer(&Ask {
            variant_select_mode,
            ..ask(request)
        })
    };
    let version = VariantSelectMode::VersionPriority;
    let intersection = VariantSelectMode::IntersectionPriority;
    assert_eq!(
        with("pyvariants python", version),
        "python-2.7.0[] pyvariants-2[0]"
    );
    assert_eq!(
        with("pyvariants python nada", version),
        "python-2.7.0[] pyvariants-2[0] nada[]"
    );
    assert_eq!(
        with("pyvariants python", intersection),
        "python-2.7.0[] pyvariants-2[0]"
    );
    assert_eq!(
        with("pyvariants python nada", intersection),
        "python-2.6.8[] nada[] pyvariants-2[1]"
    );

    assert!(answer(&ask("missing")).starts_with("error: package family not found: noexist"));
    let tolerant = Ask {
        tolerate_missing_families: true,
        ..ask("missing")
    };
    assert_eq!(answer(&tolerant), "nada[] missing-1[1]");
}
