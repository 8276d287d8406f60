//! A record as a lock and a remembered answer keep it.
#![no_main]

use ayon_fuzz::check_record;
use conda::{Record, Spec};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Record::from_text(text) {
        Ok(record) => {
            let _ = check_record(&record);
            assert!(Spec::exact(&record).matches(&record));
        }
        Err(error) => assert!(!error.to_string().contains('\n'), "{error}"),
    }
});
