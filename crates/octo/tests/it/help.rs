//! Help, version and completion: results, so they go to standard output.

use expect_test::expect;

use crate::run::Place;

#[test]
fn help_is_a_result() {
    Place::new().check("task wait -h", expect![[r#"
        Waits until tasks are complete, and lists them

        Usage: octo task wait [OPTIONS] [ID]...

        Arguments:
          [ID]...  The tasks' ids

        Options:
              --timeout <SECONDS>        Seconds to wait at most [default: 600]
              --poll-interval <SECONDS>  Seconds between two looks [default: 10]
              --cancel-on-timeout        Cancel the tasks that are not complete when the time runs out
              --progress                 Tell on standard error how far the tasks are; on a terminal, bars always do
          -h, --help                     Print help (see more with '--help')

        Global options:
              --server <URL>            Address of the server (or OCTOPUS_URL; else where login went)
              --api-key <KEY>           API key (or OCTOPUS_API_KEY; else the one that login saved)
          -s, --space <SPACE>           Id or name of the space (or OCTOPUS_SPACE; else Spaces-1)
          -f, --output-format <FORMAT>  How results are printed: json, table for people (the default), or basic (bare ids or names, one a line)
              --no-prompt               Ask nothing: what is missing is an error

        Examples:
          octo task wait ServerTasks-42 ServerTasks-43 --timeout 900
          octo task wait ServerTasks-42 --progress --cancel-on-timeout
          octo package deploy Acme.Web --environment Staging --no-wait -f basic | octo task wait
        => 0
    "#]]);
    let version = Place::new().run("--version");
    assert!(version.stdout.starts_with(b"octo "), "{version:?}");
    let alone = Place::new().run("");
    assert_eq!(alone.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&alone.stderr).contains("Usage: octo"));
}

#[test]
fn every_shell_completes_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = Place::new().run(&format!("completion {shell}"));
        assert_eq!(output.status.code(), Some(0), "{shell}");
        let script = String::from_utf8(output.stdout).unwrap();
        for word in [
            "deployment-target",
            "watch",
            "overwrite-mode",
            "cancel-on-timeout",
            "config-file",
            "inspect",
            "strict",
        ] {
            assert!(script.contains(word), "{shell} does not know {word}");
        }
    }
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    let place = Place::new();
    place.file("man/old.1", b"");
    let output = place.run("manual man");
    assert!(output.status.success(), "{output:?}");
    let page = |name: &str| std::fs::read_to_string(place.home.path().join("man").join(name));
    let text = page("octo-release-deploy.1").unwrap();
    for word in [
        "deploy\\-at",
        "Examples",
        "octo release deploy \\-\\-project Web",
        "output\\-format",
    ] {
        assert!(text.contains(word), "{word} is missing: {text}");
    }
    for name in [
        "octo.1",
        "octo-project-variables-create.1",
        "octo-task-wait.1",
    ] {
        assert!(page(name).is_ok(), "{name} is missing");
    }
    assert!(page("octo-help.1").is_err() && page("octo-manual.1").is_err());
    let output = place.run("manual nowhere");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}
