//! YAML rewritten on one line: `{a: [1, 2]}`. What stands in brackets can hold no other.

use super::scalar::{plain, quoted};
use super::tree::{Kind, Node, Style};

/// A value on one line, with its anchor and tag if wanted. Comments are lost.
pub(super) fn flow(source: &str, node: &Node, properties: bool) -> String {
    let properties = node.properties.clone().filter(|_| properties);
    let properties = properties.and_then(|range| source.get(range));
    let value = value(source, node);
    match properties {
        Some(properties) => {
            let words: Vec<_> = properties.split_whitespace().collect();
            format!("{} {value}", words.join(" "))
        }
        None => value,
    }
}

fn value(source: &str, node: &Node) -> String {
    let written = source.get(node.range.clone()).unwrap_or_default();
    match &node.kind {
        Kind::Alias => written.to_owned(),
        Kind::Scalar(scalar) => match &scalar.style {
            Style::Empty { .. } if node.properties.is_some() => "\"\"".to_owned(),
            Style::Empty { .. } => "null".to_owned(),
            Style::Single | Style::Double if !written.contains(['\r', '\n']) => written.to_owned(),
            Style::Plain => plain(&scalar.value, true).unwrap_or_else(|| quoted(&scalar.value)),
            _ => quoted(&scalar.value),
        },
        Kind::Sequence { entries, .. } => {
            let entries: Vec<_> = entries
                .iter()
                .map(|entry| flow(source, entry, true))
                .collect();
            format!("[{}]", entries.join(", "))
        }
        Kind::Mapping { entries, .. } => {
            let entries: Vec<_> = entries
                .iter()
                .map(|(key, value)| pair(source, key, value))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

fn pair(source: &str, key: &Node, value: &Node) -> String {
    let value = flow(source, value, true);
    let is_short = |key: &str| key.chars().count() < 1000;
    match &key.kind {
        Kind::Scalar(_) if is_short(&flow(source, key, true)) => {
            format!("{}: {value}", flow(source, key, true))
        }
        // A colon could belong to the name of an alias.
        _ => format!("? {} : {value}", flow(source, key, true)),
    }
}
