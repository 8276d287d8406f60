//! `docs/errors.md` is what the program prints.

use std::path::Path;

use crate::Place;

/// A command of the document, and what stands below it.
struct Shown {
    command: String,
    output: String,
}

/// The blocks of a document that show a command, `$ ayon-resolve …`, and its output.
fn shown(document: &str) -> Vec<Shown> {
    let blocks = document.split("```console\n$ ayon-resolve ").skip(1);
    let shown = blocks.map(|block| {
        let block = block.split("```").next().unwrap();
        let (command, output) = block.split_once('\n').unwrap();
        Shown {
            command: command.to_owned(),
            output: output.to_owned(),
        }
    });
    shown.collect()
}

/// Words as a shell tells them apart, where it knows no more than double quotes.
fn words(command: &str) -> Vec<&str> {
    let quoted = command.split('"').enumerate();
    let words = quoted.flat_map(|(index, part)| {
        if index % 2 == 1 {
            vec![part]
        } else {
            part.split_whitespace().collect()
        }
    });
    words.collect()
}

#[test]
fn every_conflict_of_the_document_is_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let document = ayon_disk::read_to_string(&root.join("docs/errors.md"), 1 << 20).unwrap();
    let shown = shown(&document);
    assert_eq!(shown.len(), 5);
    let place = Place::new();
    for Shown { command, output } in shown {
        let mut arguments = words(&command);
        arguments.push("--no-config");
        let run = place.command("", &arguments).current_dir(&root).output();
        let run = run.unwrap();
        assert_eq!(run.status.code(), Some(1), "{command}");
        assert!(run.stdout.is_empty(), "{command}");
        let printed = String::from_utf8(run.stderr).unwrap();
        assert_eq!(printed, output, "what is printed has changed: {command}");
        let facts = printed.split("\nhint: ").next().unwrap();
        assert!(facts.lines().count() <= 12, "{command}");
    }
}
