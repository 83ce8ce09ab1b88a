//! Command lines for every language, and the grammar of what cannot be run here.

use std::path::Path;

use expect_test::{Expect, expect};
use tree_sitter::{Node, Parser};

use super::{Argument, POWERSHELL_HELPERS, plan};
use crate::scripts::interpreter::Language;

#[expect(
    clippy::needless_pass_by_value,
    reason = "a call reads better without a borrow"
)]
fn check(language: Language, interpreter: &str, script: &str, expected: Expect) {
    let variables = [
        ("Octopus.Environment.Name", "Prod"),
        ("Pass=word", "a\0b"),
        ("Zoë", ""),
        ("Two", "x \"&| %PATH%\r\ny"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let plan = plan(
        language,
        Path::new(interpreter),
        Path::new(script),
        &variables,
    );
    let mut text = plan.program.display().to_string();
    for argument in &plan.arguments {
        text.push_str(&match argument {
            Argument::Text(text) => format!(" {text}"),
            Argument::Path(path) => format!(" [{}]", path.display()),
            Argument::Helper(name) => format!(" WORK/{name}"),
        });
    }
    text.push('\n');
    for (name, value) in &plan.environment {
        text.push_str(&format!("{name} = {value:?}\n"));
    }
    for (name, bytes) in &plan.files {
        let content = String::from_utf8(bytes.clone()).unwrap();
        match name.starts_with("bootstrap") {
            true => text.push_str(&format!("{name}\n")),
            false => text.push_str(&format!("{name}:\n{content}")),
        }
    }
    expected.assert_eq(&text);
}

#[test]
fn command_lines_and_files() {
    check(
        Language::Shell,
        "/bin/bash",
        "/app/Deploy.sh",
        expect![[r#"
        /bin/bash -c . "$1" && rm -f -- "$1"; shift; . "$0" [/app/Deploy.sh] WORK/bootstrap.sh
        bootstrap.sh
    "#]],
    );
    check(
        Language::Python,
        "/usr/bin/python3",
        "/app/Deploy.py",
        expect![[r#"
            /usr/bin/python3 -u -X utf8 WORK/bootstrap.py WORK/variables.json [/app/Deploy.py]
            variables.json:
            {"Octopus.Environment.Name":"Prod","Pass=word":"a\u0000b","Zoë":"","Two":"x \"&| %PATH%\r\ny"}bootstrap.py
        "#]],
    );
    check(
        Language::PowerShell,
        "powershell.exe",
        r"C:\app's folder\Deploy.ps1",
        expect![[r#"
            powershell.exe -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File WORK/bootstrap.ps1 WORK/variables.txt [C:\app's folder\Deploy.ps1]
            variables.txt:
            T2N0b3B1cy5FbnZpcm9ubWVudC5OYW1l UHJvZA==
            UGFzcz13b3Jk YQBi
            Wm/Dqw== 
            VHdv eCAiJnwgJVBBVEglDQp5
            bootstrap.ps1
        "#]],
    );
    check(
        Language::Batch,
        "cmd.exe",
        r"C:\app\Deploy.cmd",
        expect![[r#"
            C:\app\Deploy.cmd
            Octopus.Environment.Name = "Prod"
            Zoë = ""
            Two = "x \"&| %PATH%\r\ny"
        "#]],
    );
}

/// The first line that is no PowerShell.
fn mistake(text: &str) -> Option<usize> {
    fn find(node: Node<'_>) -> Option<usize> {
        if node.is_error() || node.is_missing() {
            return Some(node.start_position().row + 1);
        }
        (0..node.child_count()).find_map(|child| find(node.child(child)?))
    }
    let mut parser = Parser::new();
    let language = tree_sitter_powershell::LANGUAGE.into();
    parser.set_language(&language).unwrap();
    find(parser.parse(text, None).unwrap().root_node())
}

#[test]
fn the_helpers_are_powershell() {
    assert_eq!(mistake(POWERSHELL_HELPERS), None);
    let spoilt = POWERSHELL_HELPERS.replacen("exit 1\n}", "exit 1\n", 1);
    assert!(mistake(&spoilt).is_some(), "a brace is missing");
}

#[test]
fn the_helpers_have_every_documented_name() {
    for name in [
        "$OctopusParameters = ",
        "function Set-OctopusVariable(",
        "function New-OctopusArtifact(",
        "function Fail-Step(",
        "function Update-Progress(",
        "function Write-Highlight ",
        "function Write-Wait ",
        "function Write-Verbose ",
        "function Write-Warning ",
    ] {
        assert!(POWERSHELL_HELPERS.contains(name), "{name}");
    }
}
