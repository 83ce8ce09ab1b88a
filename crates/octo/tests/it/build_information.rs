//! `build-information`.

use api::{BuildInformation, Commit};
use expect_test::expect;
use serde_json::{Value, json};

use crate::run::{Place, check};
use crate::samples::page;
use crate::server::{Reply, Server, ok};

#[test]
fn build_information_goes_there_and_comes_back() {
    let told = BuildInformation {
        id: "BuildInformation-7".to_owned(),
        package_id: "Acme.Web".to_owned(),
        version: "1.2.0".to_owned(),
        branch: "main".to_owned(),
        build_number: "42".to_owned(),
        commits: vec![Commit {
            id: "abc123".to_owned(),
            comment: "Orders are kept".to_owned(),
            ..Commit::default()
        }],
        ..BuildInformation::default()
    };
    let path = "POST /api/Spaces-1/build-information?overwriteMode=OverwriteExisting";
    let server = Server::start(vec![(path, ok(&told)), (path, ok(&told))]);
    let place = Place::with(&server);
    let file = json!({ "Branch": "main", "BuildNumber": "42", "New": 1 });
    place.file("build.json", file.to_string().as_bytes());
    place.check(
        "build-information upload --package-id Acme.Web --package-id Acme.Api --version 1.2.0 \
         --file build.json --overwrite-mode overwrite",
        expect![[r#"
            Package   Version  Id                  Commits
            Acme.Web  1.2.0    BuildInformation-7        1
            Acme.Web  1.2.0    BuildInformation-7        1
            => 0
        "#]],
    );
    let sent: Vec<Value> = server
        .finish()
        .iter()
        .map(|request| request.json())
        .collect();
    assert_eq!(sent[1]["PackageId"], "Acme.Api");
    assert_eq!(
        sent[0]["OctopusBuildInformation"], file,
        "the file goes as it is"
    );
    place.file("build.txt", b"[1]");
    place.check(
        "build-information upload --package-id A --version 1 --file build.txt",
        expect![[r#"
            ! Error: build.txt is JSON, but not an object.
            ! Hint: Write {"BuildEnvironment": "…", "BuildNumber": "…", "Commits": [{"Id": "…", "Comment": "…"}]}.
            => 1
        "#]],
    );
    let of_web = "GET /api/Spaces-1/build-information?packageId=Acme.Web&skip=0&take=500";
    let list = || ok(page(vec![told.clone()], 1));
    check(
        vec![(of_web, list())],
        "build-information list --package-id Acme.Web",
        expect![[r#"
            Package   Version  Id                  Build  Branch  Commit
            Acme.Web  1.2.0    BuildInformation-7  42     main
            => 0
        "#]],
    );
    check(
        vec![(of_web, list())],
        "build-information view --package-id Acme.Web --version 1.2.0",
        expect![[r#"
            Id       BuildInformation-7
            Package  Acme.Web 1.2.0
            Build    42
            Branch   main
            Commit   abc123  Orders are kept
            => 0
        "#]],
    );
    check(
        vec![
            (of_web, list()),
            (
                "DELETE /api/Spaces-1/build-information/BuildInformation-7",
                Reply::Json(200, json!(null)),
            ),
        ],
        "build-information delete --package-id Acme.Web --version 1.2.0 -y",
        expect![[r#"
            Deleted  build information BuildInformation-7
            => 0
        "#]],
    );
    check(
        vec![(of_web, list())],
        "build-information view --package-id Acme.Web --version 1.3.0",
        expect![[r#"
            ! Error: There is no build information of version "1.3.0".
            ! Hint: Did you mean 1.2.0?
            => 1
        "#]],
    );
}
