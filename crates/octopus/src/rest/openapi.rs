//! The description of the REST interface, OpenAPI 3.1: made of the table of addresses and of
//! the types that go in and out, so it can't tell of an address that is not served.

mod operation;

use std::{collections::BTreeMap, sync::LazyLock};

use axum::{Json, extract::State};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::{access::table, app::App};

/// Where schemas are in the document.
const SCHEMAS: &str = "/components/schemas";

/// `GET /api/openapi.json`: needs no sign-in; it says nothing that the source does not.
pub(super) async fn document(State(app): State<App>) -> Json<Value> {
    let mut document = DOCUMENT.clone();
    document["info"]["version"] = json!(app.version.to_string());
    Json(document)
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = SCHEMAS.into();
    settings.meta_schema = None;
    let mut generator = settings.into_generator();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for row in table::rows().filter(|row| row.is_documented) {
        let operation = operation::describe(row, &mut generator);
        let path = paths.entry(row.pattern).or_default();
        path.insert(row.method.to_lowercase(), operation);
    }
    let error = generator.subschema_for::<api::ErrorBody>();
    let schemas = generator.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Octopus",
            "version": "",
            "description": "Resources in the shape that Octopus Deploy's clients know. Unknown \
                fields are ignored; every refusal has the form of ErrorBody.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": { "Refused": {
                "description": "The request was refused.",
                "content": { "application/json": { "schema": error } },
            } },
            "securitySchemes": { "ApiKey": {
                "type": "apiKey",
                "in": "header",
                "name": api::API_KEY_HEADER,
            } },
        },
        "security": [{ "ApiKey": [] }],
    })
});
