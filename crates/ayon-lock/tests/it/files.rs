//! Files are held against the lock.

use std::collections::BTreeMap;

use ayon_lock::{ExpectedFile, FileFinding, FoundFile, files, verify};

use crate::sample;

fn right(file: &ExpectedFile) -> FoundFile {
    FoundFile {
        size: file.size.unwrap(),
        hashes: file.hashes.clone(),
    }
}

fn told(findings: &[FileFinding]) -> String {
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    findings.join("\n")
}

#[test]
fn right_files_are_right_and_each_is_asked_for_once() {
    let lock = sample::lock();
    let mut asked = Vec::new();
    let findings = verify(&lock, |file| {
        asked.push(file.clone());
        Some(right(file))
    });
    assert_eq!(findings, []);
    assert_eq!(asked, files(&lock));
    assert_eq!(asked.len(), 4);
}

#[test]
fn one_of_the_files_of_a_package_is_enough() {
    let lock = sample::lock();
    let no_wheels = verify(&lock, |file| {
        (!file.name.ends_with("whl")).then(|| right(file))
    });
    assert_eq!(no_wheels, []);
    insta::assert_snapshot!(told(&verify(&lock, |_| None)), @"opentimelineio 0.16.0 0: no opentimelineio-0.16.0-0.conda for headless on linux-64, launcher on linux-64, maya/2025 on win-64
python 3.11.9 0: no python-3.11.9-0.conda for headless on linux-64, launcher on linux-64, maya/2025 on win-64
requests 2.31.0: no requests-2.31.0-py3-none-any.whl and no requests-2.31.0.tar.gz for launcher on linux-64");
}

#[test]
fn wrong_files_are_told_with_what_is_wrong() {
    let lock = sample::lock();
    let findings = verify(&lock, |file| {
        let mut found = right(file);
        match file.owner.name.as_str() {
            "python" => found.size += 1,
            "opentimelineio" => {
                found.size += 1;
                found.hashes.insert("sha256".to_owned(), "00".to_owned());
            }
            _ => found.hashes = BTreeMap::from([("md5".to_owned(), "00".to_owned())]),
        }
        Some(found)
    });
    insta::assert_snapshot!(told(&findings), @"opentimelineio-0.16.0-0.conda (opentimelineio 0.16.0 0): sha256 is 00, the lock says e7cd193c2c3960f70bb0ce829d18a5261f4dd80d92b0421793503453b3d33460: these are not the bytes that were locked
python-3.11.9-0.conda (python 3.11.9 0): 1201 bytes, the lock says 1200: it is damaged, or another file
requests-2.31.0-py3-none-any.whl (requests 2.31.0): the lock has no hash that proves it
requests-2.31.0.tar.gz (requests 2.31.0): the lock has no hash that proves it");
}
