//! The portal's presentation layer: view models, templates and embedded assets.
//!
//! Handlers fill a view model from the store and call [`askama::Template::render`];
//! nothing here knows of the store, of HTTP or of a clock (the present moment comes in
//! with [`view::Shell`]). Pages work without JavaScript; with it they also follow what
//! happens ([`view::TaskFeed`], and the `refresh` event of the lists).

pub mod assets;
mod format;
#[cfg(test)]
mod tests;
pub mod view;

pub use format::{bytes, duration, grouped};

/// What every page is to be served with. The templates have no inline script or style.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";
