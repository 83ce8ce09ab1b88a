//! JSON bodies, read as Octopus reads them: names of fields in any case of their first
//! letter, unknown fields and nulls passed over, and every mistake with the field's name.

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::ApiError;

/// Fields whose own fields are names that people chose.
const MAPS: [&str; 6] = [
    "Properties",
    "FormValues",
    "Variables",
    "CustomFields",
    "Links",
    "Metadata",
];

/// A JSON body; what is wrong with one is answered in Octopus's shape.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let value = json(request, state).await?;
        if !value.is_object() {
            return Err(ApiError::bad("The request's JSON is no object."));
        }
        read(value).map(Self)
    }
}

/// A JSON body that is a list of texts.
pub(crate) struct List(pub(crate) Vec<String>);

impl<S: Send + Sync> FromRequest<S> for List {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        read(json(request, state).await?).map(Self)
    }
}

async fn json<S: Send + Sync>(request: Request, state: &S) -> Result<Value, ApiError> {
    let bytes = bytes::Bytes::from_request(request, state)
        .await
        .map_err(|error| ApiError::new(error.status(), error.body_text()))?;
    serde_json::from_slice(&bytes)
        .map_err(|error| ApiError::bad(format!("The request's JSON can't be read: {error}")))
}

/// A resource from JSON that is read already.
pub(crate) fn read<T: DeserializeOwned>(value: Value) -> Result<T, ApiError> {
    serde_path_to_error::deserialize(tidy(value, false)).map_err(|error| {
        let path = error.path().to_string();
        let why = error.into_inner();
        let message = match path.as_str() {
            "." => format!("The request's JSON can't be used: {why}."),
            path => format!("{path}: {why}."),
        };
        ApiError::bad(message)
    })
}

/// Without nulls, and with the names of fields as ours are. `chosen`: people chose the names.
fn tidy(value: Value, chosen: bool) -> Value {
    match value {
        Value::Array(items) => {
            Value::Array(items.into_iter().map(|item| tidy(item, false)).collect())
        }
        Value::Object(fields) => {
            let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
            let fields = fields.map(|(name, value)| {
                let name = if chosen { name } else { capital(&name) };
                let is_map = !chosen && MAPS.contains(&name.as_str());
                (name, tidy(value, is_map))
            });
            Value::Object(fields.collect())
        }
        other => other,
    }
}

fn capital(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(given: Value, expected: &Value) {
        assert_eq!(tidy(given, false), *expected);
    }

    #[test]
    fn names_are_read_in_any_case_but_chosen_ones_stay() {
        check(json!({"name": "x", "Id": null}), &json!({"Name": "x"}));
        check(
            json!({"steps": [{"properties": {"a.b": {"hasValue": true}}}]}),
            &json!({"Steps": [{"Properties": {"a.b": {"HasValue": true}}}]}),
        );
        check(
            json!({"formValues": {"abc": "1"}, "variables": {"myName": "x", "none": null}}),
            &json!({"FormValues": {"abc": "1"}, "Variables": {"myName": "x"}}),
        );
        check(
            json!({"variables": [{"name": "x"}]}),
            &json!({"Variables": [{"Name": "x"}]}),
        );
    }

    #[test]
    fn mistakes_name_the_field() {
        let read = |value| read::<api::Project>(value).err().map(|error| error.message);
        let message = read(json!({"Name": 7})).unwrap_or_default();
        assert!(
            message.starts_with("Name: invalid type: integer `7`"),
            "{message}"
        );
        assert_eq!(read(json!({"Name": "x", "Unheard": {}})), None);
    }
}
