//! The side that opens links.

use std::{io, sync::Arc, time::Duration};

use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint, Uri};
use tower::service_fn;

use crate::{Identity, LinkStream, Thumbprint, Trust, tls};

/// Longest time for TCP and TLS together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Why an address can't be dialled at all.
#[derive(Debug, thiserror::Error)]
pub enum DialError {
    /// The address has not the form that is needed.
    #[error("`{0}` is no address of a Tentacle: it takes the form https://host:10933/")]
    Address(String),
    /// The identity's key does not fit its certificate.
    #[error("the own certificate can't be used")]
    Identity(#[from] rustls::Error),
}

/// A channel to `address` (`https://host:port/`) that connects on first use, connects
/// again after a loss, and talks to nobody but the owner of `expected`.
pub fn dial(
    address: &str,
    identity: &Identity,
    expected: Thumbprint,
) -> Result<Channel, DialError> {
    let bad_address = || DialError::Address(address.to_owned());
    let uri: Uri = address.parse().map_err(|_| bad_address())?;
    let host = uri.host().filter(|host| !host.is_empty());
    let host = host.ok_or_else(bad_address)?;
    let host = host.trim_matches(['[', ']']).to_owned();
    let port = uri.port_u16().ok_or_else(bad_address)?;
    if uri.scheme_str() != Some("https") {
        return Err(bad_address());
    }
    let own = identity.thumbprint();
    let connector = TlsConnector::from(Arc::new(tls::client(identity, Trust::new([expected]))?));
    let connect = service_fn(move |_: Uri| {
        let (connector, host) = (connector.clone(), host.clone());
        async move {
            connect(&connector, &host, port, own)
                .await
                .map(TokioIo::new)
        }
    });
    // The scheme is http for tonic: TLS happens below, in the connector.
    let endpoint = Endpoint::from_static("http://tentacle.invalid")
        .http2_keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(20))
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(4 << 20);
    Ok(endpoint.connect_with_connector_lazy(connect))
}

async fn connect(
    connector: &TlsConnector,
    host: &str,
    port: u16,
    own: Thumbprint,
) -> io::Result<LinkStream> {
    let connecting = async {
        let socket = TcpStream::connect((host, port)).await?;
        socket.set_nodelay(true)?;
        let address = socket.peer_addr()?;
        // Thumbprints are checked, names are not.
        let name = ServerName::try_from("tentacle.invalid").map_err(io::Error::other)?;
        let stream = connector.connect(name, socket).await?;
        LinkStream::new(stream.into(), address, own)?
            .accepted()
            .await
    };
    let outcome = tokio::time::timeout(CONNECT_TIMEOUT, connecting)
        .await
        .unwrap_or_else(|_| {
            let text = "no answer within 10 s; is a firewall in between?";
            Err(io::Error::new(io::ErrorKind::TimedOut, text))
        });
    outcome.map_err(|error| {
        let text = match error.kind() {
            io::ErrorKind::ConnectionRefused => {
                format!("nothing listens on {host}:{port}; is Tentacle running there?")
            }
            _ => format!("{host}:{port}: {error} (our thumbprint is {own})"),
        };
        io::Error::new(error.kind(), text)
    })
}
