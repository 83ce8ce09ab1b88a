//! Fetching what scripts want to be kept from a Tentacle: only what is not here yet.

use std::io;

use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use tonic::Status;
use wire::v1::{Artifact, ReadArtifactRequest};

use super::Client;

/// An artifact on its way; what has arrived outlasts a lost connection.
pub struct Fetching {
    file: tokio::fs::File,
    hash: Sha256,
    size: u64,
}

impl Fetching {
    /// Writes to this file, from its beginning.
    pub fn to(file: std::fs::File) -> Self {
        Self {
            file: tokio::fs::File::from_std(file),
            hash: Sha256::new(),
            size: 0,
        }
    }

    /// Goes on where an earlier call broke off, to the end, and compares the content with its hash.
    ///
    /// # Errors
    /// The call's own; `DATA_LOSS` when something else arrives than was announced, and `ABORTED` when it can't be
    /// written here.
    pub async fn fetch(
        &mut self,
        client: &mut Client,
        ticket: &str,
        artifact: &Artifact,
    ) -> Result<(), Status> {
        let request = ReadArtifactRequest {
            ticket: ticket.to_owned(),
            number: artifact.number,
            offset: self.size,
        };
        let mut chunks = client.read_artifact(request).await?.into_inner();
        while let Some(message) = chunks.message().await? {
            let size = self.size.saturating_add(message.chunk.len() as u64);
            if size > artifact.size {
                return Err(Status::data_loss("it is longer than was announced"));
            }
            self.file
                .write_all(&message.chunk)
                .await
                .map_err(|error| unwritten(&error))?;
            self.hash.update(&message.chunk);
            self.size = size;
        }
        if self.size < artifact.size {
            return Err(Status::unavailable("it broke off before its end"));
        }
        if self.hash.clone().finalize().as_slice() != artifact.sha256.as_ref() {
            return Err(Status::data_loss("it is damaged"));
        }
        self.file.flush().await.map_err(|error| unwritten(&error))?;
        self.file
            .sync_all()
            .await
            .map_err(|error| unwritten(&error))
    }
}

fn unwritten(error: &io::Error) -> Status {
    Status::aborted(format!("the server can't write it: {error}"))
}
