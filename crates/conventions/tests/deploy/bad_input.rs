//! Bad input to each convention: the message names the file, the place, what is wrong and what to
//! do; DeployFailed runs, the journal says so, and what was installed before is untouched.

use expect_test::{Expect, expect};

use super::bench::Bench;

const FAILED: (&str, &str) = ("DeployFailed.sh", "echo cleaning up");

/// Deploys a good 1.0.0, then these files with these variables as 1.1.0, which must fail.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a call reads better without a borrow"
)]
fn check(files: &[(&str, &str)], variables: &[(&str, &str)], expected: Expect) {
    let mut bench = Bench::new(&[("app.txt", "good")]);
    bench.request.version = "1.0.0".to_owned();
    bench.succeeds();
    let before = bench.journal();
    bench.log();

    bench.request.version = "1.1.0".to_owned();
    bench.pack(&[files, &[FAILED]].concat());
    for (name, value) in variables {
        bench = bench.set(name, value);
    }
    let message = bench.fails();
    expected.assert_eq(&message.replace("ROOT/Applications/Prod/Acme.Web/1.1.0", "APP"));

    let log = bench.log();
    let (step, text) = message.split_once(": ").unwrap();
    assert!(log.contains(&format!("Error {step}: {text}\n")), "{log}");
    assert!(log.ends_with("Info DeployFailed: cleaning up\n"), "{log}");
    let entries = bench.journal();
    let (last, others) = entries.split_last().unwrap();
    assert_eq!(others, before, "the last success is still the current one");
    assert_eq!((last.success, last.version.as_str()), (false, "1.1.0"));
    assert_eq!(
        bench.read("Applications/Prod/Acme.Web/1.0.0/app.txt"),
        "good"
    );
    assert_eq!(bench.tree("Applications/Prod/Acme.Web/1.0.0"), "app.txt\n");
}

const TARGETS: &str = "Octopus.Action.SubstituteInFiles.TargetFiles";
const STRUCTURED: &str = "Octopus.Action.Package.JsonConfigurationVariablesTargets";
const CUSTOM: &str = "Octopus.Action.Package.CustomInstallationDirectory";

#[test]
fn scripts() {
    check(
        &[("PreDeploy.sh", "exit 7")],
        &[],
        expect![
            "PreDeploy: PreDeploy.sh ended with exit code 7, in APP; the lines before this one in the log say more"
        ],
    );
    check(
        &[("Deploy.py", "print(get_octopusvariable('None'))")],
        &[],
        expect![
            "Deploy: Deploy.py ended with exit code 1, in APP; the lines before this one in the log say more"
        ],
    );
    check(
        &[("PostDeploy.fsx", "")],
        &[],
        expect![
            "PostDeploy: APP/PostDeploy.fsx cannot be run: Tentacle runs no FSharp scripts on this system; give it as a shell script (.sh), in Python (.py) or in PowerShell (.ps1)"
        ],
    );
    check(
        &[],
        &[
            ("Octopus.Action.CustomScripts.Deploy.sh", "#{A}"),
            ("A", "#{A}"),
        ],
        expect![
            "Deploy: the variable Octopus.Action.CustomScripts.Deploy.sh cannot be evaluated: variables refer to each other in a circle: A -> A; break it at one of them"
        ],
    );
}

#[test]
fn substitution() {
    let circle = [("A", "#{B}"), ("B", "#{A}")];
    check(
        &[("a.txt", "\n  #{A}")],
        &[&circle[..], &[(TARGETS, "*.txt")]].concat(),
        expect![
            "Substitute: APP/a.txt cannot be configured: variables refer to each other in a circle: A -> B -> A; break it at one of them"
        ],
    );
    check(
        &[],
        &[(TARGETS, "[a")],
        expect![[
            r#"Substitute: the pattern "[a" in the variable Octopus.Action.SubstituteInFiles.TargetFiles is not valid; correct it: error parsing glob '[a': unclosed character class; missing ']'"#
        ]],
    );
    check(
        &[("a.txt", "#{ | null}")],
        &[(TARGETS, "*.txt")],
        expect![
            "Substitute: APP/a.txt cannot be configured: the text uses the filter `Null`, which makes a variable absent and means nothing for a file; remove it"
        ],
    );
}

#[test]
fn transforms() {
    let transform = |content: &str| {
        format!(
            "<c xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\">\n  {content}\n</c>"
        )
    };
    for (content, expected) in [
        (
            "<a xdt:Transform=\"Explode\"/>",
            expect![
                "Transform: APP/web.config cannot be transformed by APP/web.Release.config: line 2, column 21 of the transform: there is no transform `Explode`; use one of Replace, Insert, InsertBefore, InsertAfter, InsertIfMissing, Remove, RemoveAll, RemoveAttributes, SetAttributes, CommentOut"
            ],
        ),
        (
            "<a xdt:Transform=\"Replace\" xdt:Locator=\"Match(key)\"/>",
            expect![
                "Transform: APP/web.config cannot be transformed by APP/web.Release.config: line 2, column 3 of the transform: the element has no attribute `key` that `Match` could compare; add it"
            ],
        ),
        (
            "<a xdt:Transform=\"Replace\" xdt:Locator=\"XPath(//[)\"/>",
            expect![
                "Transform: APP/web.config cannot be transformed by APP/web.Release.config: line 2, column 43 of the transform: `//[` is no XPath: character 3: expected the name of an element"
            ],
        ),
        (
            "<a>",
            expect![
                "Transform: APP/web.config cannot be transformed by APP/web.Release.config: line 3, column 1 of the transform: expected 'a' tag, not 'c'; correct the XML"
            ],
        ),
    ] {
        let release = transform(content);
        check(
            &[("web.config", "<c/>"), ("web.Release.config", &release)],
            &[],
            expected,
        );
    }
}

#[test]
fn config_variables() {
    check(
        &[("sub/web.config", "<c>\n  <d>\n</c>")],
        &[],
        expect![
            "Configure: APP/sub/web.config cannot be configured: line 3, column 1: expected 'd' tag, not 'c'; correct the XML of the file"
        ],
    );
    check(
        &[(
            "web.config",
            "<!DOCTYPE c [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><c>&e;</c>",
        )],
        &[],
        expect![
            "Configure: APP/web.config cannot be configured: line 1, column 1: the document has a DTD (`<!DOCTYPE`), which is not allowed; remove it"
        ],
    );
    let setting = "<c><appSettings><add key='A' value=''/></appSettings></c>";
    check(
        &[("web.config", setting)],
        &[("A", "a\u{1}")],
        expect![
            "Configure: APP/web.config cannot be configured: the value of the variable `A` holds the character U+0001, which XML does not allow; remove it"
        ],
    );
    check(
        &[("web.config", setting)],
        &[("A", "#{A}")],
        expect![
            "Configure: APP/web.config cannot be configured: the variable `A` can't be evaluated; correct it, or the variables that it refers to: variables refer to each other in a circle: A -> A; break it at one of them"
        ],
    );
}

#[test]
fn structured_variables() {
    check(
        &[("a.json", "{\n  \"a\": ?\n}")],
        &[(STRUCTURED, "*.json")],
        expect![
            "Structure: APP/a.json cannot be configured: line 2, column 8: expected a value, found `?`; correct the JSON of the file"
        ],
    );
    check(
        &[("a.yml", "a: [1\nb: 2\n")],
        &[(STRUCTURED, "*.yml")],
        expect![
            "Structure: APP/a.yml cannot be configured: line 2, column 2: illegal placement of ':' indicator; correct the YAML of the file"
        ],
    );
    check(
        &[],
        &[(STRUCTURED, "{a")],
        expect![[
            r#"Structure: the pattern "{a" in the variable Octopus.Action.Package.JsonConfigurationVariablesTargets is not valid; correct it: error parsing glob '{a': unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)"#
        ]],
    );
}

#[test]
fn custom_directory() {
    check(
        &[],
        &[(CUSTOM, "srv/web")],
        expect![[
            r#"Copy: the variable Octopus.Action.Package.CustomInstallationDirectory must be an absolute path, and is "srv/web""#
        ]],
    );
    check(
        &[],
        &[(CUSTOM, "/srv/#{None}")],
        expect![[
            r#"Copy: the variable Octopus.Action.Package.CustomInstallationDirectory must be a path whose variables all have a value, and is "/srv/#{None}""#
        ]],
    );
    check(
        &[],
        &[(CUSTOM, "/")],
        expect![
            "Copy: the custom installation directory / is the root of a disk; choose another one in Octopus.Action.Package.CustomInstallationDirectory"
        ],
    );
}
