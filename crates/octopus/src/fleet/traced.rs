//! A channel to a Tentacle whose calls can be seen in traces.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::http::{Request, Response};
use tonic::{
    body::Body,
    transport::{Channel, Error},
};
use tower::Service;
use tracing::{Instrument, field::Empty};

/// See the module.
#[derive(Debug, Clone)]
pub struct Traced {
    channel: Channel,
    /// The machine's address.
    uri: Arc<str>,
}

impl Traced {
    pub(super) fn new(channel: Channel, uri: &str) -> Self {
        Self {
            channel,
            uri: uri.into(),
        }
    }
}

impl Service<Request<Body>> for Traced {
    type Response = Response<Body>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.channel.poll_ready(context)
    }

    /// The span ends with the answer's head: what follows may take as long as a deployment.
    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let method = request.uri().path().trim_start_matches('/');
        let span = tracing::info_span!(
            "call",
            otel.name = method,
            otel.kind = "client",
            otel.status_code = Empty,
            rpc.system = "grpc",
            rpc.method = method,
            server.address = &*self.uri,
        );
        let call = self.channel.call(request);
        if span.is_disabled() {
            return Box::pin(call);
        }
        let outcome = async move {
            let answer = call.await;
            if answer.is_err() {
                tracing::Span::current().record("otel.status_code", "ERROR");
            }
            answer
        };
        Box::pin(outcome.instrument(span))
    }
}
