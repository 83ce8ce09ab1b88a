//! `/healthz` and `/readyz`, as orchestrators and load balancers ask for them: without a key,
//! so they say nothing but which part is amiss.

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Map, Value, json};

use crate::app::App;

/// The process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// The parts that each request needs work; 503 when one does not.
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, Json<Value>) {
    let database = app.store.ping().await;
    let packages = app.depot.ping().await;
    let mut checks = Map::new();
    let mut is_ready = true;
    let mut look = |name: &str, failure: Option<String>| {
        if let Some(failure) = &failure {
            is_ready = false;
            tracing::warn!("not ready: {name}: {failure}");
        }
        let word = failure.map_or("ok", |_| "failed; the server's log says why");
        checks.insert(name.to_owned(), word.into());
    };
    look("database", database.err().map(|e| channel::describe(&e)));
    look("packages", packages.err().map(|e| channel::describe(&e)));
    let (status, word) = match is_ready {
        true => (StatusCode::OK, "ready"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
    };
    (status, Json(json!({ "status": word, "checks": checks })))
}
