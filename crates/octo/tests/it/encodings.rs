//! What is printed is stored as what was read: encoding, byte order mark, line ends.

use std::process::Output;

use expect_test::expect;

use crate::run::Place;

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

/// `file` with the variables in it, from a file and from standard input.
fn change(command: &str, name: &str, file: &[u8]) -> Vec<u8> {
    let place = Place::new().input(file);
    place.file("vars.json", r#"{"Name": "Zoë"}"#.as_bytes());
    place.file(name, file);
    let run = |input: &str| -> Output {
        let output = place.run(&format!("{command} --variables vars.json {input}"));
        assert!(output.status.success(), "{output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        output
    };
    let from_file = run(name).stdout;
    assert_eq!(from_file, run("-").stdout);
    from_file
}

/// From a text to the bytes of a file.
type Store<'a> = &'a dyn Fn(&str) -> Vec<u8>;

#[test]
fn every_encoding_stays() {
    let config = "<configuration>\r\n<appSettings><add key='Name' value='@'/></appSettings>\r\n</configuration>";
    for (command, name, text) in [
        (
            "variables evaluate",
            "a.txt",
            "1\r\n2 #{Name}\r3\n".to_owned(),
        ),
        (
            "config-file variables",
            "a.config",
            config.replace('@', "old"),
        ),
        (
            "config-file structured",
            "a.json",
            "{\r\n\"Name\":\"old\"\r\n}".to_owned(),
        ),
        (
            "config-file structured --format properties",
            "a",
            "a=b\r\nName=old\r\n".to_owned(),
        ),
    ] {
        let changed = text.replace("#{Name}", "Zoë").replace("old", "Zoë");
        // An escape is the way of properties to store what is not ASCII.
        let changed = match name {
            "a" => changed.replace('ë', "\\u00eb"),
            _ => changed,
        };
        let marked = |text: &str| format!("\u{feff}{text}");
        let latin = |text: &str| text.chars().map(|c| c as u8).collect::<Vec<u8>>();
        let forms: [(&str, Store); 6] = [
            ("UTF-8", &|text| text.as_bytes().to_vec()),
            ("UTF-8 with BOM", &|text| marked(text).into_bytes()),
            ("UTF-16 LE", &|text| utf16(&marked(text), u16::to_le_bytes)),
            ("UTF-16 BE", &|text| utf16(&marked(text), u16::to_be_bytes)),
            ("UTF-16 LE without BOM", &|text| {
                utf16(text, u16::to_le_bytes)
            }),
            // The comment is what makes it no UTF-8.
            ("Windows-1252", &|text| match name {
                "a.txt" => latin(&format!("{text}\u{e4}")),
                "a.config" => latin(&format!("{text}<!--\u{e4}-->")),
                "a.json" => latin(&format!("/*\u{e4}*/{text}")),
                _ => latin(&format!("#\u{e4}\n{text}")),
            }),
        ];
        for (encoding, stored) in forms {
            let found = change(command, name, &stored(&text));
            let found = String::from_utf8_lossy(&found);
            let expected = stored(&changed);
            let expected = String::from_utf8_lossy(&expected);
            assert_eq!(found, expected, "{command}, {encoding}");
        }
    }
}

#[test]
fn variables_in_any_encoding() {
    let variables = utf16("\u{feff}{\"A\": \"ä\"}", u16::to_le_bytes);
    let place = Place::new().input("#{A}");
    place.file("vars.json", &variables);
    place.check(
        "variables evaluate --variables vars.json -",
        expect![[r#"
            ä<no line break>
            => 0
        "#]],
    );
}

#[test]
fn what_cannot_be_read_or_stored() {
    let place = Place::new().input(b"\xff\xfe\x00\xd8");
    place.file("vars.json", r#"{"A": "日本"}"#.as_bytes());
    place.check(
        "variables evaluate -",
        expect![[r#"
        ! Error: standard input cannot be read as text.
        ! Cause: the file is no valid UTF-16 (little endian) text; store it as UTF-8
        => 1
    "#]],
    );
    place.file("a.txt", b"\xe4 #{A}");
    place.check(
        "variables evaluate --variables vars.json a.txt",
        expect![[r#"
            ! Error: a.txt cannot be stored as text.
            ! Cause: the character '日' can't be stored in Windows-1252, the encoding of the file; store the file as UTF-8
            => 1
        "#]],
    );
}
