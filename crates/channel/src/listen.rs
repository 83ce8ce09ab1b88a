//! The side that accepts links.

use std::{io, sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
};
use tokio_rustls::TlsAcceptor;
use tokio_stream::{Stream, wrappers::ReceiverStream};

use crate::{Identity, LinkStream, Trust, describe, tls};

/// Longest time that a handshake may take.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// Handshakes at one time: strangers can't use up the machine.
const HANDSHAKES_AT_ONCE: usize = 256;

/// Accepts links from trusted thumbprints, for `Server::serve_with_incoming`.
///
/// Handshakes run beside each other; one that fails is logged with both thumbprints
/// and never ends the stream. Ends when the receiver is dropped.
///
/// # Errors
/// When the identity's key does not fit its certificate.
pub fn listen(
    listener: TcpListener,
    identity: &Identity,
    trust: Trust,
) -> io::Result<impl Stream<Item = io::Result<LinkStream>> + use<>> {
    let own = identity.thumbprint();
    let config = tls::server(identity, trust).map_err(io::Error::other)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let (links, incoming) = mpsc::channel(16);
    let slots = Arc::new(Semaphore::new(HANDSHAKES_AT_ONCE));
    tokio::spawn(async move {
        loop {
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else {
                return;
            };
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = links.closed() => return,
            };
            let (socket, address) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Such as EMFILE: goes away when connections end.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            let acceptor = acceptor.clone();
            let links = links.clone();
            tokio::spawn(async move {
                let link = shake_hands(&acceptor, socket).await;
                drop(slot);
                match link.and_then(|stream| LinkStream::new(stream.into(), address, own)) {
                    // A closed receiver means that the server is going down.
                    Ok(link) => drop(links.send(Ok(link)).await),
                    Err(error) => tracing::warn!(
                        "refused a link from {address} (our thumbprint is {own}): {}",
                        describe(&error)
                    ),
                }
            });
        }
    });
    Ok(ReceiverStream::new(incoming))
}

async fn shake_hands(
    acceptor: &TlsAcceptor,
    socket: TcpStream,
) -> io::Result<tokio_rustls::server::TlsStream<TcpStream>> {
    socket.set_nodelay(true)?;
    tokio::time::timeout(HANDSHAKE_TIMEOUT, acceptor.accept(socket))
        .await
        .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "no TLS handshake within 10 s"))?
}
