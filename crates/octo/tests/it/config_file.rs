//! `config-file …`: a file as a deployment would leave it.

use expect_test::{Expect, expect};

use crate::run::Place;

const VARIABLES: &str = r#"[
  {"Name": "Color", "Value": "dark #{Shade}"},
  {"Name": "Shade", "Value": "green"},
  {"Name": "Shade", "Value": "red", "Scope": {"Environment": ["Production"]}},
  {"Name": "Main", "Value": "Server=db;Password=\"p&w\""},
  {"Name": "Logging:Level", "Value": "Debug"},
  {"Name": "Ports:1", "Value": "8443"}
]"#;

fn check(name: &str, content: &str, arguments: &str, expected: Expect) {
    let place = Place::new().input(content);
    place.file("vars.json", VARIABLES.as_bytes());
    place.file(name, content.as_bytes());
    place.check(
        &format!("config-file {arguments} --variables vars.json"),
        expected,
    );
}

const CONFIG: &str = "\
<configuration>
  <!-- ours -->
  <appSettings>
    <add  key='color' value='blue' />
  </appSettings>
  <connectionStrings>
    <add name=\"Main\" connectionString=\"\" />
  </connectionStrings>
</configuration>";

#[test]
fn variables() {
    check("web.config", CONFIG, "variables web.config", expect![[r#"
        <configuration>
          <!-- ours -->
          <appSettings>
            <add  key='color' value='dark green' />
          </appSettings>
          <connectionStrings>
            <add name="Main" connectionString="Server=db;Password=&quot;p&amp;w&quot;" />
          </connectionStrings>
        </configuration><no line break>
        => 0
    "#]]);
    check(
        "x",
        CONFIG,
        "variables - --environment production",
        expect![[r#"
            <configuration>
              <!-- ours -->
              <appSettings>
                <add  key='color' value='dark red' />
              </appSettings>
              <connectionStrings>
                <add name="Main" connectionString="Server=db;Password=&quot;p&amp;w&quot;" />
              </connectionStrings>
            </configuration><no line break>
            => 0
        "#]],
    );
}

#[test]
fn variables_that_cannot_be_put_in() {
    let broken = "<configuration>\n  <appSettings>\n  <add key='Color' value=</appSettings>";
    check("a.config", broken, "variables a.config", expect![""]);
    check("x", "", "variables -", expect![""]);
    let foreign = "<!DOCTYPE x SYSTEM 'http://example.com/'>\n<x/>";
    check("a.config", foreign, "variables a.config", expect![""]);
    let circle = "<c><appSettings><add key='A' value=''/></appSettings></c>";
    let place = Place::new();
    place.file("a.config", circle.as_bytes());
    place.file("vars.json", br##"{"A": "#{A}"}"##);
    place.check(
        "config-file variables a.config --variables vars.json",
        expect![""],
    );
    place.check(
        "config-file variables b.config --variables vars.json",
        expect![""],
    );
    place.check("config-file variables - --variables -", expect![""]);
    place.check("config-file variables a.config", expect![""]);
}

const JSON: &str =
    "{\n  // ours\n  \"logging\": { \"Level\": \"Info\" },\n  \"Ports\": [80,443]\n}";

#[test]
fn structured() {
    check("a.json", JSON, "structured a.json", expect![[r#"
        {
          // ours
          "logging": { "Level": "Debug" },
          "Ports": [80,8443]
        }<no line break>
        => 0
    "#]]);
    check("x", JSON, "structured -", expect![[r#"
        {
          // ours
          "logging": { "Level": "Debug" },
          "Ports": [80,8443]
        }<no line break>
        => 0
    "#]]);
    check("x", JSON, "structured - --format json", expect![[r#"
        {
          // ours
          "logging": { "Level": "Debug" },
          "Ports": [80,8443]
        }<no line break>
        => 0
    "#]]);
    let properties = "# ours\nLogging\\:Level = Info\nColor: x";
    check(
        "a.properties",
        properties,
        "structured a.properties",
        expect![[r#"
            # ours
            Logging\:Level = Debug
            Color: dark green<no line break>
            => 0
        "#]],
    );
    check(
        "x",
        properties,
        "structured - --format properties",
        expect![[r#"
            # ours
            Logging\:Level = Debug
            Color: dark green<no line break>
            => 0
        "#]],
    );
}

#[test]
fn structured_by_the_wrong_format() {
    let broken = "{\n  \"a\": 1,\n  \"ä\": oops\n}";
    check("a.json", broken, "structured a.json", expect![""]);
    check("x", broken, "structured - --format json", expect![""]);
    check("a.bin", broken, "structured a.bin", expect![""]);
    check(
        "x",
        "a = \\u12",
        "structured - --format properties",
        expect![""],
    );
    check("x", broken, "structured - --format toml", expect![""]);
}

#[test]
fn a_file_without_a_place_for_any_variable() {
    check("a.json", "{ }", "structured a.json", expect![[r#"
        { }<no line break>
        ! Warning: a.json: no variable has a place in it.
        => 0
    "#]]);
    check(
        "a.config",
        "<configuration/>\n",
        "variables a.config",
        expect![[r#"
            <configuration/>
            ! Warning: a.config: no variable has a place in it.
            => 0
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
