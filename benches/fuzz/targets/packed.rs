//! What a cache may hand back, damaged in any way: projects and metadata are refused, or can be walked without harm.
#![no_main]

use ayon_fuzz::{check_metadata, walk_project};
use libfuzzer_sys::fuzz_target;
use pypi::{Metadata, Project};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(project) = Project::decode(bytes.to_vec()) {
        walk_project(&project);
    }
    if let Ok(metadata) = Metadata::decode(bytes.to_vec()) {
        check_metadata(&metadata);
    }
});
