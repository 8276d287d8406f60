//! Buckets that want a signature: requests are signed by the AWS SDK, with keys out of the file of credentials or out of
//! wherever the SDK finds some (variables, profiles, single sign-on, an assumed role, the machine).

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

use rattler_networking::authentication_storage::{AuthenticationStorageError, StorageBackend};
use rattler_networking::s3_middleware::{S3AddressingStyle, S3Config};
use rattler_networking::{Authentication, AuthenticationStorage, S3Middleware, S3MiddlewareError};
use transport::{cause, line};
use url::Url;

use super::credentials::{Credentials, Introduction};
use super::place::Bucket;

/// What turns a request for a bucket into one that is signed.
pub(super) fn middleware(buckets: &[Bucket], credentials: &Arc<Credentials>) -> S3Middleware {
    let mut storage = AuthenticationStorage::empty();
    storage.add_backend(Arc::new(Keys(Arc::clone(credentials))));
    let configured: BTreeMap<String, S3Config> = buckets
        .iter()
        .filter_map(|bucket| Some((bucket.name.clone(), config(bucket)?)))
        .collect();
    S3Middleware::new(configured.into_iter().collect(), storage)
}

/// None where the environment of AWS knows everything.
fn config(bucket: &Bucket) -> Option<S3Config> {
    let endpoint_url = match (&bucket.endpoint, &bucket.region) {
        (Some(endpoint), _) => endpoint.clone(),
        (None, Some(region)) => Url::parse(&format!("https://s3.{region}.amazonaws.com/")).ok()?,
        (None, None) => return None,
    };
    Some(S3Config::Custom {
        endpoint_url,
        region: bucket.region().to_owned(),
        addressing_style: if bucket.is_path {
            S3AddressingStyle::Path
        } else {
            S3AddressingStyle::VirtualHost
        },
        credentials_provider: None,
    })
}

/// Why a request could not be signed, in one line.
pub(super) fn reason(error: &(dyn Error + 'static)) -> Option<String> {
    let mut error: &dyn Error = cause::<S3MiddlewareError>(error)?;
    // The outer words are about the address, the innermost about what is missing.
    while let Some(inner) = error.source() {
        error = inner;
    }
    Some(line(&error.to_string()))
}

/// The keys of the file of credentials, as rattler's code asks for them.
#[derive(Debug)]
struct Keys(Arc<Credentials>);

impl StorageBackend for Keys {
    fn name(&self) -> String {
        "the file of credentials".to_owned()
    }

    fn get(&self, host: &str) -> Result<Option<Authentication>, AuthenticationStorageError> {
        let url = if host.starts_with("s3://") {
            Url::parse(host)
        } else {
            Url::parse(&format!("s3://{host}/"))
        };
        let known = url.ok().and_then(|url| self.0.of(&url));
        Ok(match known {
            Some(Introduction::Keys {
                id,
                secret,
                session,
            }) => Some(Authentication::S3Credentials {
                access_key_id: id.expose().to_owned(),
                secret_access_key: secret.expose().to_owned(),
                session_token: session.map(|session| session.expose().to_owned()),
            }),
            _ => None,
        })
    }

    fn store(&self, host: &str, _: &Authentication) -> Result<(), AuthenticationStorageError> {
        Err(AuthenticationStorageError::StoreFailed {
            host: host.to_owned(),
            backends: self.name(),
        })
    }

    fn delete(&self, host: &str) -> Result<(), AuthenticationStorageError> {
        Err(AuthenticationStorageError::DeleteFailed {
            host: host.to_owned(),
        })
    }
}
