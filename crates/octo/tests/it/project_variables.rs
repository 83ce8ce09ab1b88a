//! `project variables`.

use api::Project;
use expect_test::expect;
use serde_json::{Value, json};

use crate::run::check;
use crate::samples::page;
use crate::server::{Reply, ok};

const PROJECTS: &str = "GET /api/Spaces-1/projects?skip=0&take=500";
const READ: &str = "GET /api/Spaces-1/projects/Projects-3/variables";
const WRITE: &str = "PUT /api/Spaces-1/variables/variableset-Projects-3";

fn projects() -> (&'static str, Reply) {
    let project = Project {
        id: "Projects-3".to_owned(),
        name: "Web".to_owned(),
        ..Project::default()
    };
    (PROJECTS, ok(page(vec![project], 1)))
}

fn set(more: &[Value]) -> Value {
    let mut variables = vec![
        json!({ "Id": "v1", "Name": "Port", "Value": "80", "Scope": { "Environment": ["Environments-2"] } }),
        json!({ "Id": "v2", "Name": "Port", "Value": "8080", "Description": "For people at home" }),
        json!({ "Id": "v3", "Name": "Token", "Value": null, "IsSensitive": true, "Type": "Sensitive" }),
    ];
    variables.extend_from_slice(more);
    json!({
        "Id": "variableset-Projects-3", "OwnerId": "Projects-3", "Version": 4,
        "Variables": variables,
        "ScopeValues": {
            "Environments": [
                { "Id": "Environments-1", "Name": "Staging" },
                { "Id": "Environments-2", "Name": "Production" },
            ],
            "Actions": [{ "Id": "a1", "Name": "Deploy web" }],
        },
    })
}

fn script(answer: Value) -> Vec<(&'static str, Reply)> {
    vec![projects(), (READ, ok(set(&[]))), (WRITE, ok(answer))]
}

fn reading() -> Vec<(&'static str, Reply)> {
    vec![projects(), (READ, ok(set(&[])))]
}

#[test]
fn they_are_listed_with_their_scopes_and_without_their_secrets() {
    check(
        reading(),
        "project variables list -p Web",
        expect![[r#"
        Name   Value  Scope                    Id  Description
        Port   80     Environment: Production  v1
        Port   8080                            v2  For people at home
        Token  ***                             v3
        => 0
    "#]],
    );
    check(
        reading(),
        "project variables view port -p Web -f basic",
        expect![[r#"
            Port
            Port
            => 0
        "#]],
    );
    check(
        reading(),
        "project variables view --id v3 -p Web",
        expect![[r#"
            Name   Value  Scope  Id  Description
            Token  ***           v3
            => 0
        "#]],
    );
    check(
        reading(),
        "project variables view Prot -p Web",
        expect![[r#"
            ! Error: There is no variable "Prot".
            ! Hint: Did you mean Port?
            => 1
        "#]],
    );
}

#[test]
fn a_value_is_added_where_it_is_to_hold() {
    let new = json!({ "Id": "v4", "Name": "Port", "Value": "8081", "Scope": { "Environment": ["Environments-1"], "Role": ["web"], "Action": ["a1"] } });
    let requests = check(
        script(set(&[new])),
        "project variables create -p Web --name Port --value 8081 --environment-scope staging \
         --role-scope web --step-scope a1",
        expect![[r#"
            Id     v4
            Name   Port
            Value  8081
            Scope  Environment: Staging; Role: web; Step: Deploy web
            => 0
        "#]],
    );
    let sent = requests[2].json();
    assert_eq!(sent["Version"], 4, "a change names what it changes");
    assert_eq!(sent["Variables"].as_array().unwrap().len(), 4);
    assert_eq!(
        sent["Variables"][2]["Value"],
        Value::Null,
        "a secret stays what it is"
    );
    let added = &sent["Variables"][3];
    assert_eq!(
        added["Scope"],
        json!({ "Environment": ["Environments-1"], "Role": ["web"], "Action": ["a1"] })
    );
    check(
        reading(),
        "project variables create -p Web --name A --value 1 --environment-scope Stagin",
        expect![[r#"
            ! Error: There is no environment "Stagin".
            ! Hint: Did you mean Staging?
            => 1
        "#]],
    );
    let new = json!({ "Id": "v4", "Name": "Ticket", "Value": "", "Prompt": { "Label": "Number", "Required": true } });
    let requests = check(
        script(set(&[new])),
        "project variables create -p Web --name Ticket --prompted --prompt-label Number --prompt-required",
        expect![[r#"
            Id      v4
            Name    Ticket
            Prompt  Number
            => 0
        "#]],
    );
    let prompt = &requests[2].json()["Variables"][3]["Prompt"];
    assert_eq!(
        prompt,
        &json!({ "Label": "Number", "Description": "", "Required": true })
    );
}

#[test]
fn a_value_is_changed_and_deleted_when_it_is_clear_which() {
    check(
        reading(),
        "project variables update Port -p Web --value 1",
        expect![[r#"
            ! Error: The variable "Port" has 2 values.
            ! Hint: Say which one with --id: v1 (Environment: Production), v2 (everywhere).
            => 2
        "#]],
    );
    let mut answer = set(&[]);
    answer["Variables"][0]["Value"] = json!("81");
    answer["Variables"][0]["Scope"] = json!({});
    let requests = check(
        script(answer),
        "project variables update Port --id v1 -p Web --value 81 --unscoped",
        expect![[r#"
            Id     v1
            Name   Port
            Value  81
            => 0
        "#]],
    );
    let sent = requests[2].json();
    assert_eq!(
        (
            &sent["Variables"][0]["Value"],
            &sent["Variables"][0]["Scope"]
        ),
        (&json!("81"), &json!({}))
    );
    assert_eq!(sent["Variables"][1]["Value"], "8080");
    let requests = check(
        script(set(&[])),
        "project variables delete Token -p Web -y",
        expect![[r#"
            Deleted  variable Token (v3)
            => 0
        "#]],
    );
    let left = requests[2].json()["Variables"].as_array().unwrap().len();
    assert_eq!(left, 2);
    check(
        vec![],
        "project variables update Port -p Web --unscoped --role-scope web",
        expect![[r#"
            ! Error: --unscoped cannot be given together with a scope.
            ! Hint: Give --unscoped to drop the scope, or the scope's flags to set another.
            => 2
        "#]],
    );
}
