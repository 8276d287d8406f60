//! `METADATA`: what is read reads the same from its packed form, and what is needed is found for every extra.
#![no_main]

use ayon_fuzz::check_metadata;
use libfuzzer_sys::fuzz_target;
use pypi::Metadata;

fuzz_target!(|bytes: &[u8]| {
    let Ok(metadata) = Metadata::parse(bytes) else {
        return;
    };
    let again = Metadata::decode(metadata.encode().to_vec()).expect("what we pack, we unpack");
    assert_eq!(again.name(), metadata.name());
    assert_eq!(again.version(), metadata.version());
    assert_eq!(again.encode(), metadata.encode());
    check_metadata(&metadata);
});
