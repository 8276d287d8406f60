//! Reads a repository and prints everything a solve would read of it, as JSON: to look at, and to be compared with rez.
//!
//! ```text
//! cargo run -p rez --example list_repository -- /studio/packages [PYTHON]
//! ```
//! With a Python, package files that compute something are run by it.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "an example is a small program: it prints, and has a clock"
)]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use rez::repository::{Facts, FilesystemRepository, Options, Python, Repository};
use rez::{Package, PackageKind};
use serde_json::{Map, Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let path = arguments.next().ok_or("which repository?")?;
    let mut options = Options::new(SystemTime::now());
    options.python = arguments.next().map(|program| {
        let facts = Facts {
            building: true,
            ..Facts::default()
        };
        Arc::new(Python::new(program).with_facts(facts))
    });
    let repository = FilesystemRepository::open(Path::new(&path), &options)?;
    repository.read_all()?;
    let mut families = Map::new();
    for name in repository.family_names()? {
        let told = match repository.family(&name) {
            Ok(Some(family)) => family.packages.iter().map(tell).collect(),
            Ok(None) => Value::Null,
            Err(error) => json!({"error": error.to_string()}),
        };
        families.insert(name.to_string(), told);
    }
    let problems = repository.problems();
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let all = json!({
        "location": repository.location().path,
        "families": families,
        "problems": problems,
    });
    println!("{all:#}");
    Ok(())
}

fn tell(package: &Package) -> Value {
    let extension = match &package.kind {
        PackageKind::Folder => None,
        PackageKind::Combined { extension } => Some(&**extension),
    };
    let texts =
        |texts: &[Arc<str>]| -> Vec<String> { texts.iter().map(ToString::to_string).collect() };
    let mut told = json!({"version": package.version.as_str(), "combined": extension});
    match &package.definition {
        Ok(definition) => {
            told["requires"] = json!(texts(&definition.requires));
            told["build_requires"] = json!(texts(&definition.build_requires));
            told["variants"] = definition.variants().map_or(Value::Null, |variants| {
                variants
                    .iter()
                    .map(|variant| json!(texts(variant)))
                    .collect()
            });
            told["timestamp"] = json!(definition.timestamp);
            told["hashed_variants"] = json!(definition.hashed_variants);
        }
        Err(defect) => {
            told["defect"] = json!(format!("{:?}", defect.kind));
            told["message"] = json!(defect.to_string());
        }
    }
    told
}
