//! Upload of what is new in a package only.

use std::io::{Read, Seek};

use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use nupkg::PackageFileName;
use octodiff::Signature;
use serde::Deserialize;
use tempfile::SpooledTempFile;

use super::{Client, ClientError, OverwriteMode, Uploaded};

/// Below so many bytes the questions take longer than the package.
const LEAST: u64 = 1 << 20;

/// Bytes of a delta that stay in memory.
const IN_MEMORY: usize = 8 << 20;

/// What the server has of a package.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Base {
    base_version: String,
    signature: String,
}

/// What a server lacks of a package, made by [`Client::delta`].
#[derive(Debug)]
pub(crate) struct Delta {
    id: String,
    base: String,
    content: SpooledTempFile,
    length: u64,
}

impl Delta {
    /// In bytes.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// The version that the server has.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }
}

impl Client {
    /// What the server lacks of a package of `length` bytes, if a version of it is there that
    /// spares at least a tenth. Whatever is in the way makes nothing of it: the package can be
    /// sent whole.
    pub(crate) fn delta(&self, file_name: &str, length: u64, content: impl Read) -> Option<Delta> {
        if length < LEAST {
            return None;
        }
        let named = PackageFileName::parse(file_name).ok()?;
        let (id, version) = (named.id.to_string(), named.version.to_string());
        let path = self.in_space(&["packages", &id, &version, "delta-signature"]);
        let base: Base = self.get(&path, &[]).ok()?;
        let signature = Signature::read(&BASE64.decode(&base.signature).ok()?)?;
        let mut made = SpooledTempFile::new(IN_MEMORY);
        let own = signature.delta(content, &mut made).ok()?;
        made.rewind().ok()?;
        (own < length - length / 10).then_some(Delta {
            id,
            base: base.base_version,
            content: made,
            length: own,
        })
    }

    /// Sends it in the place of the package file `file_name`.
    ///
    /// # Errors
    /// As [`Client::upload`]; also when the server has changed its mind about what it has.
    pub(crate) fn upload_delta(
        &self,
        file_name: &str,
        delta: Delta,
        mode: OverwriteMode,
    ) -> Result<Uploaded, ClientError> {
        let Delta {
            id,
            base,
            content,
            length,
        } = delta;
        let path = ["packages", &id, &base, "delta"];
        self.send_file(&path, file_name, (length, content), mode)
    }
}
