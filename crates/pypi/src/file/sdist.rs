//! The metadata in a source distribution: the `PKG-INFO` in its folder.
//!
//! What stands there holds for what is built from it only where it says so
//! ([`Metadata::static_dependencies`](crate::Metadata::static_dependencies)).

use flate2::read::MultiGzDecoder;

use crate::file::archive::zip::{Part, Stop, Zip};
use crate::file::archive::{ArchiveError, Fault, tar};
use crate::file::sdist_name::{SdistKind, SdistName};
use crate::name::DistributionName;

/// The `PKG-INFO` of a source distribution, a `.tar.gz` or a `.zip` that is there as a whole.
///
/// # Errors
/// If it has none, is damaged, is larger inside than any is, or is of another kind.
pub fn metadata_of(
    sdist: &[u8],
    kind: SdistKind,
    name: &DistributionName,
) -> Result<Vec<u8>, ArchiveError> {
    let is_wanted = |path: &str| {
        let folder = path
            .strip_prefix("./")
            .unwrap_or(path)
            .strip_suffix("/PKG-INFO");
        folder.is_some_and(|folder| {
            !folder.contains('/') && SdistName::parse(&format!("{folder}.zip"), name).is_ok()
        })
    };
    let found = match kind {
        SdistKind::TarGz => tar::find(MultiGzDecoder::new(sdist), is_wanted)?,
        SdistKind::Zip => find_in_zip(sdist, is_wanted)?,
        SdistKind::TarBz2 => {
            let reason = "it is compressed by bzip2, which no index takes any more".to_owned();
            return Err(Fault::Unsupported(reason).into());
        }
    };
    found.ok_or_else(|| Fault::Missing(format!("{name}-VERSION/PKG-INFO")).into())
}

fn find_in_zip(sdist: &[u8], is_wanted: impl Fn(&str) -> bool) -> Result<Option<Vec<u8>>, Fault> {
    let whole = Part {
        start: 0,
        bytes: sdist,
    };
    let parts = [whole];
    let zip = Zip::new(&parts, sdist.len() as u64);
    let find = || -> Result<Option<Vec<u8>>, Stop> {
        let directory = zip.directory()?;
        for entry in directory.entries() {
            let entry = entry?;
            if std::str::from_utf8(entry.name).is_ok_and(&is_wanted) {
                return zip.contents(&entry, directory.start()).map(Some);
            }
        }
        Ok(None)
    };
    find().map_err(|stop| match stop {
        Stop::Fault(fault) => fault,
        Stop::Needs(_) => Fault::Damaged("an entry is cut off"),
    })
}
