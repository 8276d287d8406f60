//! An `.rxt`: what is read is written, and reads the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rez::{Context, ContextDifference};

fuzz_target!(|text: &str| {
    let Ok(context) = Context::read(text) else {
        return;
    };
    let written = context.write();
    let again = Context::read(&written).expect("what we write, we read");
    assert_eq!(again.write(), written);
    let _ = ContextDifference::between(&context, &again);
});
