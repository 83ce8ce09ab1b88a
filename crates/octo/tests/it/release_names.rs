//! Releases and projects by names that may be wrong, and the end of releases.

use api::{Project, Release};
use expect_test::expect;
use serde_json::json;

use crate::run::check;
use crate::samples::page;
use crate::server::{Reply, ok};

fn project() -> Project {
    Project {
        id: "Projects-3".to_owned(),
        name: "Web".to_owned(),
        ..Project::default()
    }
}

#[test]
fn a_misspelt_project_is_told_with_those_that_are_like_it() {
    let refusal = || {
        Reply::Json(
            400,
            json!({ "ErrorMessage": "ProjectName `Wep`: there is no such project." }),
        )
    };
    let projects = || {
        (
            "GET /api/Spaces-1/projects?skip=0&take=500",
            ok(page(vec![project()], 1)),
        )
    };
    check(
        vec![
            ("POST /api/Spaces-1/releases/create/v1", refusal()),
            projects(),
        ],
        "release create -p Wep",
        expect![[r#"
            ! Error: There is no project "Wep".
            ! Hint: There is: Web.
            => 1
        "#]],
    );
    check(
        vec![
            (
                "POST /api/Spaces-1/deployments/create/untenanted/v1",
                refusal(),
            ),
            projects(),
        ],
        "release deploy -p Wep --version 1.0.0 -e Staging",
        expect![[r#"
            ! Error: There is no project "Wep".
            ! Hint: There is: Web.
            => 1
        "#]],
    );
    // Another mistake in the order of a project that is there stays what it is.
    let refusal = Reply::Json(
        400,
        json!({ "ErrorMessage": "ReleaseVersion `x`: it is no version." }),
    );
    check(
        vec![
            ("POST /api/Spaces-1/releases/create/v1", refusal),
            projects(),
        ],
        "release create -p Web --version x",
        expect![[r#"
            ! Error: ReleaseVersion `x`: it is no version.
            => 1
        "#]],
    );
}

#[test]
fn releases_are_deleted() {
    let release = |id: &str, version: &str| Release {
        id: id.to_owned(),
        version: version.to_owned(),
        ..Release::default()
    };
    let one = |id: &str, version: &'static str| {
        let path = match version {
            "1.2.0" => "GET /api/Spaces-1/projects/Web/releases/1.2.0",
            _ => "GET /api/Spaces-1/projects/Web/releases/1.2.1",
        };
        (path, ok(release(id, version)))
    };
    check(
        vec![
            one("Releases-9", "1.2.0"),
            one("Releases-10", "1.2.1"),
            ("DELETE /api/Spaces-1/releases/Releases-9", ok(json!({}))),
            ("DELETE /api/Spaces-1/releases/Releases-10", ok(json!({}))),
        ],
        "release delete -p Web --version 1.2.0 --version 1.2.1 -y",
        expect![[r#"
            Deleted  Id
            1.2.0    Releases-9
            1.2.1    Releases-10
            => 0
        "#]],
    );
    // Nothing goes when one of them is unknown.
    let missing = Reply::Json(404, json!({ "ErrorMessage": "There is no release 1.2.1." }));
    check(
        vec![
            one("Releases-9", "1.2.0"),
            ("GET /api/Spaces-1/projects/Web/releases/1.2.1", missing),
            (
                "GET /api/Spaces-1/projects/Web/releases?skip=0&take=500",
                ok(page(vec![release("Releases-9", "1.2.0")], 1)),
            ),
        ],
        "release delete -p Web --version 1.2.0 --version 1.2.1 -y",
        expect![[r#"
            ! Error: There is no release "1.2.1".
            ! Hint: Did you mean 1.2.0?
            => 1
        "#]],
    );
}
