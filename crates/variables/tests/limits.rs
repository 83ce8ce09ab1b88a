//! What is hostile or mistaken ends with an error, not with a crash or a full memory.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use expect_test::{Expect, expect};
use proptest::prelude::*;
use variables::{EvaluateError, VariableSet};

#[track_caller]
fn check(variables: &[(&str, &str)], template: &str, expected: &Expect) {
    let set: VariableSet = variables.iter().copied().collect();
    let evaluation = set.evaluate(template);
    assert_eq!(evaluation.text, template);
    expected.assert_eq(&evaluation.error.unwrap().to_string());
}

#[test]
fn cycles_name_their_chain() {
    let circle = [
        ("A", "#{b}"),
        ("B", "x#{C | Trim}"),
        ("C", "#{if A}1#{/if}"),
    ];
    check(
        &circle,
        "1 #{A}",
        &expect![
            "variables refer to each other in a circle: A -> B -> C -> A; break it at one of them"
        ],
    );
    check(
        &[("x", "#{B}"), ("B", "#{each e in B}#{e}#{/each}")],
        "#{x}",
        &expect!["variables refer to each other in a circle: B -> B; break it at one of them"],
    );
    let set: VariableSet = circle.into_iter().collect();
    assert!(
        matches!(set.get("b"), Err(EvaluateError::Cycle { chain }) if chain == ["B", "C", "A", "B"])
    );
    let evaluation = set.evaluate_lenient("#{A} #{Z} ##{}");
    assert_eq!(evaluation.text, "#{A} #{Z} #{}");
    assert!(matches!(
        evaluation.error,
        Some(EvaluateError::Cycle { .. })
    ));
    // The same variable twice is no cycle.
    let twice = VariableSet::from_iter([("A", "#{B}#{B}"), ("B", "b")]);
    assert_eq!(twice.evaluate("#{A}#{A}").text, "bbbb");
}

#[test]
fn chains_have_a_limited_depth() {
    let chain = |length: usize| {
        (0..length)
            .map(|at| (format!("v{at}"), format!("#{{v{}}}", at + 1)))
            .chain([(format!("v{length}"), "end".to_owned())])
            .collect::<VariableSet>()
    };
    assert_eq!(chain(40).get("v0"), Ok(Some("end".to_owned())));
    assert_eq!(
        chain(400).get("v0"),
        Err(EvaluateError::TooDeep { limit: 100 })
    );
}

#[test]
fn variables_that_multiply_each_other_are_stopped() {
    let expected = {
        expect![
            "the result is longer than 67108864 bytes, or takes too many steps; look for variables or loops that multiply each other"
        ]
    };
    let laughs: Vec<(String, String)> = (0..40)
        .map(|at| (format!("v{at}"), format!("#{{v{0}}}#{{v{0}}}", at + 1)))
        .chain([("v40".to_owned(), "ha".to_owned())])
        .collect();
    let laughs: Vec<(&str, &str)> = laughs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    check(&laughs, "#{v0}", &expected);
    let list = ["x"; 1000].join(",");
    let loops = "#{each a in L}#{each b in L}#{each c in L}#{a}#{/each}#{/each}#{/each}";
    check(&[("L", &list)], loops, &expected);
    let long = "x".repeat(10 << 20);
    check(&[("L", &long)], "#{L}#{L}#{L}#{L}#{L}#{L}#{L}", &expected);
    let wide = VariableSet::from_iter([("L", "x\n".repeat(1 << 19))]);
    assert_eq!(
        wide.evaluate("#{L | Indent 255}").error,
        Some(EvaluateError::TooLarge { limit: 64 << 20 })
    );
}

/// Values that need the value before them, each by another construct.
const LINKS: &[&str] = &[
    "#{v}",
    "#{v | Append #{v}}",
    "#{if v == v}#{v}#{/if}",
    "#{each x in v}#{x}#{/each}",
    "#{calc ((((v))))}",
    "#{l[#{l[#{l[#{v}]}]}]}",
    "#{v.x}",
];

#[test]
fn the_deepest_nesting_fits_a_small_stack() {
    let work = || {
        for link in LINKS {
            let link = |at: usize| link.replace('v', &format!("v{at}"));
            let mut set: VariableSet = (0..200)
                .map(|at| (format!("v{at}"), link(at + 1)))
                .collect();
            set.set("v200", "[1]");
            let evaluation = set.evaluate("#{v0}");
            assert!(
                evaluation.error.is_some() || evaluation.text.contains('#'),
                "{}",
                link(0)
            );
        }
        let blocks = "#{if a}".repeat(60) + "#{next}" + &"#{/if}".repeat(60);
        let set =
            VariableSet::from_iter([("a", "1"), ("next", &blocks), ("j", &"[".repeat(100_000))]);
        assert!(matches!(
            set.evaluate(&blocks).error,
            Some(EvaluateError::TooDeep { .. })
        ));
        assert_eq!(set.evaluate("#{j.x}").text, "#{j.x}");
    };
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(work);
    thread.unwrap().join().unwrap();
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "#{a}",
        "#{b}",
        "#{c.d[0]}",
        "#{if a}",
        "#{else}",
        "#{/if}",
        "#{each x in b}",
        "#{x}",
        "#{/each}",
        "#{a | Substring 1 2}",
        "#{b | Format ",
        "#,##0.0;;",
        "\"",
        "#{calc a * b}",
        "{\"d\": [1]}",
        "2024-02-30",
        "-1",
        "é",
        ",",
        "#",
        "}",
        " ",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_variables_and_template_have_an_end(a in pieces(), b in pieces(), c in pieces(), template in pieces()) {
        let set = VariableSet::from_iter([("a", &a), ("b", &b), ("c", &c)]);
        let strict = set.evaluate(&template);
        let lenient = set.evaluate_lenient(&template);
        if strict.error.is_some() {
            prop_assert_eq!(strict.text, template);
        }
        for name in ["a", "b", "c"] {
            let _ = set.get(name);
        }
        drop(lenient);
    }

    #[test]
    fn text_without_substitution_is_copied(text in "[^#]*") {
        prop_assert_eq!(VariableSet::new().evaluate(&text).text, text);
    }
}
