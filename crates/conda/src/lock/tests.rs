//! What is written is read back by the crates whose formats these are.

use std::collections::BTreeMap;
use std::str::FromStr;

use insta::assert_snapshot;
use proptest::prelude::*;
use rattler_conda_types::ExplicitEnvironmentSpec;
use rattler_lock::{LockFile, LockedPackage};

use super::*;

const SHA: &str = "3b5ad78b8bb61b6cdc0978a6a99f8dfb2cc789a451378d054698441005ecbdb6";
const MD5: &str = "f9e5fbc24009179e8b0409624691758a";

/// A record of the channel `studio`; `more` is further JSON, beginning with a comma.
pub(super) fn record(name: &str, version: &str, depends: &[&str], more: &str) -> Record {
    let subdir = if more.contains("noarch") {
        "noarch"
    } else {
        "linux-64"
    };
    let depends: Vec<String> = depends.iter().map(|spec| format!("{spec:?}")).collect();
    let channel = "https://conda.example.org/studio/";
    let text = format!(
        r#"{{"name":"{name}","version":"{version}","build":"h1_0","build_number":0,"subdir":"{subdir}",
        "arch":"x86_64","platform":"linux","depends":[{}],"fn":"{name}-{version}-h1_0.conda","size":10,
        "url":"{channel}{subdir}/{name}-{version}-h1_0.conda","channel":"{channel}"{more}}}"#,
        depends.join(",")
    );
    Record::from_text(&text).unwrap()
}

fn hashed(name: &str, version: &str, depends: &[&str]) -> Record {
    record(
        name,
        version,
        depends,
        &format!(r#","sha256":"{SHA}","md5":"{MD5}""#),
    )
}

fn platform(records: Vec<Record>) -> LockedPlatform {
    LockedPlatform {
        platform: "linux-64".parse().unwrap(),
        virtual_packages: vec!["__glibc=2.28=0".to_owned(), "__unix=0=0".to_owned()],
        records,
        distributions: Vec::new(),
    }
}

fn environment() -> Environment {
    let mut linux = platform(vec![
        hashed(
            "numpy",
            "1.26.4",
            &[
                "python >=3.11,<3.12.0a0",
                "python_abi 3.11.* *_cp311",
                "__glibc >=2.17",
            ],
        ),
        hashed("python", "3.11.9", &["openssl >=3.2.1,<4.0a0", "openssl"]),
        record(
            "openssl",
            "3.3.0",
            &[],
            &format!(
                r#","md5":"{MD5}","constrains":["pyopenssl >=22.1"],"license":"Apache-2.0","timestamp":1716221475867"#
            ),
        ),
    ]);
    linux.distributions.push(Distribution {
        name: "clique".to_owned(),
        version: "1.6.1".to_owned(),
        location: Location::Url(
            "https://pypi.example.org/clique-1.6.1-py2.py3-none-any.whl".to_owned(),
        ),
        hashes: BTreeMap::from([("sha256".to_owned(), SHA.to_owned())]),
        requires: vec![
            "six>=1.10 ; python_version < '4'".to_owned(),
            "arrow[x]".to_owned(),
        ],
        requires_python: Some(">=2.7".to_owned()),
        index: Some("https://pypi.example.org/simple/".to_owned()),
    });
    Environment {
        name: "default".to_owned(),
        channels: vec!["https://conda.example.org/studio/".to_owned()],
        priority: Priority::Strict,
        indexes: vec!["https://pypi.example.org/simple/".to_owned()],
        platforms: vec![linux],
    }
}

#[test]
fn explicit_lists_are_in_an_order_that_installs() {
    let text = explicit::write(&environment().platforms[0]).unwrap();
    assert_snapshot!(text, @"
    # platform: linux-64
    @EXPLICIT
    https://conda.example.org/studio/linux-64/openssl-3.3.0-h1_0.conda#f9e5fbc24009179e8b0409624691758a
    https://conda.example.org/studio/linux-64/python-3.11.9-h1_0.conda#sha256:3b5ad78b8bb61b6cdc0978a6a99f8dfb2cc789a451378d054698441005ecbdb6
    https://conda.example.org/studio/linux-64/numpy-1.26.4-h1_0.conda#sha256:3b5ad78b8bb61b6cdc0978a6a99f8dfb2cc789a451378d054698441005ecbdb6
    ");
    let read = ExplicitEnvironmentSpec::from_str(&text).unwrap();
    assert_eq!(
        read.platform
            .map(|platform| platform.to_string())
            .as_deref(),
        Some("linux-64")
    );
    assert!(
        read.packages
            .iter()
            .all(|entry| entry.package_archive_hash().unwrap().is_some())
    );
}

#[test]
fn pixi_lock_holds_whole_records() {
    let environment = environment();
    let text = pixi::write(std::slice::from_ref(&environment)).unwrap();
    assert_snapshot!(text, @"
    version: 7
    platforms:
    - name: linux-64
      virtual-packages:
      - __glibc=2.28=0
      - __unix=0=0
    environments:
      default:
        channels:
        - url: https://conda.example.org/studio/
        indexes:
        - https://pypi.example.org/simple/
        packages:
          linux-64:
          - conda: https://conda.example.org/studio/linux-64/numpy-1.26.4-h1_0.conda
          - conda: https://conda.example.org/studio/linux-64/openssl-3.3.0-h1_0.conda
          - conda: https://conda.example.org/studio/linux-64/python-3.11.9-h1_0.conda
          - pypi: https://pypi.example.org/clique-1.6.1-py2.py3-none-any.whl
    packages:
    - conda: https://conda.example.org/studio/linux-64/numpy-1.26.4-h1_0.conda
      sha256: 3b5ad78b8bb61b6cdc0978a6a99f8dfb2cc789a451378d054698441005ecbdb6
      md5: f9e5fbc24009179e8b0409624691758a
      depends:
      - python >=3.11,<3.12.0a0
      - python_abi 3.11.* *_cp311
      - __glibc >=2.17
      size: 10
    - conda: https://conda.example.org/studio/linux-64/openssl-3.3.0-h1_0.conda
      md5: f9e5fbc24009179e8b0409624691758a
      constrains:
      - pyopenssl >=22.1
      license: Apache-2.0
      size: 10
      timestamp: 1716221475867
    - conda: https://conda.example.org/studio/linux-64/python-3.11.9-h1_0.conda
      sha256: 3b5ad78b8bb61b6cdc0978a6a99f8dfb2cc789a451378d054698441005ecbdb6
      md5: f9e5fbc24009179e8b0409624691758a
      depends:
      - openssl >=3.2.1,<4.0a0
      - openssl
      size: 10
    - pypi: https://pypi.example.org/clique-1.6.1-py2.py3-none-any.whl
      name: clique
      version: 1.6.1
      sha256: 3b5ad78b8bb61b6cdc0978a6a99f8dfb2cc789a451378d054698441005ecbdb6
      index: https://pypi.example.org/simple/
      requires_dist:
      - six>=1.10 ; python_full_version < '4'
      - arrow[x]
      requires_python: '>=2.7'
    ");
    let read = LockFile::from_str_with_base_directory(&text, None).unwrap();
    let platform = read.platform("linux-64").unwrap();
    assert_eq!(
        platform.virtual_packages(),
        environment.platforms[0].virtual_packages
    );
    let default = read.default_environment().unwrap();
    let packages: Vec<&LockedPackage> = default.packages(platform).unwrap().collect();
    assert_eq!(packages.len(), 4);
    let records = default.conda_repodata_records(platform).unwrap().unwrap();
    for record in &environment.platforms[0].records {
        let found = records
            .iter()
            .find(|one| one.url.as_str() == record.url())
            .unwrap();
        assert_eq!(found.package_record, record.rattler().package_record);
    }
    assert_eq!(
        read.render_to_string().unwrap(),
        text,
        "written again, it is the same"
    );
}

#[test]
fn conda_lock_says_what_was_assumed() {
    let text = conda_lock::write(&environment(), &["environment.yml".to_owned()]).unwrap();
    assert_snapshot!(text, @r#"
    version: 1
    metadata:
      content_hash:
        linux-64: 808117f7fa4184839f580dc5a345421bf4f29999832fa69dcdd0359a6e1a727e
      channels:
      - url: https://conda.example.org/studio/
        used_env_vars: []
      platforms:
      - linux-64
      sources:
      - environment.yml
      custom_metadata:
        channel_priority: strict
        virtual_packages.linux-64: __glibc=2.28=0 __unix=0=0
    package:
    - build: h1_0
      category: main
      dependencies:
        python: ">=3.11,<3.12.0a0"
        python_abi: 3.11.* *_cp311
      hash:
        md5: f9e5fbc24009179e8b0409624691758a
        sha256: 3b5ad78b8bb61b6cdc0978a6a99f8dfb2cc789a451378d054698441005ecbdb6
      manager: conda
      name: numpy
      optional: false
      platform: linux-64
      url: https://conda.example.org/studio/linux-64/numpy-1.26.4-h1_0.conda
      version: "1.26.4"
    - build: h1_0
      category: main
      dependencies: {}
      hash:
        md5: f9e5fbc24009179e8b0409624691758a
      manager: conda
      name: openssl
      optional: false
      platform: linux-64
      url: https://conda.example.org/studio/linux-64/openssl-3.3.0-h1_0.conda
      version: "3.3.0"
    - build: h1_0
      category: main
      dependencies:
        openssl: ">=3.2.1,<4.0a0"
      hash:
        md5: f9e5fbc24009179e8b0409624691758a
        sha256: 3b5ad78b8bb61b6cdc0978a6a99f8dfb2cc789a451378d054698441005ecbdb6
      manager: conda
      name: python
      optional: false
      platform: linux-64
      url: https://conda.example.org/studio/linux-64/python-3.11.9-h1_0.conda
      version: "3.11.9"
    - category: main
      dependencies:
        arrow: "*"
        six: ">=1.10"
      hash:
        sha256: 3b5ad78b8bb61b6cdc0978a6a99f8dfb2cc789a451378d054698441005ecbdb6
      manager: pip
      name: clique
      optional: false
      platform: linux-64
      url: https://pypi.example.org/clique-1.6.1-py2.py3-none-any.whl
      version: "1.6.1"
    "#);
    let read = rattler_conda_lock::LockFile::from_str(&text).unwrap();
    assert_eq!(read.package.len(), 4);
    LockFile::from_conda_lock(&read, &rattler_lock::conda_lock::ImportOptions::default()).unwrap();
}

#[test]
fn several_environments_share_a_pixi_lock() {
    let launcher = Environment {
        name: "launcher".to_owned(),
        ..environment()
    };
    let mut maya = Environment {
        name: "maya-2025".to_owned(),
        ..environment()
    };
    maya.platforms[0].records.pop();
    let text = pixi::write(&[launcher, maya.clone()]).unwrap();
    let read = LockFile::from_str_with_base_directory(&text, None).unwrap();
    let names: std::collections::BTreeSet<&str> =
        read.environments().map(|(name, _)| name).collect();
    assert!(names.into_iter().eq(["launcher", "maya-2025"]));

    maya.platforms[0].virtual_packages.pop();
    let launcher = environment();
    let error = pixi::write(&[launcher, maya]).unwrap_err();
    assert_snapshot!(error, @"linux-64: two environments assume different virtual packages of it; write them to two files");
}

#[test]
fn a_file_without_a_hash_is_no_lock() {
    let bare = || platform(vec![record("numpy", "1.0", &[], "")]);
    let mut environment = environment();
    environment.platforms = vec![bare()];
    for error in [
        explicit::write(&bare()).unwrap_err(),
        pixi::write(std::slice::from_ref(&environment)).unwrap_err(),
        conda_lock::write(&environment, &[]).unwrap_err(),
    ] {
        assert_eq!(error.what, "numpy-1.0-h1_0.conda");
        assert_eq!(error.reason, NO_HASH);
    }
}

#[test]
fn only_files_at_urls_reach_conda_lock() {
    let mut environment = environment();
    let clique = &mut environment.platforms[0].distributions[0];
    clique.location = Location::Git(
        "git+https://git.example.org/clique.git?rev=1.6#0123456789abcdef0123456789abcdef01234567"
            .to_owned(),
    );
    clique.hashes.clear();
    let error = conda_lock::write(&environment, &[]).unwrap_err();
    assert_snapshot!(error, @"clique: conda-lock.yml holds files at URLs only; write pixi.lock, or publish it to an index");
    let text = pixi::write(&[environment]).unwrap();
    LockFile::from_str_with_base_directory(&text, None).unwrap();
}

#[test]
fn cycles_are_cut_and_everything_is_listed_once() {
    let records = [
        hashed("python", "3.12", &["pip"]),
        hashed("pip", "24", &["python", "missing"]),
        hashed("a", "1", &["python"]),
    ];
    let ordered: Vec<String> = order::installable(&records)
        .iter()
        .map(|record| record.name().to_string())
        .collect();
    assert_eq!(ordered, ["pip", "python", "a"]);
}

proptest! {
    #[test]
    fn the_order_of_records_changes_no_byte(seed in Just(environment()).prop_flat_map(|environment| {
        Just(environment.platforms[0].records.clone()).prop_shuffle()
    })) {
        let mut shuffled = environment();
        shuffled.platforms[0].records = seed;
        let all = |environment: &Environment| (
            explicit::write(&environment.platforms[0]).unwrap(),
            pixi::write(std::slice::from_ref(environment)).unwrap(),
            conda_lock::write(environment, &[]).unwrap(),
        );
        prop_assert_eq!(all(&environment()), all(&shuffled));
    }

    #[test]
    fn names_of_specs_are_found(name in "[a-z_][a-z0-9_.-]{0,8}", rest in "( .*|[=<>!~\\[].*)?") {
        let spec = format!("{name}{rest}");
        prop_assert_eq!(order::name(&spec), name.as_str());
        let spec = format!("conda-forge::{spec}");
        prop_assert_eq!(order::name(&spec), name.as_str());
    }
}
