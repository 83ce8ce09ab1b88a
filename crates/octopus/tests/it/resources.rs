//! What all collections have in common: pages, links, tags, and refusals. The collections are
//! those of the OpenAPI document, so none is forgotten.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    agent::registration,
    configuration::{id, project},
    http::Http,
    packages,
    world::{ENVIRONMENT, World},
};

/// Three and more of every kind that can be made.
fn filled() -> World {
    let world = World::new();
    let http = &world.http;
    for number in 1..=3 {
        let name = format!("Thing {number}");
        for kind in [
            "spaces",
            "Spaces-1/environments",
            "Spaces-1/lifecycles",
            "Spaces-1/projectgroups",
            "teams",
        ] {
            http.post(&format!("/api/{kind}"), &json!({ "Name": name }))
                .expect(201);
        }
        let user = json!({ "Username": format!("user-{number}"), "IsService": true });
        http.post("/api/users", &user).expect(201);
        let team = http
            .get(&format!("/api/teams?partialName={number}"))
            .expect(200);
        let role = json!({ "TeamId": team["Items"][0]["Id"], "UserRoleId": "Reader" });
        http.post("/api/scopeduserroles", &role).expect(201);
        let feed = json!({ "Name": name, "FeedType": "NuGet", "FeedUri": "http://example.com/" });
        http.post("/api/Spaces-1/feeds", &feed).expect(201);
        let build = json!({ "PackageId": "Acme", "Version": format!("{number}.0"), "OctopusBuildInformation": {} });
        http.post("/api/Spaces-1/build-information", &build)
            .expect(201);
        let shop = project(http, &format!("Shop {number}"));
        let trigger = json!({ "ProjectId": id(&shop), "Name": name });
        http.post("/api/Spaces-1/projecttriggers", &trigger)
            .expect(201);
        let release = json!({ "ProjectId": id(&shop), "Version": "1.0.0" });
        let release = http.post("/api/Spaces-1/releases", &release).expect(201);
        let deployment = json!({ "ReleaseId": id(&release), "EnvironmentId": "Environments-1", "QueueTime": "2999-01-01T00:00:00Z" });
        http.post("/api/Spaces-1/deployments", &deployment)
            .expect(201);
        world.register(&registration(
            &format!("web-{number}"),
            ENVIRONMENT,
            1,
            &"0".repeat(64),
        ));
        world.push(&packages::package(
            "Acme",
            &format!("{number}.0.0"),
            10,
            number,
        ));
    }
    world
}

/// Paths of the document's pages that hang on nothing but a space.
fn collections(document: &Value) -> Vec<String> {
    let paths = document["paths"].as_object().unwrap().iter();
    let paged = paths.filter(|(path, operations)| {
        let words = operations["get"]["parameters"].to_string();
        words.contains("\"skip\"") && !path.replace("{space}", "").contains('{')
    });
    paged
        .map(|(path, _)| path.replace("{space}", "Spaces-1"))
        .collect()
}

/// Follows `Page.Next` from a page of one; gives the ids in their order.
#[track_caller]
fn walk(http: &Http, path: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut next = format!("{path}?take=1");
    loop {
        let page = http.get(&next).expect(200);
        let total = page["TotalResults"].as_u64().unwrap();
        assert_eq!(
            (&page["ItemsPerPage"], &page["NumberOfPages"]),
            (&json!(1), &json!(total.max(1))),
            "{next}"
        );
        assert_eq!(page["LastPageNumber"], total.max(1) - 1, "{next}");
        let items = page["Items"].as_array().unwrap();
        assert_eq!(items.len(), usize::from(total > 0), "{next}");
        ids.extend(items.iter().map(id));
        let links = &page["Links"];
        for name in ["Self", "Template", "Page.All", "Page.Current", "Page.Last"] {
            assert!(
                links[name].as_str().unwrap().starts_with(path),
                "{next}: {links}"
            );
        }
        assert_eq!(
            links["Page.Previous"].is_string(),
            ids.len() > 1,
            "{next}: {links}"
        );
        match links["Page.Next"].as_str() {
            Some(link) => next = link.to_owned(),
            None => {
                assert_eq!(ids.len() as u64, total, "{path}");
                return ids;
            }
        }
    }
}

#[test]
fn every_collection_has_pages_links_tags_and_refusals() {
    let world = filled();
    let http = &world.http;
    let document = http.get("/api/openapi.json").expect(200);
    let collections = collections(&document);
    assert!(collections.len() >= 15, "{collections:?}");
    let mut empty = Vec::new();
    for path in &collections {
        let ids = walk(http, path);
        let unique: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{path}: {ids:?}");
        if ids.len() < 3 {
            empty.push(path.clone());
        }
        // One that has the answer already is not sent it again; another page has another tag.
        let answer = http.get(path);
        let tag = answer.header("etag").to_owned();
        assert!(tag.starts_with('"'), "{path}: {tag}");
        // Times of a running task may differ from one moment to the next.
        if !path.contains("/tasks") && !path.contains("/machines") {
            let again = http.with("If-None-Match", &tag).get(path);
            assert_eq!((again.status, again.text.as_str()), (304, ""), "{path}");
        }
        http.with("If-None-Match", "\"other\"")
            .get(path)
            .expect(200);
        // Items lead to themselves.
        let page = answer.expect(200);
        for item in page["Items"].as_array().unwrap() {
            let own = item["Links"]["Self"].as_str().unwrap();
            let one = http.get(own);
            assert!(one.header("etag").starts_with('"'), "{own}");
            assert_eq!(id(&one.expect(200)), id(item), "{own}");
        }
        for query in ["skip=-1", "take=many", "take=99999999999999999999999"] {
            let message = http.get(&format!("{path}?{query}")).refusal(400);
            let word = query.split('=').next().unwrap();
            assert!(message.contains(word), "{path}?{query}: {message}");
        }
        let far = http.get(&format!("{path}?skip=4294967295")).expect(200);
        assert_eq!(far["Items"], json!([]), "{path}");
        let named = http.get(&format!("{path}/Nothing-99")).refusal(404);
        assert!(
            named.contains("Nothing-99") || path.ends_with("/v2"),
            "{path}: {named}"
        );
        let all = http.get(&format!("{path}?take=2147483647")).expect(200);
        assert_eq!(all["Items"].as_array().unwrap().len(), ids.len(), "{path}");
    }
    // Only what comes of work on machines is missing here.
    let others = ["/api/Spaces-1/artifacts", "/api/Spaces-1/interruptions"];
    assert_eq!(empty, others);
}
