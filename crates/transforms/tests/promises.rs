//! What holds for every format of structured variables, and transforms with a mistake that the
//! same checks have to find.
//!
//! One tree is written in each format, with any layout. What a transform makes of it has to be
//! the same as the changed tree written with the same layout, byte for byte.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use transforms::{json_variables, properties_variables, xml_variables, yaml_variables};
use variables::VariableSet;

/// Names of one level are different from each other; values are words.
#[derive(Debug, Clone)]
enum Tree {
    Value(String),
    Map(Vec<Tree>),
}

/// How it is written.
#[derive(Debug, Clone, Copy)]
struct Layout {
    comments: bool,
    spaces: usize,
    line: &'static str,
}

struct Format {
    name: &'static str,
    write: fn(&[Tree], Layout) -> String,
    /// Between the names of a path, and before the first one.
    separator: &'static str,
    root: &'static str,
    transform: fn(&str, &VariableSet) -> String,
}

const FORMATS: [Format; 4] = [
    Format {
        name: "JSON",
        write: |tree, layout| json(tree, layout, 0) + layout.line,
        separator: ":",
        root: "",
        transform: |text, set| json_variables(text, set).unwrap().text,
    },
    Format {
        name: "YAML",
        write: |tree, layout| yaml(tree, layout, 0),
        separator: ":",
        root: "",
        transform: |text, set| yaml_variables(text, set).unwrap().text,
    },
    Format {
        name: "XML",
        write: |tree, layout| format!("<r>{}</r>", xml(tree, layout, 0)),
        separator: "/",
        root: "/r/",
        transform: |text, set| xml_variables(text, set).unwrap().text,
    },
    Format {
        name: "properties",
        write: |tree, layout| properties(tree, layout, ""),
        separator: ".",
        root: "",
        transform: |text, set| properties_variables(text, set).unwrap().text,
    },
];

/// Names of a level repeat on the next one, so that a path alone tells values apart.
fn name(index: usize) -> String {
    ["alpha", "beta", "gamma", "delta"][index].to_owned()
}

fn json(maps: &[Tree], layout: Layout, depth: usize) -> String {
    let Layout { line, spaces, .. } = layout;
    let margin = " ".repeat(spaces * (depth + 1));
    let members = maps.iter().enumerate().map(|(index, tree)| {
        let value = match tree {
            Tree::Value(text) => format!("\"{text}\""),
            Tree::Map(inner) => json(inner, layout, depth + 1),
        };
        let gap = " ".repeat(spaces % 3);
        format!("{margin}\"{}\"{gap}: {value}", name(index))
    });
    let comma = if layout.comments {
        ", // alpha: x"
    } else {
        ","
    };
    let members = members.collect::<Vec<_>>().join(&format!("{comma}{line}"));
    format!("{{{line}{members}{line}}}")
}

fn yaml(maps: &[Tree], layout: Layout, depth: usize) -> String {
    let Layout { line, spaces, .. } = layout;
    let margin = " ".repeat((spaces + 1) * depth);
    let comment = if layout.comments { "  # alpha: x" } else { "" };
    let entries = maps.iter().enumerate().map(|(index, tree)| {
        let value = match tree {
            Tree::Value(text) => format!(" {text}{comment}{line}"),
            Tree::Map(inner) => format!("{comment}{line}{}", yaml(inner, layout, depth + 1)),
        };
        format!("{margin}{}:{value}", name(index))
    });
    entries.collect()
}

fn xml(maps: &[Tree], layout: Layout, depth: usize) -> String {
    let Layout { line, spaces, .. } = layout;
    let margin = " ".repeat(spaces * (depth + 1));
    let comment = if layout.comments {
        "<!-- <alpha>x</alpha> -->"
    } else {
        ""
    };
    let elements = maps.iter().enumerate().map(|(index, tree)| {
        let name = name(index);
        let content = match tree {
            Tree::Value(text) => text.clone(),
            Tree::Map(inner) => xml(inner, layout, depth + 1),
        };
        let gap = " ".repeat(spaces % 3);
        format!("{line}{margin}{comment}<{name}{gap} k='x'>{content}</{name}{gap}>")
    });
    elements.collect::<String>() + line
}

fn properties(maps: &[Tree], layout: Layout, path: &str) -> String {
    let Layout { line, spaces, .. } = layout;
    let comment = if layout.comments {
        format!("# alpha = x{line}")
    } else {
        String::new()
    };
    let separator = [" = ", "=", ":", " "][spaces % 4];
    let lines = maps.iter().enumerate().map(|(index, tree)| {
        let key = format!("{path}{}", name(index));
        match tree {
            Tree::Value(text) => format!("{comment}{key}{separator}{text}{line}"),
            Tree::Map(inner) => properties(inner, layout, &format!("{key}.")),
        }
    });
    lines.collect()
}

/// All paths to values.
fn paths(maps: &[Tree], before: &[usize], out: &mut Vec<Vec<usize>>) {
    for (index, tree) in maps.iter().enumerate() {
        let path = [before, &[index]].concat();
        match tree {
            Tree::Value(_) => out.push(path),
            Tree::Map(inner) => paths(inner, &path, out),
        }
    }
}

fn set(maps: &mut [Tree], path: &[usize], value: &str) {
    if let [index, rest @ ..] = path {
        match &mut maps[*index] {
            Tree::Value(text) => *text = value.to_owned(),
            Tree::Map(inner) => set(inner, rest, value),
        }
    }
}

#[derive(Debug, Clone)]
struct Case {
    tree: Vec<Tree>,
    layout: Layout,
    path: Index,
    value: String,
}

fn cases() -> impl Strategy<Value = Case> {
    let word = || "[a-m]{1,5}";
    let tree = word()
        .prop_map(Tree::Value)
        .prop_recursive(3, 20, 4, |inner| {
            prop::collection::vec(inner, 1..5).prop_map(Tree::Map)
        });
    let layout = (
        any::<bool>(),
        0..5_usize,
        prop::sample::select(vec!["\n", "\r\n"]),
    );
    let layout = layout.prop_map(|(comments, spaces, line)| Layout {
        comments,
        spaces,
        line,
    });
    let tree = prop::collection::vec(tree, 1..5);
    (tree, layout, any::<Index>(), "w[a-m]{0,5}").prop_map(|(tree, layout, path, value)| Case {
        tree,
        layout,
        path,
        value,
    })
}

type Transform = fn(&Format, &str, &VariableSet) -> String;

/// A variable changes the value at its path and nothing else; without one nothing changes.
fn check(format: &Format, case: &Case, transform: Transform) -> Result<(), TestCaseError> {
    let text = (format.write)(&case.tree, case.layout);
    let none = VariableSet::from_iter([("none", "x"), ("/none", "x")]);
    prop_assert_eq!(
        transform(format, &text, &none),
        text.as_str(),
        "{}",
        format.name
    );

    let mut all = Vec::new();
    paths(&case.tree, &[], &mut all);
    let path = &all[case.path.index(all.len())];
    let names: Vec<_> = path.iter().map(|index| name(*index)).collect();
    let variable = format!("{}{}", format.root, names.join(format.separator));
    let mut changed = case.tree.clone();
    set(&mut changed, path, &case.value);
    let variables = VariableSet::from_iter([(&variable, &case.value)]);
    prop_assert_eq!(
        transform(format, &text, &variables),
        (format.write)(&changed, case.layout),
        "{} of {} in {}",
        variable,
        format.name,
        text
    );
    Ok(())
}

proptest! {
    #[test]
    fn only_the_named_path_changes_in_every_format(case in cases()) {
        for format in &FORMATS {
            check(format, &case, |format, text, set| (format.transform)(text, set))?;
        }
    }
}

/// Each mistake, in each format.
#[test]
fn transforms_with_a_mistake_are_found() {
    let mistakes: [(&str, Transform); 5] = [
        ("line endings are made the same", |format, text, set| {
            (format.transform)(text, set).replace("\r\n", "\n")
        }),
        ("comments get lost", |format, text, set| {
            (format.transform)(text, set).replace("alpha", "Alpha")
        }),
        (
            "a namesake on another level changes too",
            |format, text, set| {
                let last = |name: &str| {
                    name.rsplit([':', '/', '.'])
                        .next()
                        .unwrap_or_default()
                        .to_owned()
                };
                let top = set
                    .iter()
                    .map(|it| (format!("{}{}", format.root, last(&it.name)), &it.value));
                let text = (format.transform)(text, &top.collect());
                (format.transform)(&text, set)
            },
        ),
        ("nothing changes", |_, text, _| text.to_owned()),
        ("the end is trimmed", |format, text, set| {
            (format.transform)(text, set).trim_end().to_owned()
        }),
    ];
    for (mistake, transform) in mistakes {
        for format in &FORMATS {
            // An XML document ends with its last tag here.
            if mistake == "the end is trimmed" && format.name == "XML" {
                continue;
            }
            let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
            let mut runner = TestRunner::new_with_rng(ProptestConfig::with_cases(1000), rng);
            let found = runner.run(&cases(), |case| check(format, &case, transform));
            assert!(
                found.is_err(),
                "{}: {mistake}, and that was missed",
                format.name
            );
        }
    }
}
