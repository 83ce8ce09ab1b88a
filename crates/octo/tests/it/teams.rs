//! API keys and teams.

use api::{ApiKey, KeyHint, NewApiKey, ScopedUserRole, Team};
use expect_test::expect;
use serde_json::json;

use crate::run::check;
use crate::samples::page;
use crate::server::{Reply, ok};

#[test]
fn keys_are_made_listed_and_deleted() {
    let key = || ApiKey {
        id: "APIKeys-7".to_owned(),
        purpose: "Nightly".to_owned(),
        api_key: KeyHint {
            has_value: true,
            hint: "API-AB".to_owned(),
        },
        created: "2030-01-31T20:00:00Z".to_owned(),
        ..ApiKey::default()
    };
    let made = NewApiKey {
        id: "APIKeys-7".to_owned(),
        purpose: "Nightly".to_owned(),
        api_key: Some("API-ABCDEF".to_owned()),
        ..NewApiKey::default()
    };
    let requests = check(
        vec![("POST /api/users/build/apikeys", ok(&made))],
        "api-key create --user build --purpose Nightly --expires 2031-01-01T00:00:00Z",
        expect![[r#"
            Id       APIKeys-7
            Purpose  Nightly
            Key      API-ABCDEF
            => 0
        "#]],
    );
    assert_eq!(requests[0].json()["Expires"], "2031-01-01T00:00:00Z");
    check(
        vec![("POST /api/users/me/apikeys", ok(&made))],
        "api-key create --purpose Nightly -f basic",
        expect![[r#"
            API-ABCDEF
            => 0
        "#]],
    );
    check(
        vec![(
            "GET /api/users/me/apikeys?skip=0&take=500",
            ok(page(vec![key()], 1)),
        )],
        "api-key list",
        expect![[r#"
            Purpose  Id         Begins  Created           Expires
            Nightly  APIKeys-7  API-AB  2030-01-31 20:00  never
            => 0
        "#]],
    );
    check(
        vec![
            ("GET /api/users/me/apikeys/APIKeys-7", ok(key())),
            ("DELETE /api/users/me/apikeys/APIKeys-7", ok(json!({}))),
        ],
        "api-key delete APIKeys-7 -y",
        expect![[r#"
            Deleted  API key Nightly (APIKeys-7)
            => 0
        "#]],
    );
    check(
        vec![("GET /api/users/me/apikeys/APIKeys-7", ok(key()))],
        "api-key delete APIKeys-7",
        expect![[r#"
            ! Error: --confirm is missing, so the API key APIKeys-7 (Nightly) is not deleted.
            ! Hint: Give --confirm (-y) to delete without a question.
            => 2
        "#]],
    );
}

fn users() -> Reply {
    let user = json!({ "Id": "Users-5", "Username": "ada", "DisplayName": "Ada" });
    ok(page(vec![user], 1))
}

const ROLE_NAMES: &str = "GET /api/userroles?skip=0&take=500";

fn roles() -> Reply {
    let role = json!({ "Id": "userroles-projectdeployer", "Name": "Deployer" });
    ok(page(vec![role], 1))
}

#[test]
fn teams_are_made_with_members_and_roles_and_shown_with_them() {
    let team = Team {
        id: "Teams-3".to_owned(),
        name: "Deployers".to_owned(),
        member_user_ids: vec!["Users-5".to_owned()],
        ..Team::default()
    };
    let role = ScopedUserRole {
        id: "ScopedUserRoles-1".to_owned(),
        team_id: "Teams-3".to_owned(),
        user_role_id: "userroles-projectdeployer".to_owned(),
        space_id: Some("Spaces-1".to_owned()),
        ..ScopedUserRole::default()
    };
    const USERS: &str = "GET /api/users?skip=0&take=500";
    const ROLES: &str = "GET /api/teams/Teams-3/scopeduserroles?skip=0&take=500";
    let requests = check(
        vec![
            (USERS, users()),
            (ROLE_NAMES, roles()),
            ("POST /api/teams", ok(&team)),
            ("POST /api/scopeduserroles", ok(&role)),
            (USERS, users()),
            (ROLES, ok(page(vec![role], 1))),
        ],
        "team create --name Deployers --member ada --role userroles-projectdeployer",
        expect![[r#"
            Id      Teams-3
            Name    Deployers
            Member  ada
            Role    userroles-projectdeployer  Spaces-1
            => 0
        "#]],
    );
    assert_eq!(requests[2].json()["MemberUserIds"], json!(["Users-5"]));
    assert_eq!(requests[3].json()["TeamId"], "Teams-3");
    // No team is made that would lack a role.
    check(
        vec![(ROLE_NAMES, roles())],
        "team create --name Deployers --role Deplyer",
        expect![[r#"
            ! Error: There is no role "Deplyer".
            ! Hint: Did you mean Deployer?
            => 1
        "#]],
    );
    const TEAMS: &str = "GET /api/teams?skip=0&take=500";
    check(
        vec![(TEAMS, ok(page(vec![team.clone()], 1)))],
        "team list",
        expect![[r#"
            Name       Id       Members  Description
            Deployers  Teams-3        1
            => 0
        "#]],
    );
    check(
        vec![
            (TEAMS, ok(page(vec![team], 1))),
            ("DELETE /api/teams/Teams-3", ok(json!({}))),
        ],
        "team delete deployers -y",
        expect![[r#"
            Deleted  team Deployers (Teams-3)
            => 0
        "#]],
    );
}
