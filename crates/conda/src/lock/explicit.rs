//! `@EXPLICIT`: the URLs of one platform's packages with their hashes, in an order that can be installed (CEP 23).
//!
//! `conda create --file` and `micromamba` install such a list without a solve. A hash is written as `#sha256:…`, or as the
//! bare digits of an md5 where the channel says nothing better: CEP 23 has both.

use super::{LockError, LockedPlatform, NO_HASH, order};
use crate::Record;

/// Writes conda's packages of `platform`; its Python distributions have no form here.
///
/// # Errors
/// A record has no hash.
pub fn write(platform: &LockedPlatform) -> Result<String, LockError> {
    let mut text = format!("# platform: {}\n@EXPLICIT\n", platform.platform);
    for record in order::installable(&platform.records) {
        text.push_str(&line(record)?);
        text.push('\n');
    }
    Ok(text)
}

fn line(record: &Record) -> Result<String, LockError> {
    let url = record.url();
    if let Some(digits) = record.sha256() {
        Ok(format!("{url}#sha256:{digits}"))
    } else if let Some(digits) = record.md5() {
        Ok(format!("{url}#{digits}"))
    } else {
        Err(LockError::new(&record.file_name(), &NO_HASH))
    }
}
