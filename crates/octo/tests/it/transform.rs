//! `config-file transform`: a file as an XDT transform leaves it.

use expect_test::{Expect, expect};

use crate::run::Place;

const SOURCE: &str = "\
<?xml version=\"1.0\"?>
<configuration>
  <!-- ours -->
  <appSettings>
    <add key='Color'   value='blue' />
  </appSettings>
  <system.web>
    <compilation debug=\"true\" />
  </system.web>
</configuration>";

fn release(inside: &str) -> String {
    format!(
        "<configuration xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\">\n{inside}\n</configuration>"
    )
}

fn place(transform: &str) -> Place {
    let place = Place::new();
    place.file("web.config", SOURCE.as_bytes());
    place.file("web.Release.config", transform.as_bytes());
    place
}

fn check(transform: &str, expected: Expect) {
    place(transform).check(
        "config-file transform web.config web.Release.config",
        expected,
    );
}

const CHANGES: &str = "\
  <appSettings>
    <add key='Color' value='green' xdt:Transform='SetAttributes' xdt:Locator='Match(key)' />
  </appSettings>
  <system.web>
    <compilation xdt:Transform='RemoveAttributes(debug)' />
  </system.web>";

#[test]
fn a_transform() {
    check(
        &release(CHANGES),
        expect![[r#"
        <?xml version="1.0"?>
        <configuration>
          <!-- ours -->
          <appSettings>
            <add key='Color'   value='green' />
          </appSettings>
          <system.web>
            <compilation />
          </system.web>
        </configuration><no line break>
        => 0
    "#]],
    );
    check(
        &release(""),
        expect![[r#"
        <?xml version="1.0"?>
        <configuration>
          <!-- ours -->
          <appSettings>
            <add key='Color'   value='blue' />
          </appSettings>
          <system.web>
            <compilation debug="true" />
          </system.web>
        </configuration><no line break>
        => 0
    "#]],
    );
}

#[test]
fn standard_input() {
    let transform = release(CHANGES);
    let files = place(&transform);
    let expected = files
        .run("config-file transform web.config web.Release.config")
        .stdout;
    assert!(!expected.is_empty());
    let source = place(&transform).input(SOURCE);
    let output = source.run("config-file transform - web.Release.config");
    assert_eq!(output.stdout, expected);
    let piped = place("").input(&transform);
    let output = piped.run("config-file transform web.config -");
    assert_eq!(output.stdout, expected);
    files.check(
        "config-file transform - -",
        expect![[r#"
        ! Error: Standard input cannot be two files at once.
        ! Hint: Give - once, and the path of a file for the other.
        => 2
    "#]],
    );
}

#[test]
fn what_the_file_does_not_have_is_a_warning() {
    check(
        &release(
            "  <appSettings>\n    <add key='Size' xdt:Transform='Remove' xdt:Locator='Match(key)' />\n  </appSettings>",
        ),
        expect![[r#"
            <?xml version="1.0"?>
            <configuration>
              <!-- ours -->
              <appSettings>
                <add key='Color'   value='blue' />
              </appSettings>
              <system.web>
                <compilation debug="true" />
              </system.web>
            </configuration><no line break>
            ! Warning: web.Release.config: line 3, column 5: no element of the source matches `/configuration/appSettings/add[@key='Size']`
            => 0
        "#]],
    );
}

#[test]
fn mistakes() {
    let mut seen = String::new();
    for transform in [
        "<configuration",
        "<!DOCTYPE x SYSTEM 'http://example.com/'>\n<x/>",
        &release("  <appSettings xdt:Transform='Paint' />"),
        &release("  <xdt:Import assembly='x' />"),
    ] {
        let told =
            place(transform).transcript("config-file transform web.config web.Release.config");
        assert!(told.ends_with("=> 1\n"), "{told}");
        seen.push_str(&told);
    }
    let broken = place(&release(""));
    broken.file("web.config", b"<configuration>\n  <a>\n</configuration>");
    seen.push_str(&broken.transcript("config-file transform web.config web.Release.config"));
    seen.push_str(&broken.transcript("config-file transform web.config none.config"));
    expect![[r#"
        ! Error: web.config cannot be transformed.
        ! Cause: line 1, column 1 of the transform: the document does not have a root node; correct the XML
        => 1
        ! Error: web.config cannot be transformed.
        ! Cause: line 1, column 1 of the transform: the document has a DTD (`<!DOCTYPE`), which is not allowed; remove it
        => 1
        ! Error: web.config cannot be transformed.
        ! Cause: line 2, column 31 of the transform: there is no transform `Paint`; use one of Replace, Insert, InsertBefore, InsertAfter, InsertIfMissing, Remove, RemoveAll, RemoveAttributes, SetAttributes, CommentOut
        => 1
        ! Error: web.config cannot be transformed.
        ! Cause: line 2, column 3 of the transform: `xdt:Import` loads transforms from a program library, which is not allowed; remove it
        => 1
        ! Error: web.config cannot be transformed.
        ! Cause: line 3, column 1: expected 'a' tag, not 'configuration'; correct the XML of the file
        => 1
        ! Error: none.config cannot be read.
        ! Cause: No such file or directory (os error 2)
        => 1
    "#]].assert_eq(&seen);
}

#[test]
fn encodings_stay() {
    let marked: Vec<u8> = format!("\u{feff}{}", SOURCE.replace('\n', "\r\n"))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let place = place(&release(CHANGES));
    place.file("web.config", &marked);
    let output = place.run("config-file transform web.config web.Release.config");
    let units: Vec<u16> = output
        .stdout
        .chunks(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    let text = String::from_utf16(&units).unwrap();
    let expected = SOURCE
        .replace('\n', "\r\n")
        .replace("blue", "green")
        .replace(" debug=\"true\"", "");
    assert_eq!(text, format!("\u{feff}{expected}"));
}
