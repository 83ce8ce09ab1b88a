//! `release progression allow` and `prevent`.

use api::{Defect, DefectStatus, Release};
use expect_test::expect;
use serde_json::json;

use crate::run::check;
use crate::server::{Reply, ok};

const RELEASE: &str = "GET /api/Spaces-1/projects/Web/releases/1.2.0";
const REPORT: &str = "POST /api/Spaces-1/releases/Releases-9/defects";
const RESOLVE: &str = "POST /api/Spaces-1/releases/Releases-9/defects/resolve";

fn release() -> Reply {
    ok(json!(Release {
        id: "Releases-9".to_owned(),
        version: "1.2.0".to_owned(),
        ..Release::default()
    }))
}

fn defect(status: DefectStatus) -> serde_json::Value {
    json!(Defect {
        id: "Defects-4".to_owned(),
        description: "Orders are lost".to_owned(),
        status,
        ..Defect::default()
    })
}

#[test]
fn a_release_is_kept_from_later_phases_with_the_reason() {
    let made = Reply::Json(201, defect(DefectStatus::Unresolved));
    let requests = check(
        vec![(RELEASE, release()), (REPORT, made)],
        "release progression prevent -p Web --version 1.2.0 --reason later",
        expect![[r#"
            Id      Defects-4
            Status  Unresolved
            Reason  Orders are lost
            => 0
        "#]],
    );
    assert_eq!(requests[1].json(), json!({ "Description": "later" }));
    check(
        vec![],
        "release progression prevent -p Web --version 1.2.0 --no-prompt",
        expect![[r#"
            ! Error: --reason is missing.
            ! Hint: Give --reason; --help tells more.
            => 2
        "#]],
    );
}

#[test]
fn a_release_is_let_go_on() {
    check(
        vec![
            (RELEASE, release()),
            (RESOLVE, ok(defect(DefectStatus::Resolved))),
        ],
        "release progression allow -p Web --version 1.2.0 -f basic",
        expect![[r#"
            Defects-4
            => 0
        "#]],
    );
    let words = "The release 1.2.0 has no unresolved defect; there is nothing to resolve.";
    check(
        vec![
            (RELEASE, release()),
            (RESOLVE, Reply::Json(400, json!({ "ErrorMessage": words }))),
        ],
        "release progression allow -p Web --version 1.2.0",
        expect![[r#"
            ! Error: The release 1.2.0 has no unresolved defect; there is nothing to resolve.
            => 1
        "#]],
    );
}
