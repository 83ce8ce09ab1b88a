//! The played Tentacle's link: a runtime that can be ended at once, as a process can.

use std::{net::SocketAddr, time::Duration};

use channel::{Identity, Trust};
use tokio::{net::TcpSocket, runtime::Runtime};
use tonic::transport::Server;
use wire::v1::tentacle_server::TentacleServer;

use super::service::Service;

/// A port of its own, and what serves there now.
pub(super) struct Link {
    address: SocketAddr,
    trust: Trust,
    /// Keeps the port from others while nothing listens.
    _reserved: TcpSocket,
    serving: Option<Runtime>,
}

fn socket(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.bind(address).unwrap();
    socket
}

impl Link {
    /// Takes a free port.
    pub(super) fn reserve(trust: Trust) -> Self {
        let reserved = socket(([127, 0, 0, 1], 0).into());
        Self {
            address: reserved.local_addr().unwrap(),
            trust,
            _reserved: reserved,
            serving: None,
        }
    }

    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Listens and serves.
    pub(super) fn open(&mut self, identity: &Identity, service: Service) {
        assert!(self.serving.is_none(), "it listens already");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let _inside = runtime.enter();
        let listener = socket(self.address).listen(64).unwrap();
        let incoming = channel::listen(listener, identity, self.trust.clone()).unwrap();
        let server = Server::builder().add_service(TentacleServer::new(service));
        runtime.spawn(server.serve_with_incoming(incoming));
        self.serving = Some(runtime);
    }

    /// Ends every task and with it every connection.
    pub(super) fn close(&mut self) {
        if let Some(runtime) = self.serving.take() {
            runtime.shutdown_timeout(Duration::from_secs(10));
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.close();
    }
}
