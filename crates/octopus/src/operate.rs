//! What those who run the server need: health, metrics, its own log, and limits on callers.

mod health;
pub mod log;
mod metrics;
#[cfg(target_os = "linux")]
mod outlet;
mod proxy;
mod throttle;
pub mod traces;
mod upload;
mod web_server;

use axum::{Router, routing::get};

pub use metrics::{Metrics, count};
pub use proxy::Proxies;
pub use throttle::{Refused, Throttle};
pub use upload::hear_out;
pub use web_server::{FORWARDED_PROTO, Tls, serve};

use crate::app::App;

/// All routes of monitoring.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::show))
}
