//! `/metrics`, in OpenMetrics text for Prometheus. Asks for an API key, as the counts tell
//! about the fleet: `authorization: {credentials: API-…}` in Prometheus's scrape settings.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::header,
    response::{IntoResponse, Response},
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::{Registry, Unit},
};

use crate::{access::table, app::App, auth::Caller, error::ApiError};

/// Seconds; requests take from a millisecond (a list) to minutes (an upload).
const BUCKETS: [f64; 10] = [0.001, 0.005, 0.02, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0, 120.0];

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    /// As the routes have it, with its parameters' names: so there are few of them.
    route: &'static str,
    status: u16,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Asked {
    route: &'static str,
}

/// What a caller asks for may have any name; what is counted has few.
const OTHER: &str = "other";

/// Names and values of labels.
type Labels = Vec<(String, String)>;

/// What the server counts while it runs.
#[derive(Debug, Clone)]
pub struct Metrics {
    requests: Family<Answered, Counter>,
    duration: Family<Asked, Histogram, fn() -> Histogram>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            requests: Family::default(),
            duration: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
        }
    }
}

/// Counts and times every answer.
pub async fn count(
    app: &App,
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.and_then(|route| table::pattern(route.as_str()));
    let route = route.unwrap_or(OTHER);
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let method = methods
        .into_iter()
        .find(|known| request.method() == known)
        .unwrap_or(OTHER);
    let start = Instant::now();
    let response = next(request).await;
    let seconds = start.elapsed().as_secs_f64();
    let metrics = &app.metrics;
    let duration = metrics.duration.get_or_create(&Asked { route });
    duration.observe(seconds);
    // Its lock is not held while another is waited for.
    drop(duration);
    let status = response.status().as_u16();
    let answered = Answered {
        method,
        route,
        status,
    };
    metrics.requests.get_or_create(&answered).inc();
    response
}

/// `GET /metrics`.
pub(super) async fn show(State(app): State<App>, _caller: Caller) -> Result<Response, ApiError> {
    let mut registry = Registry::with_prefix("octopus");
    let metrics = &app.metrics;
    registry.register(
        "http_requests",
        "Answered requests",
        metrics.requests.clone(),
    );
    registry.register_with_unit(
        "http_request_duration",
        "Time from a request's head to the answer's head",
        Unit::Seconds,
        metrics.duration.clone(),
    );
    let version = Info::new(vec![("version", app.version.to_string())]);
    registry.register("build", "The running server", version);
    let tasks = app.store.count_tasks().await?;
    let tasks = tasks
        .into_iter()
        .map(|(state, count)| (format!("{state:?}"), count));
    let tasks = tasks.collect();
    let gauges = [
        ("tasks", "Tasks by state", "state", tasks),
        (
            "machines",
            "Machines by health",
            "health",
            app.store.count_machines().await?,
        ),
    ];
    for (name, help, label, counts) in gauges {
        let family = Family::<Labels, Gauge>::default();
        for (word, count) in counts {
            let labels = vec![(label.to_owned(), word)];
            family.get_or_create(&labels).set(count);
        }
        registry.register(name, help, family);
    }
    let (count, bytes) = app.store.count_packages().await?;
    let gauge = |value| {
        let gauge = Gauge::<i64>::default();
        gauge.set(value);
        gauge
    };
    registry.register("packages", "Packages in the feed", gauge(count));
    registry.register_with_unit(
        "packages_size",
        "Sum of the packages' sizes",
        Unit::Bytes,
        gauge(bytes),
    );
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|error| ApiError::internal(&error))?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
