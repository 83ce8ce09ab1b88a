//! Where packages are kept: what `--packages` names.

use std::{fmt, path::PathBuf, str::FromStr, sync::Arc};

use object_store::{
    ClientConfigKey, ObjectStore, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    local::LocalFileSystem,
    path::Path,
    prefix::PrefixStore,
};
use reqwest::Url;

use super::DepotError;

/// Longest silence of the store in the middle of an answer.
const SILENCE: &str = "30 seconds";

/// How long a request may take in all: packages are large, and some lines slow.
const WHOLE_REQUEST: &str = "1 day";

/// After this time a request that fails is not tried again.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

/// A folder, or a part of a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder of this machine, or one that several machines share.
    Folder(PathBuf),
    /// A bucket of S3, or of a store that speaks its language.
    Bucket {
        /// Its name.
        name: String,
        /// The beginning of every key; may be empty.
        prefix: String,
    },
}

/// Why a text names no place for packages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// Neither a folder nor an address that is known.
    #[error("`{0}` is no place for packages; give a folder, file:///folder or s3://bucket/prefix")]
    Scheme(String),
    /// Such as `file://server/share`.
    #[error("`{0}` names no folder of this machine; write it as file:///folder")]
    File(String),
    /// Not what a bucket may be called.
    #[error(
        "`{0}` is no bucket's name: these have 3 to 63 lower-case letters, digits, dots and dashes"
    )]
    Bucket(String),
    /// Not what a key may begin with.
    #[error("`{0}` can't be the beginning of a key; give plain words with slashes between them")]
    Prefix(String),
}

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        let Some((scheme, rest)) = text.split_once("://") else {
            return match text.is_empty() {
                true => Err(PlaceError::Scheme(text.to_owned())),
                false => Ok(Self::Folder(text.into())),
            };
        };
        match scheme {
            "file" => {
                let path = Url::parse(text)
                    .ok()
                    .and_then(|url| url.to_file_path().ok());
                path.map(Self::Folder)
                    .ok_or_else(|| PlaceError::File(text.to_owned()))
            }
            "s3" => {
                let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
                let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-');
                if !(3..=63).contains(&name.len()) || !name.bytes().all(fits) {
                    return Err(PlaceError::Bucket(name.to_owned()));
                }
                let prefix = prefix.trim_end_matches('/');
                let wrong = prefix.starts_with('/') || prefix.contains(['?', '#']);
                match Path::parse(prefix) {
                    Ok(path) if !wrong => Ok(Self::Bucket {
                        name: name.to_owned(),
                        prefix: path.to_string(),
                    }),
                    _ => Err(PlaceError::Prefix(prefix.to_owned())),
                }
            }
            _ => Err(PlaceError::Scheme(text.to_owned())),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            Self::Bucket { name, prefix } if prefix.is_empty() => write!(f, "s3://{name}"),
            Self::Bucket { name, prefix } => write!(f, "s3://{name}/{prefix}"),
        }
    }
}

impl Place {
    /// Reaches it. A folder has to be there.
    pub(super) fn store(&self) -> Result<Arc<dyn ObjectStore>, DepotError> {
        let (name, prefix) = match self {
            Self::Folder(folder) => {
                return Ok(Arc::new(LocalFileSystem::new_with_prefix(folder)?));
            }
            Self::Bucket { name, prefix } => (name, prefix),
        };
        channel::choose_cryptography();
        let client = AmazonS3ConfigKey::Client;
        let builder = AmazonS3Builder::from_env()
            .with_bucket_name(name)
            .with_config(client(ClientConfigKey::Timeout), WHOLE_REQUEST)
            .with_config(client(ClientConfigKey::ReadTimeout), SILENCE)
            .with_retry(RetryConfig {
                max_retries: 5,
                retry_timeout: PATIENCE,
                ..RetryConfig::default()
            });
        let value = |key: &AmazonS3ConfigKey| builder.get_config_value(key).unwrap_or_default();
        let may_be_in_clear = value(&client(ClientConfigKey::AllowHttp)) == "true";
        for key in [AmazonS3ConfigKey::Endpoint, AmazonS3ConfigKey::S3Endpoint] {
            let endpoint = value(&key);
            if endpoint.starts_with("http://") && !may_be_in_clear {
                return Err(DepotError::InClear(endpoint));
            }
        }
        let bucket = builder.build()?;
        Ok(match prefix.is_empty() {
            true => Arc::new(bucket),
            false => Arc::new(PrefixStore::new(bucket, prefix.as_str())),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, PlaceError};

    #[test]
    fn places_are_folders_and_buckets() {
        for (text, shown) in [
            ("packages", "packages"),
            ("/srv/my packages", "/srv/my packages"),
            ("file:///srv/my%20packages", "/srv/my packages"),
            ("s3://acme", "s3://acme"),
            ("s3://acme/", "s3://acme"),
            ("s3://acme/octopus/packages/", "s3://acme/octopus/packages"),
        ] {
            let place: Place = text.parse().unwrap();
            assert_eq!(place.to_string(), shown);
        }
    }

    #[test]
    fn what_is_none_is_told_why() {
        let is = |text: &str| text.parse::<Place>().unwrap_err();
        for text in ["", "gs://acme", "http://acme/x"] {
            assert_eq!(is(text), PlaceError::Scheme(text.to_owned()));
        }
        assert!(matches!(is("file://server/share"), PlaceError::File(_)));
        for name in ["", "AB", "ab", "a_b", "user:key@acme"] {
            let text = format!("s3://{name}/x");
            assert_eq!(is(&text), PlaceError::Bucket(name.to_owned()));
        }
        for prefix in ["a//b", "/a", "a/../b", "a?endpoint=http:", "a#b"] {
            let text = format!("s3://acme/{prefix}");
            assert_eq!(is(&text), PlaceError::Prefix(prefix.to_owned()));
        }
    }
}
