//! `variables evaluate`: the result and nothing else on standard output.

use expect_test::expect;

use crate::run::Place;

const VARIABLES: &str =
    r#"{"Name": "Ada", "Greeting": "Hello #{Name}", "Port": 8080, "Ratio": 1.10, "On": true}"#;

fn place(template: &str) -> Place {
    let place = Place::new();
    place.file("vars.json", VARIABLES.as_bytes());
    place.file("a.txt", template.as_bytes());
    place
}

#[test]
fn a_template() {
    place("#{Greeting | ToUpper}!\n#{if On}#{Port}#{/if} #{Ratio}\n").check(
        "variables evaluate --variables vars.json a.txt",
        expect![[r#"
            HELLO ADA!
            8080 1.10
            => 0
        "#]],
    );
    place("no line break after #{Name}").check(
        "variables evaluate --variables vars.json a.txt -f json",
        expect![[r#"
            no line break after Ada<no line break>
            => 0
        "#]],
    );
    place("").check(
        "variables evaluate --variables vars.json a.txt",
        expect![[r#"
            => 0
        "#]],
    );
}

#[test]
fn standard_input() {
    place("").input("Hi #{Name}\n").check(
        "variables evaluate --variables vars.json -",
        expect![[r#"
            Hi Ada
            => 0
        "#]],
    );
    place("Hi #{Name}").input(r#"{"name": "Ben"}"#).check(
        "variables evaluate a.txt --variables -",
        expect![[r#"
            Hi Ben<no line break>
            => 0
        "#]],
    );
    place("").check(
        "variables evaluate - --variables -",
        expect![[r#"
            ! Error: Standard input cannot be two files at once.
            ! Hint: Give - once, and the path of a file for the other.
            => 2
        "#]],
    );
}

#[test]
fn names_without_a_value() {
    let template = "#{Name}: #{Nmae}, #{Prot | ToUpper}, #{Nmae}, #{Port | Substring x}\n";
    place(template).check(
        "variables evaluate --variables vars.json a.txt",
        expect![[r##"
            Ada: #{Nmae}, #{Prot | ToUpper}, #{Nmae}, #{Port | Substring x}
            ! Warning: Nmae has no value.
            ! Warning: Prot has no value.
            ! Warning: Port | Substring x has no value.
            => 0
        "##]],
    );
    place(template).check(
        "variables evaluate --variables vars.json --strict a.txt",
        expect![[r#"
            ! Error: These names have no value: Nmae, Prot, Port | Substring x.
            ! Hint: Give them values in --variables, or leave out --strict.
            => 1
        "#]],
    );
    place("#{Name}\n").check(
        "variables evaluate --variables vars.json --strict a.txt",
        expect![[r#"
            Ada
            => 0
        "#]],
    );
    place("#{Name}\n").check(
        "variables evaluate a.txt",
        expect![[r##"
            #{Name}
            ! Warning: Name has no value.
            => 0
        "##]],
    );
}

#[test]
fn templates_with_a_mistake() {
    place("fine\n  #{if Name}open\n").check(
        "variables evaluate --variables vars.json a.txt",
        expect![[r##"
            ! Error: a.txt cannot be evaluated.
            ! Cause: line 2, column 3: this block has no `#{/if}` that ends it
            ! Hint: Write ##{ where #{ is plain text, and put an argument in quotes that holds more than letters, digits and _-:/~()@.
            => 1
        "##]],
    );
    place("").input("ä#{Name | }").check(
        "variables evaluate --variables vars.json -",
        expect![[r##"
            ! Error: standard input cannot be evaluated.
            ! Cause: line 1, column 11: expected the name of a filter after `|`
            ! Hint: Write ##{ where #{ is plain text, and put an argument in quotes that holds more than letters, digits and _-:/~()@.
            => 1
        "##]],
    );
    let circle = Place::new().input("#{A}");
    circle.file("vars.json", br##"{"A": "#{B}", "B": "#{a}"}"##);
    circle.check(
        "variables evaluate --variables vars.json -",
        expect![[r#"
        ! Error: standard input cannot be evaluated.
        ! Cause: variables refer to each other in a circle: A -> B -> A; break it at one of them
        => 1
    "#]],
    );
    place("")
        .input("#{Name | Null}")
        .check("variables evaluate --variables vars.json -", expect![[r#"
            ! Error: standard input cannot be evaluated.
            ! Cause: the text uses the filter `Null`, which makes a variable absent and means nothing for a file; remove it
            => 1
        "#]]);
    place("").check(
        "variables evaluate nothing.txt",
        expect![[r#"
        ! Error: nothing.txt cannot be read.
        ! Cause: No such file or directory (os error 2)
        => 1
    "#]],
    );
    place("").check(
        "variables evaluate",
        expect![[r#"
        ! error: the following required arguments were not provided:
        !   <TEMPLATE_FILE>
        ! 
        ! Usage: octo variables evaluate <TEMPLATE_FILE>
        ! 
        ! For more information, try '--help'.
        => 2
    "#]],
    );
}

#[test]
fn the_present_moment_is_known() {
    let output = Place::new()
        .input("#{ | NowDate yyyy-MM-dd}")
        .run("variables evaluate --strict -");
    let date: jiff::civil::Date = String::from_utf8(output.stdout).unwrap().parse().unwrap();
    assert!(date.year() >= 2026, "{date}");
}

const SCOPED: &str = r#"[
  {"Id": "1", "Name": "Where", "Value": "anywhere", "Type": "String"},
  {"Name": "Where", "Value": "in Staging", "Scope": {"Environment": ["Test", "Staging"]}},
  {"Name": "where", "Value": "a web server", "Scope": {"Role": ["web"]}},
  {"Name": "Where", "Value": "a web server in Staging",
   "Scope": {"Role": ["web"], "Environment": ["Staging"]}},
  {"Name": "Where", "Value": "on web-01", "IsSensitive": true, "Scope": {"Machine": ["web-01"]}},
  {"Name": "Where", "Value": "in one step, channel or process",
   "Scope": {"Action": ["a"], "Channel": ["b"], "ProcessOwner": ["c"]}},
  {"Name": "Only", "Value": "in Production", "Scope": {"Environment": ["Production"]}}
]"#;

#[test]
fn scopes() {
    let place = Place::new();
    place.file("vars.json", SCOPED.as_bytes());
    place.file("a.txt", b"#{Where}#{if Only}, only #{Only}#{/if}");
    let mut seen = String::new();
    for target in [
        "",
        "--environment staging",
        "-e Production",
        "--role cache --role Web",
        "--role web -e Staging",
        "--role web -e Production",
        "--role web -e Staging --machine web-01",
        "--machine web-02",
    ] {
        let output = place.run(&format!(
            "variables evaluate --variables vars.json a.txt {target}"
        ));
        let text = String::from_utf8(output.stdout).unwrap();
        seen.push_str(&format!("{target}: {text}\n"));
    }
    expect![[r#"
        : anywhere
        --environment staging: in Staging
        -e Production: anywhere, only in Production
        --role cache --role Web: a web server
        --role web -e Staging: a web server in Staging
        --role web -e Production: a web server, only in Production
        --role web -e Staging --machine web-01: on web-01
        --machine web-02: anywhere
    "#]]
    .assert_eq(&seen);
}

#[test]
fn a_large_template_and_a_reader_that_has_enough() {
    let line = "Hello #{Name}, this line stands here many times to make the text a large one.\n";
    let count = (10 << 20) / line.len();
    let place = place(&line.repeat(count));
    let output = place.run("variables evaluate --variables vars.json a.txt");
    assert_eq!(output.status.code(), Some(0), "{:?}", output.stderr);
    let expected = line.replace("#{Name}", "Ada").repeat(count);
    assert!(output.stdout == expected.as_bytes());

    let mut child = place
        .command(env!("CARGO_BIN_EXE_octo").as_ref())
        .args(["variables", "evaluate", "--variables", "vars.json", "a.txt"])
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 9];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut first).unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(&first, b"Hello Ada");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
