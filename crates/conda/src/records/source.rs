//! Where the records of a subdir are read from when they are not packed yet: a repodata on this machine.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::pack::Packer;
use super::patch::Patches;
use super::repodata;
use crate::{Channel, Platform, RecordsError};

/// More than any repodata has; conda-forge's largest comes to half of it.
const LONGEST: u64 = 2 << 30;

/// A repodata on this machine: a `repodata.json` or a `repodata.json.zst`, told apart by its first bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repodata {
    path: PathBuf,
    patches: Option<PathBuf>,
}

impl Repodata {
    /// The repodata of a file.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Repodata {
            path: path.into(),
            patches: None,
        }
    }

    /// The same, corrected by the patch instructions of a file (`patch_instructions.json`, as conda-index reads them).
    #[must_use]
    pub fn with_patches(self, path: impl Into<PathBuf>) -> Self {
        Repodata {
            patches: Some(path.into()),
            ..self
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads and packs it under a key.
    pub(crate) fn pack(
        &self,
        channel: &Channel,
        platform: Platform,
        key: &str,
    ) -> Result<Vec<u8>, RecordsError> {
        let fail = |reason: String| RecordsError {
            channel: channel.clone(),
            platform,
            reason,
            source: None,
        };
        let read = |path: &Path| {
            ayon_disk::read(path, LONGEST).map_err(|error| RecordsError {
                source: Some(Box::new(error)),
                ..fail(format!("`{}` cannot be read", path.display()))
            })
        };
        let wrong =
            |path: &Path, bytes: &[u8], error: &serde_json::Error| fail(tell(path, bytes, error));

        let patches = match &self.patches {
            None => Patches::default(),
            Some(path) => {
                let bytes = read(path)?;
                Patches::read(&bytes).map_err(|error| wrong(path, &bytes, &error))?
            }
        };
        let bytes = unpack(read(&self.path)?).map_err(|reason| {
            fail(format!(
                "`{}` cannot be unpacked: {reason}",
                self.path.display()
            ))
        })?;
        let mut packer = Packer::default();
        repodata::read(&bytes, platform.as_str(), &patches, &mut packer)
            .map_err(|error| wrong(&self.path, &bytes, &error))?;
        packer.finish(key).map_err(|_| {
            fail(format!(
                "`{}` holds more than can be kept",
                self.path.display()
            ))
        })
    }
}

/// The bytes themselves, or what they are compressed from.
fn unpack(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    const MAGIC: &[u8] = b"\x28\xb5\x2f\xfd";
    if !bytes.starts_with(MAGIC) {
        return Ok(bytes);
    }
    let tell = |error: std::io::Error| error.to_string();
    let reader = zstd::Decoder::with_buffer(bytes.as_slice()).map_err(tell)?;
    // Repodata shrinks to an eighth or so.
    let mut unpacked = Vec::with_capacity(bytes.len().saturating_mul(8));
    reader
        .take(LONGEST + 1)
        .read_to_end(&mut unpacked)
        .map_err(tell)?;
    if unpacked.len() as u64 > LONGEST {
        return Err(format!("it has more than {LONGEST} bytes"));
    }
    Ok(unpacked)
}

/// What is wrong with a JSON file, and where: repodata is often a single line, so a byte says more than a line.
fn tell(path: &Path, bytes: &[u8], error: &serde_json::Error) -> String {
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines
        .take(error.line().saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    let byte = before + error.column();
    let path = path.display();
    if error.is_eof() {
        let length = bytes.len();
        return format!(
            "`{path}` is not whole: it ends after {length} bytes, in the middle of a value; fetch it again"
        );
    }
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let message = crate::name::printable(message);
    let kind = if error.is_syntax() {
        "is not JSON"
    } else {
        "is not a repodata"
    };
    format!("`{path}` {kind}: {message}, at byte {byte}")
}
