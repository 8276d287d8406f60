//! Writes a page about made-up resolutions to standard output, for whoever looks at pages: a browser, or the script that
//! drives one.
//!
//! * `page large [COUNT]`: a bundle of that many packages, three hundred where nothing is said, and what changed.
//! * `page conflict`: a conflict, its hints, and a small bundle.
//! * `page hostile`: names that would be markup, were they not escaped.
//! * `page svg [COUNT]`: the picture alone.

#![expect(clippy::print_stdout, reason = "a page is what it is for")]
#![expect(clippy::unwrap_used, reason = "made-up values are right")]

use std::env::args;

use ayon_explain::picture::{Page, Words, page, svg};
use ayon_explain::{Difference, Graph};

#[path = "../tests/it/made.rs"]
mod made;

fn main() {
    let arguments: Vec<String> = args().skip(1).collect();
    let count = arguments
        .get(1)
        .and_then(|count| count.parse().ok())
        .unwrap_or(300);
    let staging = made::large("staging", count, 1);
    let after = Graph::of(&staging.0);
    let before = Graph::of(&made::earlier(staging, "production").0);
    let small = Graph::of(&made::film("film").0);
    let conflict = made::conflict();
    let difference = Difference::of(("production", &before), ("staging", &after));
    let page = match arguments.first().map_or("large", String::as_str) {
        "conflict" => page(&Page {
            title: "bundle film",
            graphs: vec![("launcher on linux-64", &small)],
            conflict: Some(&conflict),
            hints: vec!["launcher 1.6.3 would do".to_owned()],
            difference: None,
        }),
        "hostile" => {
            let graph = Graph::of(&made::hostile().0);
            page(&Page {
                title: "</title><script>broken = 1</script>",
                graphs: vec![("<b>", &graph)],
                ..Page::default()
            })
        }
        "svg" => svg(&after, Words::IfFew),
        _ => page(&Page {
            title: "bundle staging",
            graphs: vec![("launcher on linux-64", &after), ("film", &small)],
            difference: Some(&difference),
            ..Page::default()
        }),
    };
    print!("{page}");
}
