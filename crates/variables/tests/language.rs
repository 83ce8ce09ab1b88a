//! The language, one row per rule.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use variables::{EvaluateError, VariableSet};

const VARIABLES: &[(&str, &str)] = &[
    ("Name", "World"),
    ("Empty", ""),
    ("Yes", "True"),
    ("No", " no "),
    ("Zero", "0"),
    ("Three", "3"),
    ("D-E", "4"),
    ("Nested", "<#{Name}>"),
    ("Broken", "<#{Name>"),
    ("Half", "<#{Missing}>"),
    ("Which", "B"),
    ("Server[A].Port", "80"),
    ("Server[B].Port", "81"),
    ("Server[B].Name", "b.#{Name}"),
    ("List", "x,y, z"),
    ("Indirect", "#{List}"),
    ("Octopus.Action[Step 1].Output.X", "out"),
    ("Package[containers[0].container].Registry", "reg"),
    ("env:HOME", "/root"),
    (
        "Json",
        r##"{"a": {"b": [1, "two", {"c": null}]}, "K.y": true, "t": "#{Name}", "A": 2.50}"##,
    ),
    ("Array", r#"[{"n": "one", "v": 1}, {"n": "two", "v": [2]}]"#),
    ("Inner", r#"{"text": "{\"deep\": \"found\"}"}"#),
    ("Own", r##"{"a": "#{Own.b}", "b": "x"}"##),
    ("x", "outer"),
    ("Line", "[#{e}]"),
    ("a_b-c:d/e~f(g)@h i", "all"),
    ("Two words", "two"),
    ("First[0]", "zero"),
    ("First[]", "none"),
    ("elseifName", "sub"),
];

fn set() -> VariableSet {
    VARIABLES.iter().copied().collect()
}

/// Evaluates each template; what it misses is not looked at.
#[track_caller]
fn check(rows: &[(&str, &str)]) {
    for (template, expected) in rows {
        let evaluation = set().evaluate(template);
        assert_eq!(evaluation.text, *expected, "{template}");
        assert_eq!(evaluation.error, None, "{template}");
    }
}

#[test]
fn substitution() {
    check(&[
        ("Hello #{Name}!", "Hello World!"),
        ("#{ name }#{NAME}", "WorldWorld"),
        (
            "##{Name} ###{Name} ####{Name} # #",
            "#{Name} #World ###{Name} # #",
        ),
        ("##", "##"),
        ("a ## b } #x", "a ## b } #x"),
        ("#{Name}#", "World#"),
        ("#{a_b-c:d/e~f(g)@h i}", "all"),
        (
            "#{Two words|ToUpper}#{Two words }#{Two  words}",
            "TWOtwo#{Two  words}",
        ),
        ("#{First[]}#{First[*]}", "nonezero"),
        ("#{Nested}", "<World>"),
        ("#{Broken}", "<#{Name>"),
        ("#{env:HOME}", "/root"),
        ("#{Octopus.Action[Step 1].Output.X}", "out"),
        ("#{Package[containers[0].container].Registry}", "reg"),
    ]);
}

#[test]
fn missing_values_stay_in_normal_form_and_are_named() {
    for (template, text, missing) in [
        ("#{ Gone }", "#{Gone}", vec!["Gone"]),
        (
            "#{Gone|ToUpper} #{gone.x}",
            "#{Gone | ToUpper} #{gone.x}",
            vec!["Gone", "gone.x"],
        ),
        ("#{Gone}#{Gone}", "#{Gone}#{Gone}", vec!["Gone"]),
        ("#{Half}", "<#{Missing}>", vec!["Missing"]),
        (
            "#{Name|NoFilter a}",
            "#{Name | NoFilter a}",
            vec!["Name | NoFilter a"],
        ),
        (
            "#{Name | Append #{Gone}}",
            "#{Name | Append #{Gone}}",
            vec!["Gone"],
        ),
        ("#{Server}", "#{Server}", vec!["Server"]),
        (
            "#{Server[#{Gone}].Port}",
            "#{Server[#{Gone}].Port}",
            vec!["Server[#{Gone}].Port"],
        ),
        (
            "#{calc Three + Gone + Name}",
            "#{calc Three + Gone + Name}",
            vec!["Gone", "Name"],
        ),
        (
            "#{if Gone == \"\"}ok#{/if}#{each g in Gone}x#{/each}",
            "ok",
            vec![],
        ),
        ("#{ | NowDate}", "#{ | NowDate}", vec![" | NowDate"]),
    ] {
        let evaluation = set().evaluate(template);
        assert_eq!(
            (evaluation.text.as_str(), evaluation.missing),
            (text, missing.into_iter().map(str::to_owned).collect())
        );
    }
}

#[test]
fn collections() {
    check(&[
        ("#{Server[A].Port} #{server[b].port}", "80 81"),
        ("#{Server[A]}", "A"),
        ("#{Server[#{Which}].Port}", "81"),
        ("#{Server[*].Port}", "80"),
        ("#{Server[B].Name}", "b.World"),
        ("#{each s in Server}#{s}:#{s.Port};#{/each}", "A:80;B:81;"),
    ]);
}

#[test]
fn json_values() {
    check(&[
        ("#{Json.a.b[0]} #{Json[a][b][1]} #{Json.a.b.1}", "1 two two"),
        ("#{Json.a}", r#"{"b":[1,"two",{"c":null}]}"#),
        ("<#{Json.a.b[2].c}><#{Json.a.b[9]}>", "<><>"),
        ("#{Json[K.y]} #{Json.t} #{Json.A}", "true World 2.5"),
        ("#{Json.T}", "World"),
        ("#{Inner.text.deep}", "found"),
        ("#{Array[*].n}", "one"),
        ("#{Own.a}", "#{Own.b}"),
        ("#{Json.nope}#{Name.nope}", "#{Json.nope}#{Name.nope}"),
    ]);
}

#[test]
fn conditions() {
    for (value, truthy) in [
        ("1", true),
        ("yes", true),
        ("00", true),
        (" ", true),
        ("True", true),
        (" 0 ", true),
        ("", false),
        ("0", false),
        ("no", false),
        (" NO ", false),
        ("False", false),
        ("false\n", false),
    ] {
        let set = VariableSet::from_iter([("v", value)]);
        let expected = if truthy { "yes" } else { "no" };
        assert_eq!(
            set.evaluate("#{if v}yes#{else}no#{/if}").text,
            expected,
            "{value:?}"
        );
        assert_eq!(
            set.evaluate("#{unless v}no#{else}yes#{/unless}").text,
            expected,
            "{value:?}"
        );
        assert_eq!(set.is_truthy("V"), Ok(truthy), "{value:?}");
    }
    check(&[
        ("#{if Gone}a#{elseif No}b#{elseif Yes}c#{else}d#{/if}", "c"),
        ("#{if Gone}a#{elseif No}b#{/if}", ""),
        (
            "#{if Name == \"World\"}a#{/if}#{if Name == \"world\"}b#{/if}",
            "a",
        ),
        (
            "#{if \"World\" == Name}a#{/if}#{if \"x\" != Name}b#{/if}",
            "ab",
        ),
        ("#{if Name == \\\"World\\\"}a#{/if}", "a"),
        (
            "#{if Which == Name}a#{else}b#{/if}#{if Name == Name}c#{/if}",
            "bc",
        ),
        ("#{if Name | ToLower == \"world\"}a#{/if}", "a"),
        ("#{if Name | Contains \"or\"}a#{/if}", "a"),
        ("#{if Yes}#{if No}a#{else}#{Name}#{/if}#{/if}", "World"),
        ("#{UNLESS No}a#{/Unless}", "a"),
        (
            "#{IF No}a#{ELSEIF Yes}b#{ELSE}c#{/IF}#{EACH e IN List}#{e}#{/EACH}#{CALC 1 + 1}",
            "bxy z2",
        ),
        ("#{if Yes}#{elseifName}#{else}x#{/if}", "sub"),
        (
            "#{Name | Append #{if Yes}y#{/if} #{unless Yes}n#{/unless} #{each e in List}#{e}#{/each}}",
            "Worldyxy z",
        ),
    ]);
}

#[test]
fn loops() {
    check(&[
        ("#{each e in List}<#{e}>#{/each}", "<x><y>< z>"),
        ("#{each e in Indirect}<#{e}>#{/each}", "<x><y>< z>"),
        ("#{each e in Empty}<#{e}>#{/each}", "<>"),
        ("#{each e in Gone}<#{e}>#{/each}", ""),
        (
            "#{each e in List}#{Octopus.Template.Each.Index}#{/each}",
            "012",
        ),
        (
            "#{each e in List}#{if Octopus.Template.Each.First}^#{/if}#{e}#{unless Octopus.Template.Each.Last},#{/unless}#{/each}",
            "^x,y, z",
        ),
        (
            "#{each e in List}#{Octopus.Template.Each.First}#{Octopus.Template.Each.Last} #{/each}",
            "TrueFalse FalseFalse FalseTrue ",
        ),
        ("#{each e in Array}#{e.n}=#{e.v} #{/each}", "one=1 two=[2] "),
        ("#{each e in Array[1].v}#{e}#{/each}", "2"),
        (
            "#{each e in Json.a}#{e}/#{e.Key}/#{e.Value[1]}#{/each}",
            "b/b/two",
        ),
        ("#{each x in List}#{x}#{/each}#{x}", "xy zouter"),
        (
            "#{each s in Server}#{each e in List}#{s}#{e} #{/each}#{Octopus.Template.Each.Index};#{/each}",
            "Ax Ay A z 0;Bx By B z 1;",
        ),
        ("#{each e in List}#{Line}#{/each}", "[x][y][ z]"),
        (
            "#{each Server in List}#{Server}#{Server[A].Port} #{/each}",
            "x80 y80  z80 ",
        ),
    ]);
}

#[test]
fn calculations() {
    check(&[
        ("#{calc 1 + 2 * (Three - 1) / 8}", "1.5"),
        ("#{calc 10-2-3}", "5"),
        ("#{calc {D-E} * Three}", "12"),
        ("#{calc Three * 0.1}", "0.30000000000000004"),
        ("#{calc Three / 0} #{calc 0 / 0}", "Infinity NaN"),
        (
            "#{calc 1000000000000000 * 10} #{calc 1 / 1000000} #{calc 3 / 1}",
            "1E+16 1E-06 3",
        ),
        ("#{Name | Append #{calc 1 + 1}}", "World2"),
    ]);
}

#[test]
fn null_makes_the_whole_result_absent() {
    let mut set = set();
    set.set("Absent", "a #{Name | Null}");
    for template in [
        "#{Name | null}",
        "x #{Gone | Null} y",
        "#{if Yes}#{Absent}#{/if}",
        "#{ | NULL}",
    ] {
        let evaluation = set.evaluate(template);
        assert!(
            evaluation.is_null && evaluation.text.is_empty(),
            "{template}"
        );
    }
    assert!(!set.evaluate("#{if No}#{Name | Null}#{/if}").is_null);
    assert_eq!(set.get("Absent"), Ok(None));
}

#[test]
fn a_template_that_does_not_parse_stays_and_says_why() {
    let evaluation = set().evaluate("#{Name} #{if Name}");
    assert_eq!(evaluation.text, "#{Name} #{if Name}");
    assert!(matches!(evaluation.error, Some(EvaluateError::Parse(error)) if error.column == 9));
    assert_eq!(set().get("Broken"), Ok(Some("<#{Name>".to_owned())));
}

#[test]
fn the_lenient_mode_goes_on() {
    for (template, text) in [
        ("#{Name} #{if Name} #{Name}", "World #{if Name} World"),
        ("#{ #{Name} #{a&b} #{Name", "#{ World #{a&b} #{Name"),
        ("#{if Yes}#{a&b}#{Name}#{/if}", "#{if Yes}#{a&b}World#{/if}"),
    ] {
        let evaluation = set().evaluate_lenient(template);
        assert_eq!(evaluation.text, text);
        assert!(
            matches!(evaluation.error, Some(EvaluateError::Parse(_))),
            "{template}"
        );
    }
}

#[test]
fn sets_keep_order_and_case() {
    let mut set = VariableSet::from_iter([("b", "1"), ("A", "2")]);
    set.set("B", "3");
    set.set_sensitive("Pass", "p#{A}ss");
    set.set("PASS", "q#{A}ss");
    assert_eq!(set.names().collect::<Vec<_>>(), ["b", "A", "Pass"]);
    assert_eq!(
        (set.get_raw("b"), set.get_raw("c"), set.len()),
        (Some("3"), None, 3)
    );
    assert_eq!(set.get("a"), Ok(Some("2".to_owned())));
    assert_eq!(set.sensitive_values(), ["q#{A}ss", "q2ss"]);
    assert_eq!(format!("{set:?}"), r#"[b = "3", A = "2", Pass = "****"]"#);
}
