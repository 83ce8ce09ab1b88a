//! The portal's pages: from requests to view models, and from templates to answers.

use axum::Router;

use crate::app::App;

/// All routes of people.
pub fn routes() -> Router<App> {
    Router::new()
}
