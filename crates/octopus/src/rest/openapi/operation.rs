//! One method of one address.

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use crate::access::table::{Access, Content, Row};

/// An operation object (OpenAPI 3.1, section 4.8.10).
pub(super) fn describe(row: &Row, generator: &mut SchemaGenerator) -> Value {
    let mut operation = Map::new();
    operation.insert("operationId".to_owned(), json!(name(row)));
    operation.insert("tags".to_owned(), json!([tag(row)]));
    operation.insert("description".to_owned(), json!(permission(row.access)));
    if row.access == Access::Open {
        operation.insert("security".to_owned(), json!([]));
    }
    operation.insert("parameters".to_owned(), parameters(row).into());
    if let Some(body) = row.takes {
        let body = json!({ "required": true, "content": content(body, generator) });
        operation.insert("requestBody".to_owned(), body);
    }
    let mut answers = Map::new();
    for status in [Some(row.status), row.or].into_iter().flatten() {
        let mut answer = json!({ "description": "Done." });
        if let Some(gives) = row.gives {
            answer["content"] = content(gives, generator);
        }
        answers.insert(status.to_string(), answer);
    }
    let refused = json!({ "$ref": "#/components/responses/Refused" });
    answers.insert("4XX".to_owned(), refused);
    operation.insert("responses".to_owned(), answers.into());
    operation.into()
}

/// `get_machines_id` and the like: one for each row.
fn name(row: &Row) -> String {
    let words = row.pattern.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    let mut name = row.method.to_lowercase();
    for word in words {
        name.push('_');
        name.push_str(word);
    }
    name
}

/// The collection that the address is in.
fn tag(row: &Row) -> &str {
    let mut parts = row.pattern.split('/').filter(|part| !part.is_empty());
    let own = parts.find(|part| *part != "api" && !part.starts_with('{'));
    own.unwrap_or("server")
}

fn permission(access: Access) -> String {
    match access {
        Access::Open => "Needs no sign-in.".to_owned(),
        Access::Known => "Needs an API key.".to_owned(),
        Access::Needs(permission) => format!("Needs the permission {}.", permission.name()),
        Access::OwnOr(permission) => format!(
            "Needs the permission {}, unless it is about the caller.",
            permission.name()
        ),
    }
}

fn parameters(row: &Row) -> Vec<Value> {
    let parts = row.pattern.split('/');
    let in_path = parts.filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = in_path
        .map(|name| {
            json!({
                "name": name,
                "in": "path",
                "required": true,
                "schema": { "type": "string", "minLength": 1 },
            })
        })
        .collect();
    let paging: &[&str] = if row.is_paged { &["skip", "take"] } else { &[] };
    for name in paging {
        let schema = json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX });
        parameters.push(json!({ "name": name, "in": "query", "schema": schema }));
    }
    for name in row.query {
        let schema = json!({ "type": "string" });
        parameters.push(json!({ "name": name, "in": "query", "schema": schema }));
    }
    parameters
}

/// A map from media type to what is in it.
fn content(content: Content, generator: &mut SchemaGenerator) -> Value {
    match content {
        Content::Json(schema) => json!({ "application/json": { "schema": schema(generator) } }),
        Content::Text => json!({ "text/plain": { "schema": { "type": "string" } } }),
        Content::Bytes => json!({ "*/*": {} }),
        Content::Upload => json!({ "multipart/form-data": { "schema": {
            "type": "object",
            "required": ["package"],
            "properties": { "package": {
                "type": "string",
                "contentMediaType": "application/octet-stream",
            } },
        } } }),
    }
}
