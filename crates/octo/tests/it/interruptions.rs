//! What tasks ask people, what they leave, and what people did.

use api::{Artifact, Event, Interruption};
use expect_test::expect;
use serde_json::json;

use crate::run::{Place, check};
use crate::samples::page;
use crate::server::{Reply, Server, ok};

fn question(is_pending: bool) -> Interruption {
    let asked = json!({
        "Id": "Interruptions-7",
        "Title": "Check the shop",
        "TaskId": "ServerTasks-42",
        "Created": "2030-01-31T20:00:00Z",
        "IsPending": is_pending,
        "Form": {
            "Values": { "Notes": "Looks good", "Result": "Proceed" },
            "Elements": [
                { "Name": "Instructions", "Control": { "Type": "Paragraph", "Text": "Buy a shoe." } },
                { "Name": "Notes", "Control": { "Type": "TextArea", "Label": "Notes" } },
                { "Name": "Result", "Control": { "Type": "SubmitButtonGroup", "Buttons": [
                    { "Text": "Proceed", "Value": "Proceed" },
                    { "Text": "Abort", "Value": "Abort" },
                ] } },
            ],
        },
    });
    serde_json::from_value(asked).unwrap()
}

const QUESTION: &str = "GET /api/Spaces-1/interruptions/Interruptions-7";
const RESPONSIBLE: &str = "PUT /api/Spaces-1/interruptions/Interruptions-7/responsible";
const SUBMIT: &str = "POST /api/Spaces-1/interruptions/Interruptions-7/submit";

#[test]
fn interruptions_are_listed_shown_and_answered() {
    check(
        vec![(
            "GET /api/Spaces-1/interruptions?regarding=ServerTasks-42&pendingOnly=true&skip=0&take=500",
            ok(page(vec![question(true)], 1)),
        )],
        "interruption list --task ServerTasks-42",
        expect![[r#"
            Id               Task            Asked             Title           Answers
            Interruptions-7  ServerTasks-42  2030-01-31 20:00  Check the shop  Proceed, Abort
            => 0
        "#]],
    );
    check(
        vec![(QUESTION, ok(question(true)))],
        "interruption view Interruptions-7",
        expect![[r#"
            Id            Interruptions-7
            Task          ServerTasks-42
            Title         Check the shop
            Asked         2030-01-31 20:00
            Instructions  Buy a shoe.
            Answers       Proceed, Abort
            => 0
        "#]],
    );
    let requests = check(
        vec![
            (QUESTION, ok(question(true))),
            (RESPONSIBLE, ok(json!({ "Id": "Users-5" }))),
            (SUBMIT, ok(question(false))),
        ],
        "interruption submit Interruptions-7 --result Proceed --notes Fine",
        expect![[r#"
            Id            Interruptions-7
            Task          ServerTasks-42
            Title         Check the shop
            Asked         2030-01-31 20:00
            Instructions  Buy a shoe.
            Answer        Proceed
            Notes         Looks good
            => 0
        "#]],
    );
    let said = json!({ "Notes": "Fine", "Result": "Proceed" });
    assert_eq!(requests[2].json(), said);
    check(
        vec![(QUESTION, ok(question(true)))],
        "interruption submit Interruptions-7",
        expect![[r#"
            ! Error: --result is missing.
            ! Hint: Give --result; --help tells more.
            => 2
        "#]],
    );
    // Nobody becomes responsible by an answer that there is not.
    check(
        vec![(QUESTION, ok(question(true)))],
        "interruption submit Interruptions-7 --result Maybe",
        expect![[r#"
            ! Error: Check the shop: "Maybe" is no answer to that.
            ! Hint: Give --result with one of Proceed, Abort.
            => 2
        "#]],
    );
    let too_late = "The interruption Interruptions-7 waits for nobody any more.";
    check(
        vec![
            (QUESTION, ok(question(false))),
            (
                RESPONSIBLE,
                Reply::Json(409, json!({ "ErrorMessage": too_late })),
            ),
        ],
        "interruption submit Interruptions-7 --result abort",
        expect![[r#"
            ! Error: The interruption Interruptions-7 waits for nobody any more.
            => 1
        "#]],
    );
}

fn artifact(filename: &str) -> Artifact {
    Artifact {
        id: "Artifacts-7".to_owned(),
        filename: filename.to_owned(),
        server_task_id: "ServerTasks-42".to_owned(),
        size: 7,
        created: "2030-01-31T20:00:00Z".to_owned(),
        ..Artifact::default()
    }
}

const ARTIFACT: &str = "GET /api/Spaces-1/artifacts/Artifacts-7";
const CONTENT: &str = "GET /api/Spaces-1/artifacts/Artifacts-7/content";

/// The script's server answers in JSON; a file may be that too.
fn fetched(filename: &str) -> Server {
    Server::start(vec![
        (ARTIFACT, ok(artifact(filename))),
        (CONTENT, Reply::Page(200, "content")),
    ])
}

#[test]
fn artifacts_are_listed_and_fetched() {
    check(
        vec![(
            "GET /api/Spaces-1/artifacts?regarding=ServerTasks-42&skip=0&take=500",
            ok(page(vec![artifact("report.xml")], 1)),
        )],
        "artifact list --task ServerTasks-42",
        expect![[r#"
            Id           File        Size  Task            Created
            Artifacts-7  report.xml   7 B  ServerTasks-42  2030-01-31 20:00
            => 0
        "#]],
    );
    // Whatever a script calls its file, it stays in this folder.
    for name in ["report.xml", "../../report.xml", "C:\\temp\\report.xml"] {
        let server = fetched(name);
        let place = Place::with(&server);
        place.check(
            "artifact download Artifacts-7",
            expect![[r#"
                Id    Artifacts-7
                File  report.xml
                Size  7 B
                => 0
            "#]],
        );
        let file = std::fs::read_to_string(place.home.path().join("report.xml"));
        assert_eq!(file.unwrap(), "content");
        server.finish();
    }
    for name in ["..", ""] {
        let server = fetched(name);
        let place = Place::with(&server);
        place.check(
            "artifact download Artifacts-7 -f basic",
            expect![[r#"
                Artifacts-7
                => 0
            "#]],
        );
        server.finish();
    }
}

#[test]
fn a_file_that_is_there_stays_unless_told_otherwise() {
    let server = Server::start(vec![(ARTIFACT, ok(artifact("report.xml")))]);
    let place = Place::with(&server);
    place.file("report.xml", b"mine");
    place.check(
        "artifact download Artifacts-7",
        expect![[r#"
        ! Error: report.xml is there already.
        ! Hint: Give --overwrite to put the artifact in its place, or --out with another name.
        => 1
    "#]],
    );
    let read =
        |place: &Place| std::fs::read_to_string(place.home.path().join("report.xml")).unwrap();
    assert_eq!(read(&place), "mine");
    server.finish();
    // What breaks off leaves nothing behind.
    let server = Server::start(vec![
        (ARTIFACT, ok(artifact("report.xml"))),
        (CONTENT, Reply::Half),
    ]);
    let place = Place::with(&server);
    place.file("report.xml", b"mine");
    let output = place.run("artifact download Artifacts-7 --overwrite");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(read(&place), "mine");
    assert_eq!(std::fs::read_dir(place.home.path()).unwrap().count(), 1);
    server.finish();
    let server = fetched("report.xml");
    let place = Place::with(&server);
    place.file("report.xml", b"mine");
    let output = place.run("artifact download Artifacts-7 --overwrite");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(read(&place), "content");
    server.finish();
    let server = fetched("report.xml");
    let output = Place::with(&server).run("artifact download Artifacts-7 --out -");
    assert_eq!(output.stdout, b"content");
    server.finish();
    check(
        vec![
            (ARTIFACT, ok(artifact("report.xml"))),
            (
                CONTENT,
                Reply::Json(404, json!({ "ErrorMessage": "There is no artifact." })),
            ),
        ],
        "artifact download Artifacts-7",
        expect![[r#"
            ! Error: There is no artifact.
            => 1
        "#]],
    );
}

#[test]
fn changes_are_listed() {
    let event = Event {
        id: "Events-9".to_owned(),
        occurred: "2030-01-31T20:00:00Z".to_owned(),
        username: "ada".to_owned(),
        category: "Modified".to_owned(),
        message: "The project Web was changed.".to_owned(),
        ..Event::default()
    };
    check(
        vec![(
            "GET /api/Spaces-1/events?users=ada&eventCategories=Created%2CModified&from=2030-01-01T00%3A00%3A00Z&take=30&includeSystem=true",
            ok(page(vec![event], 1)),
        )],
        "event list --user ada --category Created --category Modified --from 2030-01-01T00:00:00Z --include-system",
        expect![[r#"
            When              Who  Kind      What
            2030-01-31 20:00  ada  Modified  The project Web was changed.
            => 0
        "#]],
    );
}
