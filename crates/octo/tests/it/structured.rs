//! `config-file structured`: each format, found and named.

use expect_test::expect;

use crate::config_file::{VARIABLES, check};
use crate::run::Place;

const JSON: &str =
    "{\n  // ours\n  \"logging\": { \"Level\": \"Info\" },\n  \"Ports\": [80,443]\n}";

#[test]
fn every_format() {
    for arguments in ["a.json", "-", "- --format json"] {
        check(
            "a.json",
            JSON,
            &format!("structured {arguments}"),
            expect![[r#"
                {
                  // ours
                  "logging": { "Level": "Debug" },
                  "Ports": [80,8443]
                }<no line break>
                => 0
            "#]],
        );
    }
    let properties = "# ours\nLogging\\:Level = Info\nColor: x";
    for arguments in ["a.properties", "- --format properties"] {
        check(
            "a.properties",
            properties,
            &format!("structured {arguments}"),
            expect![[r#"
                # ours
                Logging\:Level = Debug
                Color: dark green<no line break>
                => 0
            "#]],
        );
    }
    let yaml = "# ours\nlogging:\n  level: info # loud\nports: [80, 443]";
    for arguments in ["a.yml", "- --format yaml", "-"] {
        check(
            "a.yml",
            yaml,
            &format!("structured {arguments}"),
            expect![[r#"
                # ours
                logging:
                  level: Debug # loud
                ports: [80, 8443]<no line break>
                => 0
            "#]],
        );
    }
    let xml = "<?xml version=\"1.0\"?>\n<site><!-- ours --><port>80</port></site>";
    for arguments in ["a.xml", "- --format xml", "-"] {
        check(
            "a.xml",
            xml,
            &format!("structured {arguments}"),
            expect![[r#"
                <?xml version="1.0"?>
                <site><!-- ours --><port>8443</port></site><no line break>
                => 0
            "#]],
        );
    }
}

#[test]
fn structured_by_the_wrong_format() {
    let broken = "{\n  \"a\": 1,\n  \"ä\": oops\n}";
    check(
        "a.json",
        broken,
        "structured a.json",
        expect![[r#"
        ! Error: a.json cannot be configured.
        ! Cause: line 3, column 8: expected a value, found `o`; correct the JSON of the file
        => 1
    "#]],
    );
    check(
        "x",
        broken,
        "structured - --format json",
        expect![[r#"
        ! Error: standard input cannot be configured.
        ! Cause: line 3, column 8: expected a value, found `o`; correct the JSON of the file
        => 1
    "#]],
    );
    check(
        "a.bin",
        "[\\u12",
        "structured a.bin",
        expect![[r#"
        ! Error: a.bin cannot be configured.
        ! Cause: variables can't be put into this file: as JSON, line 1, column 2: expected a value, found `\`; correct the JSON of the file; as XML, line 1, column 1: unknown token; correct the XML of the file; as YAML, line 1, column 1: unclosed bracket '['; correct the YAML of the file; as properties, line 1, column 3: expected four digits after `\u`; correct the properties of the file
        => 1
    "#]],
    );
    check(
        "x",
        "a:\n  - b\n c: d",
        "structured - --format yaml",
        expect![[r#"
            ! Error: standard input cannot be configured.
            ! Cause: line 3, column 2: while parsing a block mapping, did not find expected key; correct the YAML of the file
            => 1
        "#]],
    );
    check(
        "x",
        "<a>\n  <b></a>",
        "structured - --format xml",
        expect![[r#"
            ! Error: standard input cannot be configured.
            ! Cause: line 2, column 6: expected 'b' tag, not 'a'; correct the XML of the file
            => 1
        "#]],
    );
    check(
        "x",
        "a = \\u12",
        "structured - --format properties",
        expect![[r#"
            ! Error: standard input cannot be configured.
            ! Cause: line 1, column 6: expected four digits after `\u`; correct the properties of the file
            => 1
        "#]],
    );
    check(
        "x",
        broken,
        "structured - --format toml",
        expect![[r#"
            ! error: invalid value 'toml' for '--format <FORMAT>'
            !   [possible values: json, yaml, xml, properties]
            ! 
            !   tip: a similar value exists: 'xml'
            ! 
            ! For more information, try '--help'.
            => 2
        "#]],
    );
}

#[test]
fn large_files() {
    let mut json = "{\"Logging\": {\"Level\": \"Info\"}, \"Items\": [\n".to_owned();
    while json.len() < 10 << 20 {
        json.push_str(
            "  {\"Name\": \"some item of the list\", \"Enabled\": true, \"Weight\": 1.50},\n",
        );
    }
    json.push_str("  {}]}");
    let place = Place::new();
    place.file("vars.json", VARIABLES.as_bytes());
    place.file("a.json", json.as_bytes());
    let output = place.run("config-file structured a.json --variables vars.json");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout == json.replace("Info", "Debug").as_bytes());
}
