//! Whom to believe: the machine's authorities, or those that the user's variables name, and a studio's own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use crate::{SetupError, line};

/// Where the certificates of authorities are. Empty: where the platform keeps its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// A file of PEM certificates instead of the platform's: the value of `SSL_CERT_FILE`.
    pub file: Option<PathBuf>,
    /// Folders of PEM certificates instead of the platform's: the value of `SSL_CERT_DIR`, split as a path list.
    pub folders: Vec<PathBuf>,
    /// Files of PEM certificates in addition to either.
    pub more: Vec<PathBuf>,
}

/// TLS that believes these. `ring` rather than the default provider: it builds without cmake and in a fraction of the
/// time. It is given here, not installed, because nothing in a library should be process-wide.
pub(super) fn config(trust: &Trust) -> Result<ClientConfig, SetupError> {
    let broken = |error: rustls::Error| SetupError::Tls(line(&error.to_string()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut more = Vec::new();
    for path in &trust.more {
        more.extend(certificates(path)?);
    }
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(broken)?;
    let mut config = if trust.file.is_some() || !trust.folders.is_empty() {
        builder.with_root_certificates(named(trust, more)?)
    } else {
        let verifier = Verifier::new_with_extra_roots(more, provider).map_err(broken)?;
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
    }
    .with_no_client_auth();
    // Many answers over one connection where the server can: half the time of fifty connections, when measured.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// The authorities of the user's variables. A place that does not exist is no error as long as another one has some:
/// environments are known to name files of machines that they were made on.
fn named(trust: &Trust, more: Vec<CertificateDer<'static>>) -> Result<RootCertStore, SetupError> {
    let mut all = Vec::new();
    let mut first_fault = None;
    let folders = trust.folders.iter().flat_map(|folder| files(folder));
    for path in trust.file.iter().cloned().chain(folders) {
        match certificates(&path) {
            Ok(certificates) => all.extend(certificates),
            Err(fault) => first_fault = first_fault.or(Some(fault)),
        }
    }
    // Folders hold a certificate under two names, and often all of them once more in one file.
    all.sort_unstable_by(|one: &CertificateDer<'_>, other| one.as_ref().cmp(other.as_ref()));
    all.dedup();
    let mut store = RootCertStore::empty();
    let (added, _) = store.add_parsable_certificates(all);
    if added == 0 {
        let place = trust
            .file
            .as_deref()
            .or(trust.folders.first().map(PathBuf::as_path));
        return Err(first_fault.unwrap_or_else(|| SetupError::Trust {
            path: place
                .map(|path| path.display().to_string())
                .unwrap_or_default(),
            reason: "there are none".to_owned(),
        }));
    }
    for certificate in more {
        let added = store.add(certificate);
        added.map_err(|error| SetupError::Tls(line(&error.to_string())))?;
    }
    Ok(store)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    files.sort_unstable();
    files
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, SetupError> {
    let fault = |reason: String| SetupError::Trust {
        path: path.display().to_string(),
        reason,
    };
    let bytes = std::fs::read(path).map_err(|error| fault(error.to_string()))?;
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match read {
        Ok(certificates) if certificates.is_empty() => Err(fault("there are none".to_owned())),
        Ok(certificates) => Ok(certificates),
        Err(error) => Err(fault(line(&error.to_string()))),
    }
}
