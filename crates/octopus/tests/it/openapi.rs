//! The OpenAPI document against the router, and against its own rules.

use std::collections::BTreeSet;

use octopus::access::entries;
use serde_json::Value;

use crate::{routes, world::World};

/// `GET /api/…` of each operation in the document.
fn described(document: &Value) -> BTreeSet<String> {
    let paths = document["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, operations)| {
        let methods = operations.as_object().unwrap().keys();
        methods.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    operations.collect()
}

#[test]
fn the_document_tells_of_every_address_of_programs() {
    let world = World::new();
    // Anybody may read it.
    let document = world.anonymous().get("/api/openapi.json").expect(200);
    assert_eq!(document["openapi"], "3.1.0");
    let described = described(&document);
    // Read from the source of the router.
    let routed: BTreeSet<String> = routes::all()
        .into_iter()
        .filter(|route| {
            let is_nuget = route.pattern.starts_with("/api/v2/");
            let is_operation =
                ["/healthz", "/readyz", "/metrics"].contains(&route.pattern.as_str());
            (route.pattern.starts_with("/api") && !is_nuget) || is_operation
        })
        .map(|route| route.name())
        .collect();
    let missing: Vec<&String> = routed.symmetric_difference(&described).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(described.len() > 100);
    for entry in entries().iter().filter(|entry| entry.is_documented) {
        let operation = &document["paths"][entry.pattern][entry.method.to_lowercase()];
        let words = operation["description"].as_str().unwrap();
        if let Some(permission) = &entry.permission {
            assert!(words.contains(permission), "{}: {words}", entry.pattern);
        }
        assert_eq!(
            operation["security"].is_array(),
            entry.is_open,
            "{}",
            entry.pattern
        );
    }
    // Every reference leads somewhere, and names are given once.
    let text = document.to_string();
    let mut names = BTreeSet::new();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
        names.insert(pointer.to_owned());
    }
    assert!(names.len() > 30, "{names:?}");
    let ids: Vec<&str> = text
        .split("\"operationId\":\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let unique: BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(
        (ids.len(), unique.len()),
        (described.len(), described.len())
    );
}
