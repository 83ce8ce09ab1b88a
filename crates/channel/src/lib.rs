//! The link between Octopus and Tentacle: identities, pinned thumbprints, and
//! mutually authenticated TLS 1.3 streams that gRPC runs over.
//!
//! Certificates are self-signed; each side trusts exactly the thumbprints that it
//! was told of. No certificate authority, host name or expiry date is consulted.
//! No other crate touches TLS.

mod dial;
mod discover;
mod identity;
mod listen;
mod stream;
mod thumbprint;
mod tls;
mod trust;
mod web;

pub use dial::{DialError, dial};
pub use discover::discover;
pub use identity::{Identity, IdentityError};
pub use listen::listen;
pub use stream::{LinkStream, Peer};
pub use thumbprint::{Thumbprint, ThumbprintError};
pub use trust::Trust;
pub use web::{WebTls, WebTlsError};

/// Has libraries that bring a TLS client of their own use the same cryptography.
pub fn choose_cryptography() {
    let _chosen_already = rustls::crypto::ring::default_provider().install_default();
}

/// An error and its sources as one sentence: what people need to see of a failed call.
///
/// A cause that repeats what is said already is left out.
pub fn describe(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let words = cause.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        source = cause.source();
    }
    text
}
