//! `config-file …`: a file as a deployment would leave it.

use expect_test::{Expect, expect};

use crate::run::Place;

pub(crate) const VARIABLES: &str = r#"[
  {"Name": "Color", "Value": "dark #{Shade}"},
  {"Name": "Shade", "Value": "green"},
  {"Name": "Shade", "Value": "red", "Scope": {"Environment": ["Production"]}},
  {"Name": "Main", "Value": "Server=db;Password=\"p&w\""},
  {"Name": "Logging:Level", "Value": "Debug"},
  {"Name": "Ports:1", "Value": "8443"},
  {"Name": "/site/port", "Value": "8443"}
]"#;

/// Compares what people see of a command on this file, which is also on standard input.
pub(crate) fn check(name: &str, content: &str, arguments: &str, expected: Expect) {
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
    check(
        "web.config",
        CONFIG,
        "variables web.config",
        expect![[r#"
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
    "#]],
    );
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
    check(
        "a.config",
        broken,
        "variables a.config",
        expect![[r#"
        ! Error: a.config cannot be configured.
        ! Cause: line 3, column 26: expected a quote not '<'; correct the XML of the file
        => 1
    "#]],
    );
    check(
        "x",
        "",
        "variables -",
        expect![[r#"
        ! Error: standard input cannot be configured.
        ! Cause: line 1, column 1: the document does not have a root node; correct the XML of the file
        => 1
    "#]],
    );
    let foreign = "<!DOCTYPE x SYSTEM 'http://example.com/'>\n<x/>";
    check(
        "a.config",
        foreign,
        "variables a.config",
        expect![[r#"
        ! Error: a.config cannot be configured.
        ! Cause: line 1, column 1: the document has a DTD (`<!DOCTYPE`), which is not allowed; remove it
        => 1
    "#]],
    );
    let circle = "<c><appSettings><add key='A' value=''/></appSettings></c>";
    let place = Place::new();
    place.file("a.config", circle.as_bytes());
    place.file("vars.json", br##"{"A": "#{A}"}"##);
    place.check(
        "config-file variables a.config --variables vars.json",
        expect![[r#"
            ! Error: a.config cannot be configured.
            ! Cause: the variable `A` can't be evaluated; correct it, or the variables that it refers to
            ! Cause: variables refer to each other in a circle: A -> A; break it at one of them
            => 1
        "#]],
    );
    place.check(
        "config-file variables b.config --variables vars.json",
        expect![[r#"
            ! Error: b.config cannot be read.
            ! Cause: No such file or directory (os error 2)
            => 1
        "#]],
    );
    place.check(
        "config-file variables - --variables -",
        expect![[r#"
        ! Error: Standard input cannot be two files at once.
        ! Hint: Give - once, and the path of a file for the other.
        => 2
    "#]],
    );
    place.check(
        "config-file variables a.config",
        expect![[r#"
        ! error: the following required arguments were not provided:
        !   --variables <VARS.json>
        ! 
        ! Usage: octo config-file variables --variables <VARS.json> <FILE>
        ! 
        ! For more information, try '--help'.
        => 2
    "#]],
    );
}

#[test]
fn a_file_without_a_place_for_any_variable() {
    check(
        "a.json",
        "{ }",
        "structured a.json",
        expect![[r#"
        { }<no line break>
        ! Warning: a.json: no variable has a place in it.
        => 0
    "#]],
    );
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
