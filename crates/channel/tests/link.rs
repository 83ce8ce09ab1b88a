//! Two real sides over loopback.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::net::SocketAddr;

use channel::{Identity, Peer, Trust, describe, dial, listen};
use tokio::net::TcpListener;
use tonic::{Request, Response, Status, transport::Server};
use wire::v1::{
    self, StatusRequest, StatusResponse,
    tentacle_client::TentacleClient,
    tentacle_server::{Tentacle, TentacleServer},
};

/// Answers `Status` with the caller's thumbprint as the machine's name.
struct Echo;

type Stream<T> = tokio_stream::Empty<Result<T, Status>>;

#[tonic::async_trait]
impl Tentacle for Echo {
    async fn status(&self, r: Request<StatusRequest>) -> Result<Response<StatusResponse>, Status> {
        let peer = r.extensions().get::<Peer>().unwrap();
        Ok(Response::new(StatusResponse {
            machine_name: peer.thumbprint.to_string(),
            ..StatusResponse::default()
        }))
    }
    async fn find_package(
        &self,
        _: Request<v1::FindPackageRequest>,
    ) -> Result<Response<v1::FindPackageResponse>, Status> {
        Err(Status::unimplemented("not in this test"))
    }
    async fn put_package(
        &self,
        _: Request<tonic::Streaming<v1::PutPackageRequest>>,
    ) -> Result<Response<v1::PutPackageResponse>, Status> {
        Err(Status::unimplemented("not in this test"))
    }
    async fn start_work(
        &self,
        _: Request<v1::StartWorkRequest>,
    ) -> Result<Response<v1::WorkState>, Status> {
        Err(Status::unimplemented("not in this test"))
    }
    type WatchWorkStream = Stream<v1::WorkEvent>;
    async fn watch_work(
        &self,
        _: Request<v1::WatchWorkRequest>,
    ) -> Result<Response<Self::WatchWorkStream>, Status> {
        Err(Status::unimplemented("not in this test"))
    }
    type ReadArtifactStream = Stream<v1::ReadArtifactResponse>;
    async fn read_artifact(
        &self,
        _: Request<v1::ReadArtifactRequest>,
    ) -> Result<Response<Self::ReadArtifactStream>, Status> {
        Err(Status::unimplemented("not in this test"))
    }
    async fn cancel_work(
        &self,
        _: Request<v1::TicketRequest>,
    ) -> Result<Response<v1::WorkState>, Status> {
        Err(Status::unimplemented("not in this test"))
    }
    async fn forget_work(
        &self,
        _: Request<v1::TicketRequest>,
    ) -> Result<Response<v1::ForgetWorkResponse>, Status> {
        Err(Status::unimplemented("not in this test"))
    }
}

async fn serve(identity: &Identity, trust: Trust) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let incoming = listen(listener, identity, trust).unwrap();
    let server = Server::builder().add_service(TentacleServer::new(Echo));
    tokio::spawn(server.serve_with_incoming(incoming));
    address
}

async fn call(
    address: SocketAddr,
    identity: &Identity,
    expected: channel::Thumbprint,
) -> Result<String, String> {
    let channel = dial(&format!("https://{address}/"), identity, expected).unwrap();
    let answer = TentacleClient::new(channel)
        .status(StatusRequest::default())
        .await;
    answer
        .map(|response| response.into_inner().machine_name)
        .map_err(|status| describe(&status))
}

fn identity(name: &str) -> Identity {
    Identity::generate(name).unwrap().0
}

#[tokio::test]
async fn each_side_knows_the_other_by_thumbprint() {
    let (server, agent) = (identity("server"), identity("agent"));
    let address = serve(&agent, Trust::new([server.thumbprint()])).await;
    let seen = call(address, &server, agent.thumbprint()).await;
    assert_eq!(seen, Ok(server.thumbprint().to_string()));
}

#[tokio::test]
async fn a_listener_refuses_an_unknown_caller_and_both_thumbprints_are_named() {
    let (server, agent, stranger) = (identity("server"), identity("agent"), identity("x"));
    let address = serve(&agent, Trust::new([server.thumbprint()])).await;
    let error = call(address, &stranger, agent.thumbprint())
        .await
        .unwrap_err();
    assert!(
        error.contains(&stranger.thumbprint().to_string()),
        "{error}"
    );
    assert!(error.contains(&agent.thumbprint().to_string()), "{error}");
    // The listener goes on for those whom it knows.
    assert!(call(address, &server, agent.thumbprint()).await.is_ok());
}

#[tokio::test]
async fn a_caller_refuses_an_unknown_listener_and_both_thumbprints_are_named() {
    let (server, agent, other) = (identity("server"), identity("agent"), identity("other"));
    let address = serve(&agent, Trust::new([server.thumbprint()])).await;
    let error = call(address, &server, other.thumbprint())
        .await
        .unwrap_err();
    assert!(error.contains(&other.thumbprint().to_string()), "{error}");
    assert!(error.contains(&agent.thumbprint().to_string()), "{error}");
}

#[tokio::test]
async fn trust_given_later_counts_from_the_next_link_on() {
    let (server, agent) = (identity("server"), identity("agent"));
    let trust = Trust::default();
    let address = serve(&agent, trust.clone()).await;
    assert!(call(address, &server, agent.thumbprint()).await.is_err());
    trust.allow(server.thumbprint());
    assert!(call(address, &server, agent.thumbprint()).await.is_ok());
}

#[tokio::test]
async fn nobody_there_is_said_plainly() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let (server, agent) = (identity("server"), identity("agent"));
    let error = call(address, &server, agent.thumbprint())
        .await
        .unwrap_err();
    assert!(error.contains("nothing listens on"), "{error}");
}

#[test]
fn an_identity_survives_its_text_form() {
    let (identity, text) = Identity::generate("server").unwrap();
    assert_eq!(
        Identity::from_pem(&text).unwrap().thumbprint(),
        identity.thumbprint()
    );
    assert!(Identity::from_pem("nonsense").is_err());
    assert!(Identity::from_pem("").is_err());
}

#[tokio::test]
async fn addresses_that_are_none_are_refused() {
    let own = identity("server");
    for address in [
        "",
        "127.0.0.1:10933",
        "http://host:1/",
        "https://host/",
        "https://:1/",
    ] {
        let error = dial(address, &own, own.thumbprint()).unwrap_err();
        assert!(
            error.to_string().contains("https://host:10933/"),
            "{address}"
        );
    }
}
