//! The protocol's server side: from calls to packages and work.

use std::{io, io::SeekFrom, pin::Pin, sync::Arc};

use layout::Home;
use tokio::{
    io::{AsyncReadExt, AsyncSeekExt},
    sync::mpsc,
};
use tokio_stream::{Stream, StreamExt, wrappers::ReceiverStream};
use tonic::{Request, Response, Status, Streaming};
use wire::v1::{
    FindPackageRequest, FindPackageResponse, ForgetWorkResponse, PackageRef, PutPackageRequest,
    PutPackageResponse, ReadArtifactRequest, ReadArtifactResponse, StartWorkRequest, StatusRequest,
    StatusResponse, TicketRequest, WatchWorkRequest, WorkEvent, WorkState,
    put_package_request::Part, tentacle_server::Tentacle,
};

use crate::{
    confirm::Confirmation,
    packages::{Packages, ReceiveError},
    status::{self, Facts},
    work::{Work, WorkError},
};

/// Answers the server. Only callers with a trusted thumbprint get here.
pub struct Service {
    /// The instance.
    pub home: Home,
    /// Of this process.
    pub facts: Facts,
    /// Received packages.
    pub packages: Packages,
    /// Tickets.
    pub work: Arc<Work>,
    /// This run's marker.
    pub confirmation: Arc<Confirmation>,
}

impl From<ReceiveError> for Status {
    fn from(error: ReceiveError) -> Self {
        let text = channel::describe(&error);
        match error {
            ReceiveError::Request(_) => Self::invalid_argument(text),
            ReceiveError::Busy | ReceiveError::Gap { .. } => Self::unavailable(text),
            ReceiveError::NoSpace { .. } => Self::resource_exhausted(text),
            ReceiveError::Damaged { .. } => Self::data_loss(text),
            ReceiveError::Io { .. } => Self::internal(text),
        }
    }
}

impl From<WorkError> for Status {
    fn from(error: WorkError) -> Self {
        let text = channel::describe(&error);
        match error {
            WorkError::Request(_) => Self::invalid_argument(text),
            WorkError::Draining => Self::unavailable(text),
            WorkError::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                Self::resource_exhausted(text)
            }
            WorkError::Io { .. } => Self::internal(text),
        }
    }
}

fn reference(package: Option<PackageRef>) -> Result<PackageRef, Status> {
    package.ok_or_else(|| Status::invalid_argument("the request names no package"))
}

#[tonic::async_trait]
impl Tentacle for Service {
    async fn status(
        &self,
        _request: Request<StatusRequest>,
    ) -> Result<Response<StatusResponse>, Status> {
        self.confirmation.server_heard();
        let (running, draining) = (self.work.running(), self.work.is_draining());
        let answer = status::status(&self.home, &self.facts, running, draining);
        Ok(Response::new(answer))
    }

    async fn find_package(
        &self,
        request: Request<FindPackageRequest>,
    ) -> Result<Response<FindPackageResponse>, Status> {
        let package = reference(request.into_inner().package)?;
        Ok(Response::new(FindPackageResponse {
            complete: self.packages.promise(&package)?,
            received_bytes: self.packages.received(&package)?,
        }))
    }

    async fn put_package(
        &self,
        request: Request<Streaming<PutPackageRequest>>,
    ) -> Result<Response<PutPackageResponse>, Status> {
        let mut parts = request.into_inner();
        let first = parts.message().await?.and_then(|message| message.part);
        let Some(Part::Header(header)) = first else {
            return Err(Status::invalid_argument(
                "the first message is not the header",
            ));
        };
        let package = reference(header.package)?;
        // Writing blocks, so it has a thread of its own; the queue keeps the sender in step.
        let (chunks, mut queue) = mpsc::channel::<bytes::Bytes>(4);
        let packages = self.packages.clone();
        let write = tokio::task::spawn_blocking(move || {
            let mut receiving = packages.receive(&package, header.offset)?;
            while let Some(chunk) = queue.blocking_recv() {
                receiving.write(&chunk)?;
            }
            receiving.finish()
        });
        loop {
            let message = tokio::select! {
                message = parts.next() => message,
                // What went wrong is told at once, also to a sender that pauses.
                () = chunks.closed() => break,
            };
            // A transfer that breaks off leaves a part to go on with.
            let Some(Ok(PutPackageRequest {
                part: Some(Part::Chunk(chunk)),
            })) = message
            else {
                break;
            };
            if chunks.send(chunk).await.is_err() {
                break;
            }
        }
        drop(chunks);
        let written = write.await;
        let written = written.map_err(|error| Status::internal(error.to_string()))?;
        Ok(Response::new(PutPackageResponse {
            received_bytes: written?,
        }))
    }

    async fn start_work(
        &self,
        request: Request<StartWorkRequest>,
    ) -> Result<Response<WorkState>, Status> {
        let work = Arc::clone(&self.work);
        let request = request.into_inner();
        let started = tokio::task::spawn_blocking(move || Work::start(&work, request)).await;
        let started = started.map_err(|error| Status::internal(error.to_string()))?;
        Ok(Response::new(started?))
    }

    type WatchWorkStream = Pin<Box<dyn Stream<Item = Result<WorkEvent, Status>> + Send>>;

    async fn watch_work(
        &self,
        request: Request<WatchWorkRequest>,
    ) -> Result<Response<Self::WatchWorkStream>, Status> {
        let request = request.into_inner();
        let (events, stream) = mpsc::channel(64);
        let work = Arc::clone(&self.work);
        tokio::spawn(async move {
            work.watch(&request.ticket, request.after_sequence, &events)
                .await;
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(stream))))
    }

    type ReadArtifactStream =
        Pin<Box<dyn Stream<Item = Result<ReadArtifactResponse, Status>> + Send>>;

    async fn read_artifact(
        &self,
        request: Request<ReadArtifactRequest>,
    ) -> Result<Response<Self::ReadArtifactStream>, Status> {
        let ReadArtifactRequest {
            ticket,
            number,
            offset,
        } = request.into_inner();
        let Some(path) = self.work.artifact(&ticket, number) else {
            let text = format!("the ticket {ticket} keeps no artifact {number}");
            return Err(Status::not_found(text));
        };
        let failed = move |error: std::io::Error| {
            Status::data_loss(format!("artifact {number} can't be read: {error}"))
        };
        let mut file = tokio::fs::File::open(path).await.map_err(failed)?;
        file.seek(SeekFrom::Start(offset)).await.map_err(failed)?;
        let (chunks, stream) = mpsc::channel(4);
        tokio::spawn(async move {
            loop {
                let mut chunk = Vec::with_capacity(wire::CHUNK_BYTES);
                let part = (&mut file).take(wire::CHUNK_BYTES as u64);
                let read = { part }.read_to_end(&mut chunk).await;
                let answer = match read {
                    Ok(0) => break,
                    Ok(_) => Ok(ReadArtifactResponse {
                        chunk: chunk.into(),
                    }),
                    Err(error) => Err(failed(error)),
                };
                let is_last = answer.is_err();
                if chunks.send(answer).await.is_err() || is_last {
                    break;
                }
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(stream))))
    }

    async fn cancel_work(
        &self,
        request: Request<TicketRequest>,
    ) -> Result<Response<WorkState>, Status> {
        Ok(Response::new(
            self.work.cancel(&request.into_inner().ticket),
        ))
    }

    async fn forget_work(
        &self,
        request: Request<TicketRequest>,
    ) -> Result<Response<ForgetWorkResponse>, Status> {
        self.work.forget(&request.into_inner().ticket)?;
        Ok(Response::new(ForgetWorkResponse {}))
    }
}
