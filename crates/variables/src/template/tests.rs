//! Tests of the reader and the writer of templates.

use expect_test::{Expect, expect};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use super::{Step, parse, parse_lenient, parse_name, print::write_tokens};

fn print(text: &str) -> Option<String> {
    let mut out = String::new();
    write_tokens(&mut out, &parse(text).ok()?, false).ok()?;
    Some(out)
}

/// Reads a template and writes it in normal form.
#[track_caller]
fn check(text: &str, normal: &str) {
    assert_eq!(print(text).as_deref(), Some(normal), "{text}");
    assert_eq!(parse(text), parse(normal), "{text}");
}

#[track_caller]
fn check_error(text: &str, expected: &Expect) {
    expected.assert_eq(&parse(text).unwrap_err().to_string());
}

#[test]
fn text_and_escapes() {
    for text in [
        "", "plain", "#", "a#", "a # b", "##", "a##b", "{x}", "####", "#a", "}",
    ] {
        check(text, text);
    }
    for (text, normal) in [
        ("##{x}", "##{x}"),
        ("###{x}", "###{x}"),
        ("####{x}", "####{x}"),
        ("a#####{x}", "a#####{x}"),
        ("#{x}##", "#{x}##"),
    ] {
        check(text, normal);
    }
}

#[test]
fn white_space_is_normalised() {
    check("#{  a  }", "#{a}");
    check("#{ a|ToUpper }", "#{a | ToUpper}");
    check("#{a b . c d [e] }", "#{a b.c d[e]}");
    check("#{ |NowDate}", "#{ | NowDate}");
    check("#{a|Replace  x   y|Trim}", "#{a | Replace x y | Trim}");
    check(
        "#{ if a==b }1#{ else }2#{ /if }",
        "#{if a == b}1#{else}2#{/if}",
    );
    check("#{IF a}1#{ElseIf b}2#{/IF}", "#{if a}1#{elseif b}2#{/if}");
    check("#{Each x In xs}#{x}#{/EACH}", "#{each x in xs}#{x}#{/each}");
    check(
        "#{Calc  1+ 2*( a-3 ) / {b-c}}",
        "#{calc 1 + 2 * (a - 3) / {b-c}}",
    );
}

#[test]
fn every_form_survives_printing() {
    for text in [
        "#{env:HOME}",
        "#{a/b~c(d)@e_f-g}",
        "#{Octopus.Action[Step 1].Output.X}",
        "#{Package[containers[0].container].Registry}",
        "#{a[#{b[#{c}].d}].e}",
        "#{a[]}#{a[*]}",
        "#{a | Append \"x y|}\" z \\\"q\\\"}",
        "#{a | Append #{b | Trim} #{if c}d#{/if} #{each e in f}g#{/each} #{calc 1 + h}}",
        "#{unless a}#{else}#{/unless}",
        "#{if a}#{/if}#{if a | Trim == \"x\"}#{/if}#{if \"x\" != a}#{/if}",
        "#{if a}###{/if}",
        "#{if}#{each}#{calc}#{elseifName}#{ifName}#{if | ToUpper}#{else}",
        "#{calc A B + 2nd * 1.5}",
    ] {
        check(text, text);
    }
}

#[test]
fn names_as_paths() {
    let name = |text: &str| Step::Name(text.to_owned());
    let index = |text: &str| Step::Index(text.to_owned());
    for (text, steps) in [
        ("a", Some(vec![name("a")])),
        ("a.b c", Some(vec![name("a"), name("b c")])),
        ("A[x.y].b", Some(vec![name("A"), index("x.y"), name("b")])),
        ("a&b", None),
        ("a.", None),
        ("a[#{b}]", None),
        ("a b | c", None),
        ("", None),
    ] {
        assert_eq!(parse_name(text), steps, "{text}");
    }
}

#[test]
fn mistakes_are_located() {
    check_error(
        "a\n  #{",
        &expect!["line 2, column 5: expected a name, found the end"],
    );
    check_error(
        "#{}",
        &expect!["line 1, column 3: expected a name, found `}`"],
    );
    check_error(
        "é#{a..b}",
        &expect!["line 1, column 6: expected a name, found `.`"],
    );
    check_error(
        "#{a b}}#{c",
        &expect!["line 1, column 11: expected `}`, found the end"],
    );
    check_error(
        "#{a&b}",
        &expect!["line 1, column 4: expected `}`, found `&`"],
    );
    check_error(
        "#{a |}",
        &expect!["line 1, column 6: expected the name of a filter after `|`"],
    );
    check_error(
        "#{a | F \"x}",
        &expect!["line 1, column 9: this text has no closing quote, or holds a `#`"],
    );
    check_error(
        "#{a | F \\\"x\"}",
        &expect![[r#"line 1, column 9: text that starts with `\"` must end with `\"`"#]],
    );
    check_error(
        "#{a[b}",
        &expect![
            "line 1, column 5: this index has no closing `]`; `#{…}` may only stand for the whole index"
        ],
    );
    check_error(
        "#{if a}b",
        &expect!["line 1, column 1: this block has no `#{/if}` that ends it"],
    );
    check_error(
        "#{unless a}b#{/if}",
        &expect!["line 1, column 15: this block end has no beginning before it"],
    );
    check_error(
        "#{/each}",
        &expect!["line 1, column 3: this block end has no beginning before it"],
    );
    check_error(
        "#{each x of y}#{/each}",
        &expect!["line 1, column 14: expected `in` after the name, as in `#{each x in List}`"],
    );
    check_error(
        "#{if \"x\"}#{/if}",
        &expect!["line 1, column 9: expected `==` or `!=` after the text"],
    );
    check_error(
        "#{calc 1 +}",
        &expect!["line 1, column 11: expected a name, found `}`"],
    );
    check_error(
        "#{calc (1}",
        &expect!["line 1, column 10: expected `)`, found `}`"],
    );
}

#[test]
fn depth_is_limited() {
    for (open, close) in [
        ("#{if a}", "#{/if}"),
        ("#{a | Append ", "}"),
        ("#{each a in b}", "#{/each}"),
    ] {
        let nested = |count| open.repeat(count) + "#{x}" + &close.repeat(count);
        assert!(parse(&nested(63)).is_ok());
        let error = parse(&nested(64)).unwrap_err();
        assert!(
            error.message.starts_with("nested deeper than 64 levels"),
            "{error}"
        );
    }
    assert!(parse(&format!("#{{a{}b{}}}", "[#{a".repeat(64), "}]".repeat(64))).is_err());
    assert!(parse(&format!("#{{calc {}1{}}}", "(".repeat(64), ")".repeat(64))).is_err());
    // A long sum is not deep.
    assert!(parse(&format!("#{{calc 1{}}}", " + 1".repeat(100_000))).is_ok());
}

#[test]
fn time_stays_in_proportion_after_errors() {
    // Each of these made a reader that scans ahead take seconds.
    for part in [
        "#{a[b",
        "#{a | F \"",
        "#{if a}",
        "#{if a}#{/if",
        "#{",
        "#{ ",
        "#{a[#{b",
        "#{calc (",
        "#{if a}#{if b}#{/if}",
    ] {
        let (tokens, error) = parse_lenient(&part.repeat(2_000));

        assert!(error.is_some() && !tokens.is_empty(), "{part}");
    }
}

/// Pieces that together make and break every rule.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "#{",
        "}",
        "#",
        "##",
        "{",
        "a",
        "b.c",
        "[",
        "]",
        "[*]",
        " ",
        "\n",
        "|",
        " | Trim",
        "\"",
        "\\\"",
        "if ",
        "#{if a}",
        "#{elseif b == \"c\"}",
        "#{else}",
        "#{/if}",
        "#{unless a}",
        "#{/unless}",
        "#{each x in y}",
        "#{/each}",
        "#{calc 1 + (a",
        ")",
        "#{x}",
        "é",
        "in",
        "==",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Reads, prints and reads again; what is printed goes through `change` in between.
fn prints_the_same(text: &str, change: fn(String) -> String) -> Result<(), TestCaseError> {
    if let Ok(tokens) = parse(text) {
        let printed = change(print(text).unwrap_or_default());
        prop_assert_eq!(parse(&printed), Ok(tokens), "{}", printed);
    }
    Ok(())
}

/// Printers with a mistake, each of which the same check has to find.
#[test]
fn printers_with_a_mistake_are_found() {
    let mistakes: [fn(String) -> String; 5] = [
        |printed| printed.replace("##{", "#{"),
        |printed| printed.replace('"', ""),
        |printed| printed.replace(" != ", " == ").replace(" == ", " "),
        |printed| printed.replace("elseif", "else"),
        |printed| printed.replace("[*]", "[]"),
    ];
    for (at, mistake) in mistakes.into_iter().enumerate() {
        let config = ProptestConfig::with_cases(20_000);
        let mut runner =
            TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let found = runner.run(&pieces(), |text| prints_the_same(&text, mistake));
        assert!(found.is_err(), "mistake {at} was missed");
    }
}

proptest! {
    #[test]
    fn printing_gives_the_same_template(text in pieces()) {
        prints_the_same(&text, |printed| printed)?;
    }

    #[test]
    fn the_lenient_reader_agrees_where_the_strict_one_reads(text in pieces()) {
        let (tokens, error) = parse_lenient(&text);
        match parse(&text) {
            Ok(strict) => prop_assert_eq!((tokens, error), (strict, None)),
            Err(strict) => prop_assert_eq!(error, Some(strict)),
        }
    }

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,60}") {
        let _ = parse(&text);
        let _ = parse_lenient(&text);
        let _ = parse_name(&text);
    }
}
