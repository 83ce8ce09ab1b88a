//! Texts that a database may not hold: a refusal or an answer, never the server's own fault.

use serde_json::json;

use crate::{postgres::Postgres, world::World};

fn check(world: &World) {
    let http = &world.http;
    let odd = json!({ "Name": "Odd", "Description": "a\u{0}b" });
    for path in [
        "/api/teams",
        "/api/Spaces-1/environments",
        "/api/Spaces-1/projectgroups",
    ] {
        let answer = http.post(path, &odd);
        assert!(answer.status < 500, "{path}: {}", answer.text);
    }
    for path in [
        "/api/users/a%00b",
        "/api/%00/projects",
        "/api/Spaces-1/projects?partialName=%00",
        "/api/Spaces-1/events?regarding=%00",
        "/api/Spaces-1/environments/%00",
    ] {
        let answer = http.get(path);
        assert!(answer.status < 500, "{path}: {}", answer.text);
    }
}

#[test]
fn zero_characters_are_no_fault_of_the_server() {
    check(&World::new());
    let Some(postgres) = Postgres::start() else {
        return;
    };
    let world = World::on(&postgres);
    check(&world);
    let odd = json!({ "Name": "Odd", "Description": "a\u{0}b" });
    let message = world
        .http
        .post("/api/Spaces-1/environments", &odd)
        .refusal(400);
    assert!(message.contains("U+0000"), "{message}");
}
