//! Sending a package to a Tentacle: only what it lacks.

use bytes::Bytes;
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};
use tokio_stream::{StreamExt, once, wrappers::ReceiverStream};
use tonic::Status;
use wire::v1::{
    FindPackageRequest, FindPackageResponse, PackageRef, PutPackageHeader, PutPackageRequest,
    put_package_request::Part,
};

use crate::depot::{Depot, DepotError};

use super::{CALL_TIMEOUT, Client};

/// Why a package did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The machine did not take it.
    #[error("the package did not arrive")]
    Call(#[from] Status),
    /// The server's own copy can't be read.
    #[error("the server's copy of the package can't be read")]
    Read(#[from] DepotError),
}

/// Sends a package unless the machine has it; goes on where an earlier transfer broke off.
/// Tells `sent` how many bytes are there. The content is one of the depot, by its SHA-256.
/// `anew`: also when the machine has it; what arrives takes the place of that.
///
/// Gives the bytes that went over the wire.
pub async fn send_package(
    client: &mut Client,
    package: &PackageRef,
    (depot, sha256): (&Depot, &str),
    anew: bool,
    sent: &watch::Sender<u64>,
) -> Result<u64, SendError> {
    let is_first = *sent.borrow() == 0;
    let found = match anew && is_first {
        true => FindPackageResponse::default(),
        false => find(client, package).await?,
    };
    if found.complete && !anew {
        return Ok(0);
    }
    let offset = found.received_bytes.min(package.size);
    let header = PutPackageRequest {
        part: Some(Part::Header(PutPackageHeader {
            package: Some(package.clone()),
            offset,
        })),
    };
    let (chunks, body) = mpsc::channel(4);
    let body = once(header).chain(ReceiverStream::new(body));
    let read = async {
        let mut at = offset;
        if offset < package.size {
            let rest = (offset > 0).then_some(offset..package.size);
            let mut bytes = depot.read(sha256, rest).await?.part.into_stream();
            while let Some(bytes) = bytes.next().await {
                let mut bytes = bytes.map_err(DepotError::Io)?;
                while !bytes.is_empty() {
                    let chunk: Bytes = bytes.split_to(bytes.len().min(wire::CHUNK_BYTES));
                    let length = chunk.len() as u64;
                    let part = Some(Part::Chunk(chunk));
                    if chunks.send(PutPackageRequest { part }).await.is_err() {
                        // The call has ended, and says why.
                        return Ok(at - offset);
                    }
                    at += length;
                    sent.send_replace(at);
                }
            }
        }
        // Ends the request's stream.
        drop(chunks);
        Ok::<u64, DepotError>(at - offset)
    };
    let (read, put) = tokio::join!(read, client.put_package(body));
    // A machine that was sent half of it only complains of that.
    let sent = read?;
    put?;
    Ok(sent)
}

/// What the machine has of a package.
async fn find(client: &mut Client, package: &PackageRef) -> Result<FindPackageResponse, Status> {
    let find = client.find_package(FindPackageRequest {
        package: Some(package.clone()),
    });
    let late = |_| Status::deadline_exceeded("the machine did not say what it has of the package");
    let found = timeout(CALL_TIMEOUT, find).await.map_err(late)??;
    Ok(found.into_inner())
}
