//! TLS: whom to believe, and what is said of those who are not believed.

use std::path::PathBuf;

use pypi_client::http::{Http, HttpError, HttpFault, HttpOptions, PageAnswer, Trust};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tempfile::TempDir;

use super::{options, run, words};
use crate::server::{Server, say};

/// An authority, and a folder with its certificate.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut parameters = CertificateParams::new(Vec::new()).expect("parameters");
        parameters.distinguished_name.push(DnType::CommonName, name);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(parameters, key).expect("a certificate");
        let folder = tempfile::tempdir().expect("a folder");
        let authority = Self { issuer, folder };
        #[expect(clippy::disallowed_methods, reason = "a file of the test")]
        std::fs::write(authority.file(), authority.issuer.pem()).expect("a file");
        authority
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// A server for a host, with a certificate that this authority signed.
    fn server(&self, host: &str, last_year: i32) -> Server {
        let config = self.certified(host, last_year);
        Server::secure(config, |_, wire| say(wire, 200, &[], b"page"))
    }

    fn certified(&self, host: &str, last_year: i32) -> ServerConfig {
        let mut parameters = CertificateParams::new(vec![host.to_owned()]).expect("parameters");
        parameters.not_before = date_time_ymd(2000, 1, 1);
        parameters.not_after = date_time_ymd(last_year, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let certificate = parameters
            .signed_by(&key, &self.issuer)
            .expect("a certificate");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let provider = rustls::crypto::ring::default_provider();
        ServerConfig::builder_with_provider(provider.into())
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a certificate and its key")
    }

    /// Asks a server, believing this authority beside the platform's.
    fn ask(&self, server: &Server) -> Result<PageAnswer, HttpError> {
        let more = vec![self.file()];
        ask(
            Trust {
                more,
                ..Trust::default()
            },
            server,
        )
    }
}

fn ask(trust: Trust, server: &Server) -> Result<PageAnswer, HttpError> {
    let url = server.url("/simple/");
    let options = HttpOptions { trust, ..options() };
    run(options, async |http| http.page(&url, None).await)
}

fn says(answer: Result<PageAnswer, HttpError>, server: &Server) -> String {
    let error = answer.expect_err("not to be believed");
    assert!(matches!(error.fault(), HttpFault::Tls(_)), "{error}");
    let words = words(&error, &server.url("/simple/"));
    assert!(
        words.ends_with("; for a studio's own authority give its certificate with --ca-file"),
        "{words}"
    );
    assert!(server.requests().is_empty());
    words
}

#[test]
fn a_studios_own_authority_is_believed_where_it_is_given() {
    let authority = Authority::new("ours");
    let server = authority.server("127.0.0.1", 2100);
    let answer = authority.ask(&server);
    assert!(matches!(answer, Ok(PageAnswer::Page(_))), "{answer:?}");
    for trust in [
        Trust {
            file: Some(authority.file()),
            ..Trust::default()
        },
        Trust {
            folders: vec![authority.folder.path().to_owned()],
            ..Trust::default()
        },
        Trust {
            file: Some("/nothing/here.pem".into()),
            folders: vec![authority.folder.path().to_owned()],
            ..Trust::default()
        },
    ] {
        let answer = ask(trust, &server);
        assert!(matches!(answer, Ok(PageAnswer::Page(_))), "{answer:?}");
    }
}

#[test]
fn nobody_else_is_believed() {
    let (authority, other) = (Authority::new("ours"), Authority::new("theirs"));
    let server = other.server("127.0.0.1", 2100);
    let words = says(authority.ask(&server), &server);
    assert!(
        words.starts_with("the connection is not secure: invalid peer certificate: UnknownIssuer"),
        "{words}"
    );
    // Instead of the platform's means: not beside.
    let trust = Trust {
        file: Some(authority.file()),
        ..Trust::default()
    };
    says(ask(trust, &server), &server);
}

#[test]
fn an_old_certificate_is_not_believed() {
    let authority = Authority::new("ours");
    let server = authority.server("127.0.0.1", 2001);
    let words = says(authority.ask(&server), &server);
    assert!(words.contains("certificate expired"), "{words}");
}

#[test]
fn a_certificate_of_another_host_is_not_believed() {
    let authority = Authority::new("ours");
    let server = authority.server("index.invalid", 2100);
    let words = says(authority.ask(&server), &server);
    assert!(
        words.contains("certificate not valid for name \"127.0.0.1\""),
        "{words}"
    );
}

#[test]
fn a_server_that_does_not_speak_tls_is_said_so() {
    let server = Server::new(|_, wire| say(wire, 200, &[], b"page"));
    let url = server.url("/simple/").replace("http:", "https:");
    let error = run(options(), async |http| http.page(&url, None).await);
    let error = error.expect_err("no TLS");
    assert!(matches!(error.fault(), HttpFault::Tls(_)), "{error}");
    words(&error, &url);
}

#[test]
fn nothing_secure_becomes_open() {
    let open = Server::new(|_, wire| say(wire, 200, &[], b"page"));
    let authority = Authority::new("ours");
    let location = format!("Location: {}", open.url("/simple/?token=canary-4711"));
    let config = authority.certified("127.0.0.1", 2100);
    let server = Server::secure(config, move |_, wire| say(wire, 302, &[&location], b""));
    let answer = authority.ask(&server);
    let error = answer.expect_err("it is not followed");
    assert_eq!(
        words(&error, &server.url("/simple/")),
        format!(
            "it redirects to {}, which is not secure, and is not followed; use an address that stays on https",
            open.url("/simple/")
        )
    );
    assert!(open.requests().is_empty());
}

#[test]
fn certificates_that_cannot_be_read_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty.pem");
    #[expect(clippy::disallowed_methods, reason = "a file of the test")]
    std::fs::write(&empty, "nothing").expect("a file");
    for trust in [
        Trust {
            more: vec![empty.clone()],
            ..Trust::default()
        },
        Trust {
            file: Some(empty.clone()),
            ..Trust::default()
        },
        Trust {
            folders: vec![folder.path().to_owned()],
            ..Trust::default()
        },
    ] {
        let options = HttpOptions { trust, ..options() };
        let fault = Http::new(options).expect_err("no certificates");
        assert_eq!(
            fault.to_string(),
            format!(
                "the certificates in `{}` cannot be used: there are none; a file of PEM certificates is expected",
                empty.display()
            )
        );
    }
}
