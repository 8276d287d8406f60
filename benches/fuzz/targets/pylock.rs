//! A `pylock.toml`: what is read is written, and reads the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pypi::lock::pylock::Pylock;

const TOOL: &str = "ayon-resolve";

fuzz_target!(|text: &str| {
    let Ok(lock) = Pylock::read(text, TOOL) else {
        return;
    };
    let written = lock.to_text(TOOL);
    let again = Pylock::read(&written, TOOL).expect("what we write, we read");
    assert_eq!(again.to_text(TOOL), written);
});
