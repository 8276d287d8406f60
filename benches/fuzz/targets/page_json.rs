//! A project page of JSON, as `page_html`.
#![no_main]

use ayon_fuzz::check_project;
use libfuzzer_sys::fuzz_target;
use pypi::page::{Page, parse};

fuzz_target!(|bytes: &[u8]| {
    let page = Page {
        bytes,
        content_type: "application/vnd.pypi.simple.v1+json",
        url: "https://index.invalid/simple/a/",
    };
    if let Ok(name) = "a".parse()
        && let Ok(project) = parse(&page, &name, "https://index.invalid/simple")
    {
        check_project(&project);
    }
});
