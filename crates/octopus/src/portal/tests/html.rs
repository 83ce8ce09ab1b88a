//! Just enough HTML to look into what the templates wrote.

use std::collections::HashMap;

/// An opening tag.
#[derive(Debug, Clone)]
pub(super) struct Tag {
    pub(super) name: String,
    attributes: HashMap<String, String>,
    /// Names of the tags around it, outermost first.
    pub(super) within: Vec<String>,
}

impl Tag {
    pub(super) fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).map(String::as_str)
    }

    pub(super) fn attributes(&self) -> impl Iterator<Item = &str> {
        self.attributes.keys().map(String::as_str)
    }
}

const VOID: [&str; 6] = ["meta", "link", "input", "img", "br", "hr"];

/// All opening tags in their order.
///
/// # Panics
/// When a tag is not closed, or closed in the wrong order.
pub(super) fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (inside, after) = split_tag(&rest[start + 1..]);
        rest = after;
        if inside.starts_with('!') {
            continue;
        }
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(
                open.pop().as_deref(),
                Some(name),
                "closed out of order: <{inside}>"
            );
            continue;
        }
        let tag = parse(inside, &open);
        if !VOID.contains(&tag.name.as_str()) && !inside.ends_with('/') {
            open.push(tag.name.clone());
        }
        tags.push(tag);
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    tags
}

/// Up to the `>` that no quotes surround, and what follows it.
fn split_tag(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>') => return (&text[..at], &text[at + 1..]),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    panic!("a tag without an end: {text}");
}

fn parse(inside: &str, open: &[String]) -> Tag {
    let inside = inside.trim_end_matches('/');
    let (name, mut rest) = inside.split_once([' ', '\n']).unwrap_or((inside, ""));
    let mut attributes = HashMap::new();
    while !rest.trim().is_empty() {
        rest = rest.trim_start();
        let end = rest.find(['=', ' ', '\n']).unwrap_or(rest.len());
        let attribute = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix('=') {
            let quote = quoted.chars().next().unwrap();
            let (inner, after) = quoted[1..].split_once(quote).unwrap();
            value = inner.to_owned();
            rest = after;
        }
        let twice = attributes.insert(attribute, value);
        assert!(twice.is_none(), "an attribute twice in <{inside}>");
    }
    Tag {
        name: name.to_owned(),
        attributes,
        within: open.to_vec(),
    }
}
