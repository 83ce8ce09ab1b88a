//! NuGet's v3 protocol: JSON resources that the service index points to.
//!
//! Source: NuGet's documentation, "NuGet Server API".

mod flat;
mod item;
mod registration;
mod search;

use axum::Json;
use serde_json::{Value, json};

use super::{access::Client, address::Base};

pub(super) use flat::{file, versions};
pub(super) use registration::{index, leaf, page};
pub(super) use search::{autocomplete, search};

/// `GET /nuget/v3/index.json`: where everything is.
pub(super) async fn service(_client: Client, base: Base) -> Json<Value> {
    let resources = [
        ("SearchQueryService", "v3/search"),
        ("SearchQueryService/3.0.0-beta", "v3/search"),
        ("SearchQueryService/3.0.0-rc", "v3/search"),
        ("SearchAutocompleteService", "v3/autocomplete"),
        ("SearchAutocompleteService/3.0.0-beta", "v3/autocomplete"),
        ("SearchAutocompleteService/3.0.0-rc", "v3/autocomplete"),
        ("RegistrationsBaseUrl", "v3/registration/"),
        ("RegistrationsBaseUrl/3.0.0-beta", "v3/registration/"),
        ("RegistrationsBaseUrl/3.0.0-rc", "v3/registration/"),
        ("RegistrationsBaseUrl/3.6.0", "v3/registration-semver2/"),
        ("PackageBaseAddress/3.0.0", "v3/flat/"),
        ("PackagePublish/2.0.0", "v3/package"),
        // NuGet.exe lists by the older protocol.
        ("LegacyGallery/2.0.0", "v2"),
    ];
    let mut resources: Vec<Value> = resources
        .into_iter()
        .map(|(kind, path)| json!({ "@id": format!("{base}/nuget/{path}"), "@type": kind }))
        .collect();
    // Clients from 4.3 on look for SemVer 2 under this name alone.
    resources.push(json!({
        "@id": format!("{base}/nuget/v3/registration-semver2/"),
        "@type": "RegistrationsBaseUrl/Versioned",
        "clientVersion": "4.3.0-alpha",
    }));
    Json(json!({ "version": "3.0.0", "resources": resources }))
}
