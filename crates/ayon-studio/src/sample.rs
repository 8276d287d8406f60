//! The sample studio: the files of `fixtures/studio`, compiled into the program by the build script.

use crate::files::Files;

include!(concat!(env!("OUT_DIR"), "/sample.rs"));

/// The sample studio's folder.
pub(crate) const FILES: Files = Files::Embedded(SAMPLE);
