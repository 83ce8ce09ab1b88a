//! Accepts connections for the portal and the API, in clear or under TLS, with limits on how
//! long a caller may take.

use std::{
    fs, io,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    pin::Pin,
    time::Duration,
};

use anyhow::Context;
use axum::{
    Router, ServiceExt,
    http::{HeaderName, HeaderValue, Request},
};
use axum_server::{Handle, accept::Accept};
use channel::WebTls;
use hyper::body::Incoming;
use hyper_util::rt::TokioTimer;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tower::util::MapRequest;
use tower_http::timeout::RequestBodyTimeout;

use super::proxy::Proxies;
use crate::{
    depot::{Depot, Small},
    rest,
};

/// Longest time for a handshake, and for the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// Longest silence of a caller in the middle of its request.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// Which protocol the browser speaks, as proxies tell it.
pub const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// How long open requests may take to end once the server is told to.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(30);

/// Files of the server's certificate.
#[derive(Debug, Clone)]
pub struct Tls {
    /// PEM: the server's certificate, then those that signed it.
    pub certificate: PathBuf,
    /// PEM.
    pub key: PathBuf,
}

impl Tls {
    /// Reads the two files.
    ///
    /// # Errors
    /// When one can't be read, or they don't belong together; names the file.
    pub fn load(&self) -> anyhow::Result<WebTls> {
        let read = |path: &PathBuf| {
            let what = || format!("{} can't be read; give a PEM file", path.display());
            fs::read(path).with_context(what)
        };
        let pair = || {
            let (certificate, key) = (self.certificate.display(), self.key.display());
            format!("TLS can't start with {certificate} and {key}")
        };
        WebTls::from_pem(&read(&self.certificate)?, &read(&self.key)?).with_context(pair)
    }
}

/// Serves until `end` is over; open requests get a moment to end then.
pub async fn serve(
    listener: TcpListener,
    tls: Option<WebTls>,
    proxies: Proxies,
    router: Router,
    depot: &Depot,
    end: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let handle = Handle::<SocketAddr>::new();
    let ending = handle.clone();
    tokio::spawn(async move {
        end.await;
        ending.graceful_shutdown(Some(SHUTDOWN_PATIENCE));
    });
    let is_tls = tls.is_some();
    let mut server = axum_server::from_tcp(listener)?
        .handle(handle)
        .acceptor(Acceptor {
            tls,
            small: depot.small().clone(),
        });
    let http = server.http_builder();
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT);
    http.http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HEAD_TIMEOUT);
    let timed = RequestBodyTimeout::new(router, BODY_TIMEOUT);
    let service = MapRequest::new(timed, move |request: Request<Incoming>| {
        let mut request = rest::paths::tidy(request);
        proxies.screen(&mut request);
        // What is known of this connection itself.
        if is_tls {
            let https = HeaderValue::from_static("https");
            request.headers_mut().insert(FORWARDED_PROTO, https);
        }
        request
    });
    let service =
        ServiceExt::<Request<Incoming>>::into_make_service_with_connect_info::<SocketAddr>(service);
    server.serve(service).await
}

/// Shakes hands where there is TLS.
#[derive(Debug, Clone)]
struct Acceptor {
    tls: Option<WebTls>,
    small: Small,
}

/// A connection, in clear or not.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

type Accepted<S> = Pin<Box<dyn Future<Output = io::Result<(Box<dyn Stream>, S)>> + Send>>;

impl<S: Send + 'static> Accept<TcpStream, S> for Acceptor {
    type Stream = Box<dyn Stream>;
    type Service = S;
    type Future = Accepted<S>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let Self { tls, small } = self.clone();
        Box::pin(async move {
            stream.set_nodelay(true)?;
            let Some(tls) = tls else {
                return Ok((in_clear(stream, small), service));
            };
            let shaken = tokio::time::timeout(HEAD_TIMEOUT, tls.accept(stream)).await;
            let stream = shaken.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
            Ok((Box::new(stream) as Self::Stream, service))
        })
    }
}

#[cfg(target_os = "linux")]
fn in_clear(stream: TcpStream, small: Small) -> Box<dyn Stream> {
    Box::new(super::outlet::Outlet::new(stream, small))
}

#[cfg(not(target_os = "linux"))]
fn in_clear(stream: TcpStream, _small: Small) -> Box<dyn Stream> {
    Box::new(stream)
}
