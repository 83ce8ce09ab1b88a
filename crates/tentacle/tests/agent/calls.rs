//! Calls as the server makes them, each within a bounded time.

use std::future::Future;

use bytes::Bytes;
use tokio::time::timeout;
use tokio_stream::{Stream, iter};
use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};
use wire::v1::{
    DeployPackage, FindPackageRequest, FindPackageResponse, LogLine, PackageRef, PutPackageHeader,
    PutPackageRequest, StartWorkRequest, StatusRequest, StatusResponse, TicketRequest,
    UpgradeTentacle, WatchWorkRequest, WorkEvent, WorkState, put_package_request::Part,
    start_work_request::Work, tentacle_client::TentacleClient, work_event::Event,
    work_state::Phase,
};

use crate::bench::{Agent, PATIENCE};
use crate::pack::Package;

pub(crate) type Client = TentacleClient<Channel>;

/// Waits, and not for ever.
pub(crate) async fn bounded<T>(future: impl Future<Output = T>) -> T {
    let answer = timeout(PATIENCE, future).await;
    answer.expect("no answer in time")
}

/// What a refusal says; it must have this code.
pub(crate) fn refused<T: std::fmt::Debug>(answer: Result<T, Status>, code: Code) -> String {
    let status = answer.unwrap_err();
    assert_eq!(status.code(), code, "{status}");
    status.message().to_owned()
}

pub(crate) fn header(package: &PackageRef, offset: u64) -> PutPackageRequest {
    let header = PutPackageHeader {
        package: Some(package.clone()),
        offset,
    };
    PutPackageRequest {
        part: Some(Part::Header(header)),
    }
}

pub(crate) fn chunk(bytes: &[u8]) -> PutPackageRequest {
    PutPackageRequest {
        part: Some(Part::Chunk(Bytes::copy_from_slice(bytes))),
    }
}

/// An order to deploy to the environment `Test`.
pub(crate) fn deploy(package: &Package) -> Work {
    Work::DeployPackage(DeployPackage {
        package: Some(package.reference.clone()),
        environment: "Test".to_owned(),
        variables: Vec::new(),
    })
}

pub(crate) fn upgrade(package: &Package) -> Work {
    Work::UpgradeTentacle(UpgradeTentacle {
        package: Some(package.reference.clone()),
    })
}

impl Agent {
    pub(crate) async fn status(&self) -> StatusResponse {
        let answer = bounded(self.client().status(StatusRequest::default())).await;
        answer.unwrap().into_inner()
    }

    pub(crate) async fn find(&self, package: &PackageRef) -> Result<FindPackageResponse, Status> {
        let package = Some(package.clone());
        let answer = bounded(self.client().find_package(FindPackageRequest { package })).await;
        Ok(answer?.into_inner())
    }

    /// Sends these messages, and gives the bytes that are there then.
    pub(crate) async fn put(
        &self,
        messages: impl Stream<Item = PutPackageRequest> + Send + 'static,
    ) -> Result<u64, Status> {
        let answer = bounded(self.client().put_package(messages)).await;
        Ok(answer?.into_inner().received_bytes)
    }

    /// Sends a package from an offset on, in chunks of an odd size.
    pub(crate) async fn send_from(&self, package: &Package, offset: usize) -> Result<u64, Status> {
        let mut messages = vec![header(&package.reference, offset as u64)];
        messages.extend(package.bytes[offset..].chunks(7001).map(chunk));
        self.put(iter(messages)).await
    }

    pub(crate) async fn send(&self, package: &Package) {
        let received = self.send_from(package, 0).await.unwrap();
        assert_eq!(received, package.reference.size);
    }

    pub(crate) async fn order(&self, ticket: &str, work: Work) -> Result<WorkState, Status> {
        let request = StartWorkRequest {
            ticket: ticket.to_owned(),
            work: Some(work),
        };
        let answer = bounded(self.client().start_work(request)).await;
        Ok(answer?.into_inner())
    }

    /// Sends a package and starts to deploy it.
    pub(crate) async fn begin(&self, ticket: &str, package: &Package) -> Following {
        self.send(package).await;
        let state = self.order(ticket, deploy(package)).await.unwrap();
        assert_eq!(state.ticket, ticket);
        self.watch(ticket, 0).await
    }

    /// Sends a package and deploys it to its end.
    pub(crate) async fn deploy(
        &self,
        ticket: &str,
        package: &Package,
    ) -> (Vec<LogLine>, WorkState) {
        self.begin(ticket, package).await.end().await
    }

    /// Sends a package and upgrades with it to its end.
    pub(crate) async fn upgrade(&self, ticket: &str, package: &Package) -> WorkState {
        self.send(package).await;
        self.watch_order(ticket, upgrade(package)).await.unwrap()
    }

    /// Starts work, and gives its outcome.
    pub(crate) async fn watch_order(&self, ticket: &str, work: Work) -> Result<WorkState, Status> {
        self.order(ticket, work).await?;
        Ok(self.watch(ticket, 0).await.end().await.1)
    }

    pub(crate) async fn watch(&self, ticket: &str, after_sequence: u64) -> Following {
        let request = WatchWorkRequest {
            ticket: ticket.to_owned(),
            after_sequence,
        };
        let answer = bounded(self.client().watch_work(request)).await;
        Following {
            events: answer.unwrap().into_inner(),
            lines: Vec::new(),
        }
    }

    pub(crate) async fn cancel(&self, ticket: &str) -> WorkState {
        let ticket = ticket.to_owned();
        let answer = bounded(self.client().cancel_work(TicketRequest { ticket })).await;
        answer.unwrap().into_inner()
    }

    pub(crate) async fn forget(&self, ticket: &str) -> Result<(), Status> {
        let ticket = ticket.to_owned();
        let answer = bounded(self.client().forget_work(TicketRequest { ticket })).await;
        answer.map(drop)
    }
}

/// A ticket's log as it comes.
pub(crate) struct Following {
    events: Streaming<WorkEvent>,
    pub(crate) lines: Vec<LogLine>,
}

impl Following {
    /// Waits for a line with this text.
    pub(crate) async fn line(&mut self, text: &str) -> LogLine {
        loop {
            match self.event().await {
                Event::Line(line) if line.text.contains(text) => return line,
                Event::Line(_) => {}
                Event::Ended(state) => panic!("never logged: {text}; {state:?} {}", self.text()),
            }
        }
    }

    /// All lines and the outcome. Their numbers have no gap, wherever it began.
    pub(crate) async fn end(mut self) -> (Vec<LogLine>, WorkState) {
        loop {
            if let Event::Ended(state) = self.event().await {
                let numbers: Vec<u64> = self.lines.iter().map(|line| line.sequence).collect();
                let first = numbers.first().copied().unwrap_or(1);
                let expected: Vec<u64> = (first..).take(numbers.len()).collect();
                assert_eq!(numbers, expected);
                if let Some(last) = numbers.last() {
                    assert_eq!(state.last_sequence, *last);
                }
                return (self.lines, state);
            }
        }
    }

    async fn event(&mut self) -> Event {
        let message = bounded(self.events.message()).await;
        let event = message.unwrap().expect("no outcome came").event.unwrap();
        if let Event::Line(line) = &event {
            self.lines.push(line.clone());
        }
        event
    }

    fn text(&self) -> String {
        texts(&self.lines).join("\n")
    }
}

pub(crate) fn texts(lines: &[LogLine]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}

/// The message of work that failed.
pub(crate) fn failure(state: &WorkState) -> &str {
    assert_eq!(state.phase(), Phase::Failed, "{state:?}");
    &state.message
}
