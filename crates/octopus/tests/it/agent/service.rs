//! The protocol's server side, as a real Tentacle keeps it.

use std::{pin::Pin, sync::Arc};

use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use tokio_stream::{Stream, wrappers::ReceiverStream};
use tonic::{Request, Response, Status, Streaming};
use wire::v1::{
    FindPackageRequest, FindPackageResponse, ForgetWorkResponse, PutPackageRequest,
    PutPackageResponse, ReadArtifactRequest, ReadArtifactResponse, StartWorkRequest, StatusRequest,
    StatusResponse, TicketRequest, WatchWorkRequest, WorkEvent, WorkState,
    put_package_request::Part, start_work_request::Work, tentacle_server::Tentacle,
    work_event::Event, work_state::Phase,
};

use super::{Point, work::Shared};

/// Bytes after which a transfer can be held.
const HALF_MEGABYTE: usize = 512 * 1024;

pub(super) struct Service(pub(super) Arc<Shared>);

type Events = mpsc::Sender<Result<WorkEvent, Status>>;

#[tonic::async_trait]
impl Tentacle for Service {
    async fn status(&self, _: Request<StatusRequest>) -> Result<Response<StatusResponse>, Status> {
        let answer = self.0.edit(|state| {
            state.status_calls += 1;
            StatusResponse {
                version: state.version.clone(),
                rid: "linux-x64".to_owned(),
                run: "1".to_owned(),
                operating_system: "Linux 6.1".to_owned(),
                versions: state.ledger.clone(),
                supervisor_log: vec!["the supervisor speaks".to_owned()],
                ..StatusResponse::default()
            }
        });
        Ok(Response::new(answer))
    }

    async fn find_package(
        &self,
        request: Request<FindPackageRequest>,
    ) -> Result<Response<FindPackageResponse>, Status> {
        let sha256 = request.into_inner().package.unwrap_or_default().sha256;
        let answer = self.0.edit(|state| FindPackageResponse {
            complete: state.packages.contains_key(&*sha256),
            received_bytes: state.parts.get(&*sha256).map_or(0, |p| p.len() as u64),
        });
        Ok(Response::new(answer))
    }

    async fn put_package(
        &self,
        request: Request<Streaming<PutPackageRequest>>,
    ) -> Result<Response<PutPackageResponse>, Status> {
        let mut parts = request.into_inner();
        let first = parts.message().await?.and_then(|message| message.part);
        let Some(Part::Header(header)) = first else {
            return Err(Status::invalid_argument("no header"));
        };
        let package = header.package.unwrap_or_default();
        let key = package.sha256.to_vec();
        let here = self.0.edit(|state| {
            state.transfers.push((header.offset, 0));
            state.parts.entry(key.clone()).or_default().len() as u64
        });
        if here != header.offset {
            return Err(Status::invalid_argument("the offset is not where it ended"));
        }
        while let Some(message) = parts.message().await? {
            let Some(Part::Chunk(chunk)) = message.part else {
                return Err(Status::invalid_argument("no chunk"));
            };
            let size = self.0.edit(|state| {
                if let Some((_, bytes)) = state.transfers.last_mut() {
                    *bytes += chunk.len() as u64;
                }
                let part = state.parts.entry(key.clone()).or_default();
                part.extend_from_slice(&chunk);
                part.len()
            });
            if size >= HALF_MEGABYTE {
                self.0.pass(Point::Transfer).await;
            }
        }
        let refusal = self.0.edit(|state| state.transfer_refusal);
        if let Some((code, words)) = refusal {
            return Err(Status::new(code, words));
        }
        let content = self.0.edit(|state| state.parts.remove(&key));
        let content = content.unwrap_or_default();
        if Sha256::digest(&content).as_slice() != key {
            return Err(Status::data_loss("the content is not what was announced"));
        }
        let received_bytes = content.len() as u64;
        self.0.edit(|state| state.packages.insert(key, content));
        Ok(Response::new(PutPackageResponse { received_bytes }))
    }

    async fn start_work(
        &self,
        request: Request<StartWorkRequest>,
    ) -> Result<Response<WorkState>, Status> {
        self.0.pass(Point::Order).await;
        let StartWorkRequest { ticket, work } = request.into_inner();
        if let Some((code, words)) = self.0.edit(|state| state.refusal) {
            return Err(Status::new(code, words));
        }
        let variables = match &work {
            Some(Work::RunScript(script)) => script.variables.clone(),
            Some(Work::DeployPackage(deploy)) => deploy.variables.clone(),
            _ => Vec::new(),
        };
        self.0.edit(|state| state.orders.push(variables));
        if let Some(Work::RunScript(_)) = &work {
            self.0.begin(&ticket, None);
            self.0.pass(Point::OrderAnswer).await;
            let state = self.0.edit(|state| state.work_state(&ticket));
            return Ok(Response::new(state));
        }
        let (package, is_upgrade) = match work {
            Some(Work::DeployPackage(deploy)) => (deploy.package, false),
            Some(Work::UpgradeTentacle(upgrade)) => (upgrade.package, true),
            Some(Work::RunScript(_)) | None => (None, false),
        };
        let package = package.unwrap_or_default();
        let arrived = |here: &[u8]| here == package.sha256;
        if !(self.0).edit(|state| state.packages.keys().any(|here| arrived(here))) {
            return Err(Status::failed_precondition("the package has not arrived"));
        }
        self.0.begin(&ticket, is_upgrade.then_some(package));
        self.0.pass(Point::OrderAnswer).await;
        Ok(Response::new(
            self.0.edit(|state| state.work_state(&ticket)),
        ))
    }

    type WatchWorkStream = Pin<Box<dyn Stream<Item = Result<WorkEvent, Status>> + Send>>;

    async fn watch_work(
        &self,
        request: Request<WatchWorkRequest>,
    ) -> Result<Response<Self::WatchWorkStream>, Status> {
        let request = request.into_inner();
        let (events, stream) = mpsc::channel(64);
        let shared = Arc::clone(&self.0);
        tokio::spawn(async move {
            tokio::select! {
                () = tell(&shared, &request, &events) => {}
                () = events.closed() => {}
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(stream))))
    }

    type ReadArtifactStream =
        Pin<Box<dyn Stream<Item = Result<ReadArtifactResponse, Status>> + Send>>;

    async fn read_artifact(
        &self,
        request: Request<ReadArtifactRequest>,
    ) -> Result<Response<Self::ReadArtifactStream>, Status> {
        let request = request.into_inner();
        let (content, break_at, damaged) = self
            .0
            .edit(|state| {
                state.artifact_reads.push(request.offset);
                let ticket = state.tickets.get(&request.ticket)?;
                let number = usize::try_from(request.number).ok()?.checked_sub(1)?;
                let (_, content) = ticket.kept.get(number)?;
                let content = content.clone();
                Some((
                    content,
                    state.breaks_artifact.take(),
                    state.damages_artifacts,
                ))
            })
            .ok_or_else(|| Status::not_found("no such artifact"))?;
        let from = usize::try_from(request.offset).unwrap();
        let to = break_at.unwrap_or(content.len());
        let chunks = content[from..to].chunks(1000).map(|chunk| {
            let mut chunk = chunk.to_vec();
            if damaged {
                chunk.iter_mut().for_each(|byte| *byte ^= 1);
            }
            let chunk = chunk.into();
            Ok(ReadArtifactResponse { chunk })
        });
        let mut answers: Vec<_> = chunks.collect();
        if break_at.is_some() {
            answers.push(Err(Status::unavailable("the link breaks")));
        }
        Ok(Response::new(Box::pin(tokio_stream::iter(answers))))
    }

    async fn cancel_work(
        &self,
        request: Request<TicketRequest>,
    ) -> Result<Response<WorkState>, Status> {
        let id = request.into_inner().ticket;
        let answer = self.0.edit(|state| {
            state.cancel_calls += 1;
            if let Some(ticket) = state.tickets.get_mut(&id) {
                ticket.cancelled = true;
            }
            state.work_state(&id)
        });
        Ok(Response::new(answer))
    }

    async fn forget_work(
        &self,
        request: Request<TicketRequest>,
    ) -> Result<Response<ForgetWorkResponse>, Status> {
        let id = request.into_inner().ticket;
        self.0.edit(|state| state.tickets.remove(&id));
        self.0.pass(Point::Forgotten).await;
        Ok(Response::new(ForgetWorkResponse {}))
    }
}

/// Tells the log and the outcome of a ticket, until nobody listens or the script breaks it off.
async fn tell(shared: &Shared, request: &WatchWorkRequest, events: &Events) {
    let (repeats, mut ends_after) =
        shared.edit(|state| (state.repeats_lines, state.breaks.pop_front()));
    let mut sent = match repeats {
        true => 0,
        false => usize::try_from(request.after_sequence).unwrap_or(usize::MAX),
    };
    loop {
        if let Some((0, code)) = ends_after {
            let broken = Status::new(code, "the log breaks off");
            let _gone = events.send(Err(broken)).await;
            return;
        }
        let (line, ended) = shared
            .until(|state| {
                let ticket = state.tickets.get(&request.ticket);
                let line = ticket.and_then(|ticket| ticket.lines.get(sent).cloned());
                let is_running = ticket.is_some_and(|ticket| ticket.phase == Phase::Running);
                let ended = (!is_running).then(|| state.work_state(&request.ticket));
                (line.is_some() || ended.is_some()).then_some((line, ended))
            })
            .await;
        let is_last = line.is_none();
        let event = match line {
            Some(line) => Event::Line(line),
            None => {
                shared.pass(Point::Outcome).await;
                Event::Ended(ended.unwrap_or_default())
            }
        };
        let event = WorkEvent { event: Some(event) };
        if events.send(Ok(event)).await.is_err() || is_last {
            return;
        }
        sent += 1;
        ends_after = ends_after.map(|(count, code)| (count - 1, code));
    }
}
