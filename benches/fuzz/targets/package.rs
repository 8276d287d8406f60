//! A `package.py`, and the same bytes as a `package.yaml`: its literals, and what the solver learns from it.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use rez::{Definition, Requirement};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(module) = python_literal::parse_bytes(bytes, python_literal::MAX_BYTES) {
        for name in ["name", "requires", "variants", "timestamp"] {
            let _ = module.get(name);
        }
    }
    for file in ["package.py", "package.yaml"] {
        match Definition::read(bytes, Path::new(file)) {
            Ok(definition) => {
                let variants = definition.variants.iter().flatten().flatten();
                for request in definition.requires.iter().chain(variants) {
                    let _ = Requirement::parse_request(request);
                }
            }
            Err(defect) => assert_eq!(defect.file, Path::new(file)),
        }
    }
});
