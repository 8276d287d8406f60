//! Where else than under its own address a channel is found: mirrors, and the servers of buckets.

use url::Url;

/// Channels that are asked elsewhere. What is found there is recorded as if it came from the channel itself.
#[derive(Clone, Debug, Default)]
pub struct Mirrors(pub(super) Vec<(Url, Vec<Url>)>);

/// A bucket that is not where the environment of AWS says, or that needs no signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    pub(super) name: String,
    pub(super) endpoint: Option<Url>,
    pub(super) region: Option<String>,
    pub(super) is_path: bool,
    pub(super) is_open: bool,
}

/// An address that nobody can be asked at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{address}` is no address that can be asked: {reason}; write it as `https://HOST/PATH`")]
pub struct PlaceError {
    address: String,
    reason: String,
}

impl Mirrors {
    /// Has whatever is under one address asked under another. With several others, each failure makes one less wanted.
    ///
    /// # Errors
    /// Where one of them is no address.
    pub fn add(&mut self, address: &str, elsewhere: &str) -> Result<(), PlaceError> {
        let (address, elsewhere) = (folder(address)?, folder(elsewhere)?);
        match self.0.iter_mut().find(|(known, _)| *known == address) {
            Some((_, places)) => places.push(elsewhere),
            None => self.0.push((address, vec![elsewhere])),
        }
        Ok(())
    }
}

impl Bucket {
    /// A bucket that the environment of AWS knows.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            endpoint: None,
            region: None,
            is_path: false,
            is_open: false,
        }
    }

    /// Reads what users write: `NAME=WHERE`, where that is the address of a server of its own, `anonymous` for a bucket that
    /// anybody may read, or both as `anonymous+https://HOST`. A server of its own is told `region`, or else AWS's first.
    ///
    /// # Errors
    /// Where it is none of these.
    pub fn parse(text: &str, region: Option<&str>) -> Result<Self, PlaceError> {
        let refused = || PlaceError {
            address: transport::shown(text),
            reason: "it is not NAME=URL, NAME=anonymous or NAME=anonymous+URL".to_owned(),
        };
        let (name, place) = text.trim().split_once('=').ok_or_else(refused)?;
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        if name.is_empty() || !name.chars().all(is_name) {
            return Err(refused());
        }
        let bucket = Bucket::new(name);
        if place == "anonymous" {
            return Ok(bucket.open());
        }
        let bucket = match place.strip_prefix("anonymous+") {
            Some(endpoint) => bucket.at(endpoint)?.open(),
            None => bucket.at(place)?,
        };
        Ok(match region {
            Some(region) => bucket.in_region(region),
            None => bucket,
        })
    }

    /// The same on a server of its own, which has the name of the bucket in the path.
    ///
    /// # Errors
    /// Where that is no address.
    pub fn at(self, endpoint: &str) -> Result<Self, PlaceError> {
        let endpoint = Some(folder(endpoint)?);
        let is_path = true;
        Ok(Self {
            endpoint,
            is_path,
            ..self
        })
    }

    /// The same in a region.
    #[must_use]
    pub fn in_region(self, region: &str) -> Self {
        let region = Some(region.to_owned());
        Self { region, ..self }
    }

    /// The same with its name in front of the host: for servers that want that.
    #[must_use]
    pub fn as_host(self) -> Self {
        Self {
            is_path: false,
            ..self
        }
    }

    /// The same asked without a signature: anybody may read it.
    #[must_use]
    pub fn open(self) -> Self {
        Self {
            is_open: true,
            ..self
        }
    }

    #[cfg(feature = "s3")]
    pub(super) fn region(&self) -> &str {
        self.region.as_deref().unwrap_or("us-east-1")
    }

    /// The bucket's name and address, if it is asked without a signature.
    pub(super) fn open_place(&self) -> Option<(String, Url)> {
        let name = &self.name;
        let place = match &self.endpoint {
            Some(endpoint) if self.is_path => endpoint.join(&format!("{name}/")).ok()?,
            Some(endpoint) => {
                let mut place = endpoint.clone();
                place
                    .set_host(Some(&format!("{name}.{}", endpoint.host_str()?)))
                    .ok()?;
                place
            }
            None => {
                // Without a region the name of the host leads to the bucket's own.
                let region = self
                    .region
                    .as_ref()
                    .map_or(String::new(), |region| format!(".{region}"));
                Url::parse(&format!("https://{name}.s3{region}.amazonaws.com/")).ok()?
            }
        };
        self.is_open.then(|| (name.clone(), place))
    }
}

/// An address with a slash at its end.
fn folder(text: &str) -> Result<Url, PlaceError> {
    let refused = |reason: String| PlaceError {
        address: transport::shown(text),
        reason,
    };
    let mut url = Url::parse(text.trim()).map_err(|error| refused(error.to_string()))?;
    // It belongs to the credentials, which know it by the same address without it.
    super::credentials::part(&mut url);
    if !matches!(url.scheme(), "http" | "https" | "s3") || !url.has_host() {
        return Err(refused("it has no host that is asked".to_owned()));
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_bucket_has_an_address() {
        let place = |bucket: Bucket| bucket.open_place().map(|(_, place)| place.to_string());
        let bucket = || Bucket::new("studio").open();
        assert_eq!(
            place(bucket()).as_deref(),
            Some("https://studio.s3.amazonaws.com/")
        );
        assert_eq!(
            place(bucket().in_region("eu-central-1")).as_deref(),
            Some("https://studio.s3.eu-central-1.amazonaws.com/")
        );
        let own = bucket()
            .at("http://store.invalid:9000/s3")
            .expect("an address");
        assert_eq!(
            place(own.clone()).as_deref(),
            Some("http://store.invalid:9000/s3/studio/")
        );
        assert_eq!(
            place(own.as_host()).as_deref(),
            Some("http://studio.store.invalid:9000/s3/")
        );
        assert_eq!(
            place(Bucket::new("studio")),
            None,
            "a signature is the rule"
        );
    }

    #[test]
    fn a_bucket_is_read_as_users_write_it() {
        for (text, expected) in [
            ("a.b-c=anonymous", Ok(Bucket::new("a.b-c").open())),
            (
                "a=https://h.invalid",
                Bucket::new("a").at("https://h.invalid/"),
            ),
            (
                "a=anonymous+http://h.invalid:9000/s3",
                Bucket::new("a")
                    .at("http://h.invalid:9000/s3/")
                    .map(Bucket::open),
            ),
        ] {
            assert_eq!(Bucket::parse(text, None), expected, "{text}");
        }
        assert_eq!(
            Bucket::parse("a=http://h.invalid", Some("farm")),
            Bucket::new("a")
                .at("http://h.invalid")
                .map(|bucket| bucket.in_region("farm"))
        );
        for text in [
            "",
            "a",
            "=anonymous",
            "a b=anonymous",
            "a=",
            "a=somehow",
            "a=anonymous+",
            "a=ftp://x",
            "a=https://jo:canary@",
        ] {
            let error = Bucket::parse(text, None).expect_err(text).to_string();
            assert!(!error.contains("canary"), "{error}");
        }
    }

    #[test]
    fn secrets_of_places_are_with_the_credentials_alone() {
        let mut mirrors = Mirrors::default();
        let places = [
            "https://jo:canary@mirror.invalid/x",
            "https://mirror.invalid/t/canary/x?canary",
        ];
        for place in places {
            mirrors
                .add("https://channel.invalid/x", place)
                .expect("addresses");
        }
        assert!(!format!("{mirrors:?}").contains("canary"), "{mirrors:?}");
        assert_eq!(mirrors.0[0].1[0].as_str(), mirrors.0[0].1[1].as_str());
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_secrets() {
        for text in ["", "file:///x", "https://jo:canary@/", "jo:canary@host"] {
            let error = Bucket::new("x").at(text).expect_err(text).to_string();
            assert!(!error.contains("canary"), "{error}");
        }
    }
}
