//! A project page of links, and the same as a flat list: what is read is kept, and reads the same from its packed form.
#![no_main]

use ayon_fuzz::check_project;
use libfuzzer_sys::fuzz_target;
use pypi::page::{Page, links, parse};

fuzz_target!(|bytes: &[u8]| {
    let page = Page {
        bytes,
        content_type: "text/html; charset=utf-8",
        url: "https://index.invalid/simple/a/",
    };
    if let Ok(name) = "a".parse()
        && let Ok(project) = parse(&page, &name, "https://index.invalid/simple")
    {
        check_project(&project);
    }
    if let Ok(links) = links(&page) {
        for name in links.names().cloned().collect::<Vec<_>>() {
            if let Ok(Some(project)) = links.project(&name, "a flat page") {
                check_project(&project);
            }
        }
    }
});
