//! The table of addresses against the router, and against what each role meets.

use std::collections::BTreeSet;

use octopus::access::{Entry, entries};
use serde_json::json;

use super::member;
use crate::{
    http::JSON,
    routes::{self, Route},
    world::World,
};

fn names<'a>(routes: impl Iterator<Item = (&'a str, &'a str)>) -> BTreeSet<String> {
    routes
        .map(|(method, pattern)| format!("{method} {pattern}"))
        .collect()
}

/// Addresses that only one of the two has.
fn difference(routes: &[Route], table: &[Entry]) -> Vec<String> {
    let routed = names(
        routes
            .iter()
            .map(|one| (one.method.as_str(), one.pattern.as_str())),
    );
    let listed = names(table.iter().map(|one| (one.method, one.pattern)));
    routed.symmetric_difference(&listed).cloned().collect()
}

#[test]
fn the_table_has_every_address_and_no_other() {
    let (routes, table) = (routes::all(), entries());
    assert_eq!(difference(&routes, &table), [""; 0]);
    let listed = names(table.iter().map(|one| (one.method, one.pattern)));
    assert_eq!(
        listed.len(),
        table.len(),
        "an address is in the table twice"
    );
    // The comparison sees what is missing on either side.
    assert_eq!(difference(&routes[1..], &table).len(), 1);
    assert_eq!(difference(&routes, &table[1..]).len(), 1);
}

/// What the roles are for, said without the table.
#[test]
fn the_roles_are_what_they_are_called() {
    let table = entries();
    let may = |role: &str, address: &str| {
        let (method, pattern) = address.split_once(' ').unwrap();
        let entry = table
            .iter()
            .find(|one| one.method == method && one.pattern == pattern);
        entry.unwrap().roles.iter().any(|id| id.ends_with(role))
    };
    for entry in &table {
        let address = format!("{} {}", entry.method, entry.pattern);
        assert!(may("administrator", &address), "{address}");
        let is_change = entry.method != "GET";
        let is_own = entry.is_own || entry.is_open || address == "POST /signout";
        if is_change && !is_own {
            assert!(!may("viewer", &address), "{address}");
        }
        let is_of_people = ["users", "teams", "scopeduserroles", "userroles"]
            .iter()
            .any(|name| entry.pattern.starts_with(&format!("/api/{name}")));
        for role in ["deployer", "publisher", "viewer"] {
            if is_of_people && entry.pattern != "/api/users/me" {
                assert!(!may(role, &address), "{role}: {address}");
            }
        }
        // What changes something, by who may do it beside administrators.
        let publishers = is_change && may("publisher", &address) && !is_own;
        let deployers = is_change && may("deployer", &address) && !is_own;
        assert!(!(publishers && deployers), "{address}");
        let of_packages = [
            "nuget",
            "/packages",
            "/api/v2/package",
            "/releases",
            "/build-information",
        ];
        assert!(
            !publishers || of_packages.iter().any(|part| entry.pattern.contains(part)),
            "{address}"
        );
        let of_tasks = [
            "/tasks",
            "/deployments",
            "/interruptions",
            "/defects",
            "/progression",
        ];
        assert!(
            !deployers || of_tasks.iter().any(|part| entry.pattern.contains(part)),
            "{address}"
        );
    }
    for (address, role) in [
        ("POST /api/{space}/deployments", "deployer"),
        ("POST /api/{space}/tasks", "deployer"),
        ("POST /api/{space}/releases", "publisher"),
        ("POST /api/{space}/packages/raw", "publisher"),
        ("PUT /nuget/v3/package", "publisher"),
        ("GET /api/{space}/projects", "viewer"),
        ("GET /nuget/v3/index.json", "viewer"),
        ("GET /environments", "viewer"),
    ] {
        assert!(may(role, address), "{role}: {address}");
    }
}

#[test]
fn every_role_meets_the_table_at_every_address() {
    let world = World::new();
    let mut roles = vec![("nothing", None)];
    for id in [
        "userroles-projectdeployer",
        "userroles-packagepublisher",
        "userroles-projectviewer",
        // The last one: what it is let do here may change who is there.
        "userroles-systemadministrator",
    ] {
        roles.push((id, Some(json!({ "UserRoleId": id }))));
    }
    let table = entries();
    let mut refused = 0;
    for (number, (role, grant)) in roles.into_iter().enumerate() {
        let (_, http) = member(&world, &format!("user-{number}"), grant);
        for entry in table.iter().filter(|entry| !entry.is_open) {
            let route = Route {
                method: entry.method.to_owned(),
                pattern: entry.pattern.to_owned(),
            };
            let body = (entry.method != "GET").then_some((JSON, &b"{}"[..]));
            // Streams end only when the server does.
            let is_stream = entry.pattern.ends_with("/events") && !entry.is_documented;
            let (status, text) = match is_stream {
                true => (http.status(&route.path()), String::new()),
                false => {
                    let answer = http.send(entry.method, &route.path(), body);
                    (answer.status, answer.text)
                }
            };
            let allowed = entry.permission.is_none() || entry.roles.contains(&role);
            let shown = format!("{role}: {} {status}: {text}", route.name());
            assert_ne!(status, 401, "{shown}");
            assert!(status < 500, "{shown}");
            assert_eq!(status != 403, allowed, "{shown}");
            if let (403, Some(permission), false) = (status, &entry.permission, is_stream) {
                refused += 1;
                let words = format!("Missing permission: {permission}");
                assert!(text.contains(&words), "{shown}");
                if entry.pattern.starts_with("/api") {
                    let body: api::ErrorBody = serde_json::from_str(&text).unwrap();
                    assert_eq!(body.errors, [words]);
                }
            }
        }
    }
    assert!(refused > 300, "{refused}");
}
