//! An established link, as a byte stream.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::TlsStream;
use tonic::transport::server::Connected;

use crate::Thumbprint;

/// Who is at the other end; in every request's extensions.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// Of the certificate that it proved to own.
    pub thumbprint: Thumbprint,
    /// Where it called from.
    pub address: SocketAddr,
}

/// A mutually authenticated TLS stream.
#[derive(Debug)]
pub struct LinkStream {
    inner: TlsStream<TcpStream>,
    peer: Peer,
    own: Thumbprint,
    /// Read before the stream was handed out.
    early: Bytes,
}

/// Longest first read of a dialler, in bytes.
const EARLY: usize = 1024;

impl LinkStream {
    pub(crate) fn new(
        inner: TlsStream<TcpStream>,
        address: SocketAddr,
        own: Thumbprint,
    ) -> io::Result<Self> {
        let certificate = inner.get_ref().1.peer_certificates().and_then(<[_]>::first);
        let thumbprint = certificate.map(|der| Thumbprint::of(der)).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                "the other side sent no certificate",
            )
        })?;
        let peer = Peer {
            thumbprint,
            address,
        };
        Ok(Self {
            inner,
            peer,
            own,
            early: Bytes::new(),
        })
    }

    /// For who dialled: waits for the listener's first bytes, which HTTP/2 sends at once (RFC
    /// 9113, section 3.4). In TLS 1.3 a refusal of our certificate comes in their place, after
    /// the handshake; seen only here it can't be lost in a race with what we send.
    pub(crate) async fn accepted(mut self) -> io::Result<Self> {
        let mut buffer = vec![0; EARLY];
        let count = self.read(&mut buffer).await?;
        if count == 0 {
            let text = "the other side closed the link right after the handshake";
            return Err(io::Error::new(io::ErrorKind::ConnectionReset, text));
        }
        buffer.truncate(count);
        self.early = buffer.into();
        Ok(self)
    }

    /// In TLS 1.3 a listener's refusal of our certificate arrives as an alert on the first read.
    fn explain(&self, error: io::Error) -> io::Error {
        let alert = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if !matches!(alert, Some(rustls::Error::AlertReceived(_))) {
            return error;
        }
        let Self { own, peer, .. } = self;
        let (theirs, address) = (peer.thumbprint, peer.address);
        io::Error::new(
            io::ErrorKind::PermissionDenied,
            format!(
                "{address} refused our certificate: our thumbprint is {own}, theirs is {theirs}; \
                 on that machine, run `tentacle configure --trust {own}` if this server is to manage it"
            ),
        )
    }
}

impl Connected for LinkStream {
    type ConnectInfo = Peer;

    fn connect_info(&self) -> Peer {
        self.peer
    }
}

impl AsyncRead for LinkStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.early.is_empty() {
            let count = self.early.len().min(buffer.remaining());
            buffer.put_slice(&self.early.split_to(count));
            return Poll::Ready(Ok(()));
        }
        let read = Pin::new(&mut self.inner).poll_read(context, buffer);
        read.map_err(|error| self.explain(error))
    }
}

impl AsyncWrite for LinkStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
