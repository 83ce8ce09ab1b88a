//! Structured variables in files of every format: which one is chosen, and what is left out.

use expect_test::{Expect, expect};

use super::bench::Bench;

const APP: &str = "Applications/Prod/Acme.Web/1.2.0";

fn bench(name: &str, content: &str) -> Bench {
    Bench::new(&[(name, content)])
        .features(&["JsonConfigurationVariables"])
        .set(
            "Octopus.Action.Package.JsonConfigurationVariablesTargets",
            "**/*",
        )
        .set("Server:Port", "8080")
        .set("/a/b/@c", "8080")
        .set("Octopus:Color", "green")
        .set("OctopusColor", "never")
}

#[test]
fn each_format_takes_variables_by_its_extension() {
    for (name, before, after) in [
        // JSON
        (
            "a.json",
            "{ \"Server\": { \"port\": 1 } }\n",
            "{ \"Server\": { \"port\": 8080 } }\n",
        ),
        (
            "a.json",
            "{\"Octopus\": {\"Color\": \"\"}}",
            "{\"Octopus\": {\"Color\": \"green\"}}",
        ),
        (
            "a.json",
            "{\"OctopusColor\": \"\"}",
            "{\"OctopusColor\": \"\"}",
        ),
        // YAML
        (
            "a.yaml",
            "server: # ours\r\n  port: 1\r\n",
            "server: # ours\r\n  port: 8080\r\n",
        ),
        (
            "deep/A.YML",
            "Server:\n  Port: 'x'\n",
            "Server:\n  Port: '8080'\n",
        ),
        // XML
        (
            "a.xml",
            "<a>\n  <b  c='1'/>\n</a>",
            "<a>\n  <b  c='8080'/>\n</a>",
        ),
        // properties
        (
            "a.properties",
            "# ours\nServer:Port = 1\n",
            "# ours\nServer:Port = 1\n",
        ),
        (
            "a.properties",
            "Server\\:Port = 1\n",
            "Server\\:Port = 8080\n",
        ),
        // JSON first, whatever the extension
        (
            "a.yml",
            "{\"Server\":{\"Port\":1}}",
            "{\"Server\":{\"Port\":8080}}",
        ),
        (
            "a.xml",
            "{\"Server\":{\"Port\":1}}",
            "{\"Server\":{\"Port\":8080}}",
        ),
        // an unknown extension: the first format that it can be read as
        (
            "a.cfg",
            "{\"Server\":{\"Port\":1}}",
            "{\"Server\":{\"Port\":8080}}",
        ),
        ("a", "<a><b c='1'/></a>", "<a><b c='8080'/></a>"),
        ("a.conf", "Server:\n  Port: 1\n", "Server:\n  Port: 8080\n"),
        // byte order mark and line breaks stay
        (
            "a.json",
            "\u{FEFF}{\r\n\"Server\": {\r\n\"Port\": \"1\"}}",
            "\u{FEFF}{\r\n\"Server\": {\r\n\"Port\": \"8080\"}}",
        ),
    ] {
        let bench = bench(name, before);
        bench.succeeds();
        assert_eq!(
            bench.read(&format!("{APP}/{name}")),
            after,
            "{name}: {before}"
        );
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a call reads better without a borrow"
)]
fn check(name: &str, content: &str, expected: Expect) {
    expected.assert_eq(&bench(name, content).fails());
}

#[test]
fn what_has_no_format_fails_with_file_place_and_reason() {
    check(
        "a.json",
        "{\n  \"Server\": ?\n}",
        expect![
            "Structure: ROOT/Applications/Prod/Acme.Web/1.2.0/a.json cannot be configured: line 2, column 13: expected a value, found `?`; correct the JSON of the file"
        ],
    );
    check(
        "a.yaml",
        "a: 'x\nb: 1\n",
        expect![
            "Structure: ROOT/Applications/Prod/Acme.Web/1.2.0/a.yaml cannot be configured: line 1, column 4: unclosed quote; correct the YAML of the file"
        ],
    );
    check(
        "a.xml",
        "<a>\n<b></a>",
        expect![
            "Structure: ROOT/Applications/Prod/Acme.Web/1.2.0/a.xml cannot be configured: line 2, column 4: expected 'b' tag, not 'a'; correct the XML of the file"
        ],
    );
    check(
        "a.properties",
        "a=\\u12\n",
        expect![[
            r#"Structure: ROOT/Applications/Prod/Acme.Web/1.2.0/a.properties cannot be configured: line 1, column 4: expected four digits after `\u`; correct the properties of the file"#
        ]],
    );
    check(
        "a.cfg",
        "[\\u12",
        expect![[
            r#"Structure: ROOT/Applications/Prod/Acme.Web/1.2.0/a.cfg cannot be configured: variables can't be put into this file: as JSON, line 1, column 2: expected a value, found `\`; correct the JSON of the file; as XML, line 1, column 1: unknown token; correct the XML of the file; as YAML, line 1, column 1: unclosed bracket '['; correct the YAML of the file; as properties, line 1, column 3: expected four digits after `\u`; correct the properties of the file"#
        ]],
    );
}

#[test]
fn a_value_that_does_not_fit_is_named() {
    let bench = bench("a.xml", "<a><b c='1'/></a>").set("/a/b/@c", "\u{1}");
    expect!["Structure: ROOT/Applications/Prod/Acme.Web/1.2.0/a.xml cannot be configured: the value of the variable `/a/b/@c` holds the character U+0001, which XML does not allow; remove it"].assert_eq(&bench.fails());
    let bench = Bench::new(&[("a.json", "{\"A\": 1}")])
        .features(&["JsonConfigurationVariables"])
        .set(
            "Octopus.Action.Package.JsonConfigurationVariablesTargets",
            "a.json",
        )
        .set("A", "#{B}")
        .set("B", "#{A}");
    expect!["Structure: ROOT/Applications/Prod/Acme.Web/1.2.0/a.json cannot be configured: the variable `A` can't be evaluated; correct it, or the variables that it refers to: variables refer to each other in a circle: A -> B -> A; break it at one of them"].assert_eq(&bench.fails());
}
