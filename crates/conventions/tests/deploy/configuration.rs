//! Files that are configured.

use std::fs;

use expect_test::expect;

use super::bench::{Bench, mode};

const APP: &str = "Applications/Prod/Acme.Web/1.2.0";

#[test]
fn files_are_substituted_where_the_patterns_say() {
    let bench = Bench::new(&[
        (
            "a.json",
            "{\"host\": \"#{Host}\", \"later\": \"#{Missing}\"}\r\n",
        ),
        (
            "config/b.txt",
            "#{Host} ##{Host} #{if Host}yes#{/if} #{broken",
        ),
        ("config/deep/c.TXT", "#{Host}"),
        ("d.md", "#{Host}"),
        ("run.sh", "echo #{Host}"),
    ])
    .features(&["SubstituteInFiles"])
    .set("Globs", "config\\**\\*.txt")
    .set(
        "Octopus.Action.SubstituteInFiles.TargetFiles",
        "./a.json, #{Globs}\n\nrun.sh\n*.none",
    )
    .set("Host", "db1");
    bench.succeeds();
    let read = |name: &str| bench.read(&format!("{APP}/{name}"));
    assert_eq!(
        read("a.json"),
        "{\"host\": \"db1\", \"later\": \"#{Missing}\"}\r\n"
    );
    assert_eq!(read("config/b.txt"), "db1 #{Host} yes #{broken");
    assert_eq!(read("config/deep/c.TXT"), "db1");
    assert_eq!(read("d.md"), "#{Host}");
    assert_eq!(read("run.sh"), "echo db1");
    assert_eq!(mode(&bench.path(&format!("{APP}/run.sh"))), 0o755);
    let log: String = bench
        .log()
        .lines()
        .filter(|line| line.contains("Substitute"))
        .map(|line| format!("{line}\n"))
        .collect();
    expect![[r#"
        Warning Substitute: No file matches the pattern "*.none".
        Verbose Substitute: a.json: without a value, and left as they are: Missing
        Verbose Substitute: a.json: substituted
        Warning Substitute: config/b.txt: line 1, column 46: expected `}`, found the end; this place stays as it is
        Verbose Substitute: config/b.txt: substituted
        Verbose Substitute: config/deep/c.TXT: substituted
        Verbose Substitute: run.sh: substituted
    "#]].assert_eq(&log);
}

#[test]
fn config_files_take_variables() {
    let bench = Bench::new(&[
        ("web.config", "\u{FEFF}<configuration><appSettings>\n<add key=\"Port\" value='1'/></appSettings></configuration>"),
        ("sub/App.Config", "<c><connectionStrings><add name=\"Db\" connectionString=\"\"/></connectionStrings></c>"),
        ("other.xml", "<c><appSettings><add key=\"Port\" value=\"1\"/></appSettings></c>"),
    ])
    .features(&["ConfigurationVariables"])
    .set("port", "#{Base}80")
    .set("Base", "80")
    .set("Db", "Server=\"a&b\"");
    bench.succeeds();
    let read = |name: &str| bench.read(&format!("{APP}/{name}"));
    assert_eq!(
        read("web.config"),
        "\u{FEFF}<configuration><appSettings>\n<add key=\"Port\" value='8080'/></appSettings></configuration>"
    );
    assert_eq!(
        read("sub/App.Config"),
        "<c><connectionStrings><add name=\"Db\" connectionString=\"Server=&quot;a&amp;b&quot;\"/></connectionStrings></c>"
    );
    assert!(read("other.xml").contains("value=\"1\""));
}

#[test]
fn structured_files_take_variables_where_the_patterns_say() {
    let bench = Bench::new(&[
        (
            "appsettings.json",
            "{\r\n  \"Port\": 1,\r\n  \"Db\": { \"Host\": \"old\" }\r\n}",
        ),
        ("conf/app.properties", "Port=1\n"),
        ("other.json", "{\"Port\": 1}"),
    ])
    .features(&["JsonConfigurationVariables"])
    .set(
        "Octopus.Action.Package.JsonConfigurationVariablesTargets",
        "appsettings.{json,yml},conf/*",
    )
    .set("Port", "8080")
    .set("Db:Host", "db1");
    bench.succeeds();
    let read = |name: &str| bench.read(&format!("{APP}/{name}"));
    assert_eq!(
        read("appsettings.json"),
        "{\r\n  \"Port\": 8080,\r\n  \"Db\": { \"Host\": \"db1\" }\r\n}"
    );
    assert_eq!(read("conf/app.properties"), "Port=8080\n");
    assert_eq!(read("other.json"), "{\"Port\": 1}");
}

#[test]
fn a_file_that_cannot_be_configured_is_named_with_the_place() {
    let bench = Bench::new(&[("conf/web.config", "<a>\n  <b>\n</a>")])
        .features(&["ConfigurationVariables"]);
    expect!["Configure: ROOT/Applications/Prod/Acme.Web/1.2.0/conf/web.config cannot be configured: line 3, column 1: expected 'b' tag, not 'a'; correct the XML of the file"].assert_eq(&bench.fails());
    let bench = Bench::new(&[("app.json", "{\n  \"a\": ?\n}")])
        .features(&["JsonConfigurationVariables"])
        .set(
            "Octopus.Action.Package.JsonConfigurationVariablesTargets",
            "*.json",
        );
    expect!["Structure: ROOT/Applications/Prod/Acme.Web/1.2.0/app.json cannot be configured: line 2, column 8: expected a value, found `?`; correct the JSON of the file"].assert_eq(&bench.fails());
    let bench = Bench::new(&[("a.txt", "#{A}")])
        .features(&["SubstituteInFiles"])
        .set("Octopus.Action.SubstituteInFiles.TargetFiles", "*.txt")
        .set("A", "#{B}")
        .set("B", "#{A}");
    expect!["Substitute: ROOT/Applications/Prod/Acme.Web/1.2.0/a.txt cannot be configured: variables refer to each other in a circle: A -> B -> A; break it at one of them"].assert_eq(&bench.fails());
}

#[test]
fn a_link_in_a_package_is_not_followed() {
    let bench = Bench::new(&[(
        "PreDeploy.sh",
        "ln -s \"$(get_octopusvariable Outside)\" link.txt",
    )])
    .features(&["SubstituteInFiles"])
    .set("Octopus.Action.SubstituteInFiles.TargetFiles", "**/*.txt")
    .set("A", "x");
    let outside = bench.path("outside.txt");
    fs::write(&outside, "#{A}").unwrap();
    let bench = bench.set("Outside", outside.to_str().unwrap());
    bench.succeeds();
    assert_eq!(fs::read_to_string(outside).unwrap(), "#{A}");
}
