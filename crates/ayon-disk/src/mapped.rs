//! A file of a cache, in memory without being read.
//!
//! What is large and looked at here and there is mapped: opening costs no more than the pages that are looked at. Only
//! this module may do so, and only with files that this crate writes.

use std::fs::File;
use std::io;
use std::ops::Deref;
use std::path::Path;

/// The bytes of a mapped file. They outlive its name: who replaces or removes the file changes nothing here.
#[derive(Debug)]
pub struct Mapped {
    map: memmap2::Mmap,
}

impl Mapped {
    /// Maps a whole file, for reading.
    #[expect(
        unsafe_code,
        reason = "mapping is unsafe to the compiler, since a file can change under a program; these do not"
    )]
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: the bytes behind a shared slice must stay as they are. Files that get here lie in a folder of the cache's,
        // and this crate writes such a file under another name, gives it its name by a rename when it is whole, and from
        // then on only replaces or removes the name; no code opens one for writing or changes its length. The mapping holds
        // the file itself, not the name. A foreign program that writes into the file all the same can make a reader see
        // other bytes, which its checksums are there to tell, or end the process, as it could by writing into the program.
        let map = unsafe { memmap2::Mmap::map(&file) }?;
        Ok(Mapped { map })
    }
}

impl Deref for Mapped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.map
    }
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.map
    }
}
