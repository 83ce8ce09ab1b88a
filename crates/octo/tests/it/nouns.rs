//! Spaces, environments and users: made, listed, shown and deleted.

use api::Space;
use expect_test::expect;
use serde_json::json;

use crate::run::check;
use crate::samples::{environments, page};
use crate::server::{Reply, ok};

const SPACES: &str = "GET /api/spaces?skip=0&take=500";

fn space(id: &str, name: &str) -> Space {
    Space {
        id: id.to_owned(),
        name: name.to_owned(),
        slug: name.to_lowercase(),
        is_default: id == "Spaces-1",
        ..Space::default()
    }
}

fn spaces() -> Reply {
    let all = vec![space("Spaces-1", "Default"), space("Spaces-2", "Shop")];
    ok(page(all, 2))
}

#[test]
fn spaces_are_made_listed_shown_and_deleted() {
    let made = Reply::Json(201, json!(space("Spaces-2", "Shop")));
    let users = json!([{ "Id": "Users-5", "Username": "ada", "DisplayName": "Ada" }]);
    let requests = check(
        vec![
            (
                "GET /api/users?skip=0&take=500",
                ok(page(users.as_array().unwrap().clone(), 1)),
            ),
            ("POST /api/spaces", made),
        ],
        "space create --name Shop --user ADA",
        expect![[r#"
            Id    Spaces-2
            Name  Shop
            Slug  shop
            => 0
        "#]],
    );
    assert_eq!(
        requests[1].json()["SpaceManagersTeamMembers"],
        json!(["Users-5"])
    );
    check(
        vec![(SPACES, spaces())],
        "space list",
        expect![[r#"
        Name     Id        Description
        Default  Spaces-1
        Shop     Spaces-2
        => 0
    "#]],
    );
    check(
        vec![(SPACES, spaces())],
        "space view shop",
        expect![[r#"
        Id    Spaces-2
        Name  Shop
        Slug  shop
        => 0
    "#]],
    );
    check(
        vec![
            (SPACES, spaces()),
            ("DELETE /api/spaces/Spaces-2", ok(json!({}))),
        ],
        "space delete Shop --confirm",
        expect![[r#"
            Deleted  space Shop (Spaces-2)
            => 0
        "#]],
    );
    check(
        vec![
            (SPACES, spaces()),
            ("DELETE /api/spaces/Spaces-2", ok(json!({}))),
        ],
        "space rm Spaces-2 -y -f json",
        expect![[r#"
            {
              "Id": "Spaces-2",
              "Name": "Shop"
            }
            => 0
        "#]],
    );
    check(
        vec![(SPACES, spaces())],
        "space delete Shoop -y",
        expect![[r#"
            ! Error: There is no space "Shoop".
            ! Hint: Did you mean Shop?
            => 1
        "#]],
    );
    check(
        vec![(SPACES, spaces())],
        "space delete Shop",
        expect![[r#"
        ! Error: --confirm is missing, so the space Shop is not deleted.
        ! Hint: Give --confirm (-y) to delete without a question.
        => 2
    "#]],
    );
}

#[test]
fn a_space_that_is_unknown_is_told_with_those_there_are() {
    let message = "There is no space `Shoop`; GET /api/spaces lists what there is.";
    let refusal = || Reply::Json(404, json!({ "ErrorMessage": message }));
    check(
        vec![
            ("GET /api/Shoop/tasks?skip=0&take=30", refusal()),
            (SPACES, spaces()),
        ],
        "task list -s Shoop",
        expect![[r#"
            ! Error: There is no space "Shoop".
            ! Hint: Did you mean Shop?
            => 1
        "#]],
    );
    // In a space that is there, a refusal stays what it is.
    let refusal = Reply::Json(
        404,
        json!({ "ErrorMessage": "There is no task ServerTasks-9." }),
    );
    check(
        vec![
            ("GET /api/Shop/tasks/ServerTasks-9/details", refusal),
            (SPACES, spaces()),
        ],
        "task view ServerTasks-9 -s Shop",
        expect![[r#"
            ! Error: There is no task ServerTasks-9.
            => 1
        "#]],
    );
}

#[test]
fn environments_and_users_are_deleted() {
    check(
        vec![
            ("GET /api/Spaces-1/environments/all", ok(environments())),
            (
                "DELETE /api/Spaces-1/environments/Environments-1",
                ok(json!({})),
            ),
        ],
        "environment delete staging -y",
        expect![[r#"
            Deleted  environment Staging (Environments-1)
            => 0
        "#]],
    );
    let refusal = "The environment Staging has deployment targets; remove them first.";
    check(
        vec![
            ("GET /api/Spaces-1/environments/all", ok(environments())),
            (
                "DELETE /api/Spaces-1/environments/Environments-1",
                Reply::Json(409, json!({ "ErrorMessage": refusal })),
            ),
        ],
        "environment delete staging -y",
        expect![[r#"
            ! Error: The environment Staging has deployment targets; remove them first.
            => 1
        "#]],
    );
    let users = || {
        let user = json!({ "Id": "Users-5", "Username": "ada", "DisplayName": "Ada Lovelace" });
        ok(page(vec![user], 1))
    };
    check(
        vec![("GET /api/users?partialName=a&skip=0&take=500", users())],
        "user list -q a",
        expect![[r#"
            Username  Id       Name
            ada       Users-5  Ada Lovelace
            => 0
        "#]],
    );
    check(
        vec![
            ("GET /api/users?skip=0&take=500", users()),
            ("DELETE /api/users/Users-5", ok(json!({}))),
        ],
        "user delete ada -y -f basic",
        expect![[r#"
            ada
            => 0
        "#]],
    );
}
