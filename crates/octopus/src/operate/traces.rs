//! Traces for OpenTelemetry, sent by OTLP over HTTP. Off unless an endpoint is given.
//!
//! Spans of requests, tasks, their parts on machines, and calls of agents. They hold methods,
//! routes, ids and outcomes, never a value that somebody sent.

use anyhow::Context;
use axum::{
    extract::{MatchedPath, Request},
    http::HeaderMap,
    response::Response,
};
use nupkg::NuGetVersion;
use opentelemetry::{
    KeyValue,
    propagation::{Extractor, TextMapPropagator},
};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use reqwest::Url;
use tracing::{Instrument, field::Empty};
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Where traces go, such as `http://127.0.0.1:4318`.
#[derive(Debug, Clone)]
pub struct Collector(Url);

impl std::str::FromStr for Collector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = text.parse::<Url>().ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        url.map(Self).ok_or_else(|| {
            "it is no address of a collector; give one such as http://127.0.0.1:4318".to_owned()
        })
    }
}

/// What sends spans while the server runs.
#[derive(Debug, Clone)]
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Prepares the sending; the collector is called once there are spans.
    pub fn to(collector: &Collector, version: &NuGetVersion) -> anyhow::Result<Self> {
        channel::choose_cryptography();
        let base = collector.0.as_str().trim_end_matches('/');
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{base}/v1/traces"))
            .build()
            .context("traces can't be sent")?;
        let resource = Resource::builder()
            .with_service_name("octopus")
            .with_attribute(KeyValue::new("service.version", version.to_string()))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource)
            .build();
        Ok(Self(provider))
    }

    pub(super) fn provider(&self) -> &SdkTracerProvider {
        &self.0
    }

    /// Sends what is left.
    pub async fn end(self) {
        let ended = tokio::task::spawn_blocking(move || self.0.shutdown()).await;
        if let Ok(Err(error)) = ended {
            tracing::warn!("the last traces were not sent: {error}");
        }
    }
}

/// A span for each request, below the caller's own if it tells of one.
pub async fn trace(request: Request, next: impl AsyncFnOnce(Request) -> Response) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("other", MatchedPath::as_str);
    let method = request.method();
    let span = tracing::info_span!(
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = %method,
        http.route = route,
        http.response.status_code = Empty,
    );
    if span.is_disabled() {
        return next(request).await;
    }
    let caller = TraceContextPropagator::new().extract(&Headers(request.headers()));
    let _is_traced = span.set_parent(caller);
    let response = next(request).instrument(span.clone()).await;
    let status = response.status();
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    response
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|name| name.as_str()).collect()
    }
}
