//! The server's own log, on standard error.

use opentelemetry::trace::TracerProvider;
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, LevelFilter, Targets, filter_fn},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use super::traces::Traces;

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object a line, for programs that collect logs.
    Json,
}

/// Starts logging, and tracing where it is asked for. `RUST_LOG` says how much is logged, in
/// `tracing-subscriber`'s directives; `info` otherwise.
pub fn start(format: Format, traces: Option<&Traces>) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let filter = filter.and(filter_fn(|it| it.is_event()));
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
    let lines = match format {
        Format::Text => lines.with_filter(filter).boxed(),
        Format::Json => lines.json().flatten_event(true).with_filter(filter).boxed(),
    };
    let spans = traces.map(|traces| {
        tracing_opentelemetry::layer()
            .with_tracer(traces.provider().tracer("octopus"))
            .with_location(false)
            .with_threads(false)
            // Also what the sending itself says would be sent.
            .with_filter(Targets::new().with_target("octopus", LevelFilter::INFO))
    });
    tracing_subscriber::registry()
        // Spans are for traces: without them none is made.
        .with(spans.is_none().then(|| filter_fn(|it| it.is_event())))
        .with(spans)
        .with(lines)
        .init();
}
