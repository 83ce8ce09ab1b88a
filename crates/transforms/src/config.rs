//! Variables in `.config` files of .NET: appSettings, connectionStrings, applicationSettings.

use std::ops::Range;

use roxmltree::{Attribute, Document, Error, Node};
use variables::VariableSet;

use crate::edit::Edits;
use crate::{Outcome, TransformError, value_of};

/// Replaces the values of settings that a variable of the same name exists for, without case:
/// `appSettings/add[@key]/@value`, `connectionStrings/add[@name]/@connectionString` and
/// `applicationSettings//setting[@name]/value`, in any namespace. A missing value is added.
///
/// # Errors
/// XML that is not well-formed, a DTD, a variable that can't be evaluated, or a value with
/// a character that XML can't hold.
pub fn config_variables(text: &str, variables: &VariableSet) -> Result<Outcome, TransformError> {
    let document = Document::parse(text).map_err(|error| syntax(&error))?;
    let mut change = Change {
        text,
        variables,
        edits: Edits::default(),
        replaced: Vec::new(),
    };
    // End of the outermost applicationSettings element that was entered.
    let mut settings_end = 0;
    for node in document.descendants().filter(Node::is_element) {
        let parent = node.parent_element();
        let parent = parent.map_or("", |parent| parent.tag_name().name());
        match node.tag_name().name() {
            "applicationSettings" => settings_end = settings_end.max(node.range().end),
            "add" if parent == "appSettings" => change.attribute(node, "key", "value")?,
            "add" if parent == "connectionStrings" => {
                change.attribute(node, "name", "connectionString")?;
            }
            "setting" if node.range().start < settings_end => change.setting(node)?,
            _ => {}
        }
    }
    Ok(Outcome {
        text: change.edits.apply(text),
        replaced: change.replaced,
    })
}

struct Change<'a> {
    text: &'a str,
    variables: &'a VariableSet,
    edits: Edits,
    replaced: Vec<String>,
}

impl Change<'_> {
    /// The new value for a name of the file, noted as replaced.
    fn value(&mut self, name: &str) -> Result<Option<String>, TransformError> {
        let value = value_of(self.variables, name)?;
        if let Some(value) = &value {
            if let Some(character) = value.chars().find(|c| !is_xml(*c)) {
                return Err(TransformError::ForbiddenCharacter {
                    name: name.to_owned(),
                    character: character.into(),
                });
            }
            self.replaced.push(name.to_owned());
        }
        Ok(value)
    }

    fn attribute(&mut self, node: Node, key: &str, target: &str) -> Result<(), TransformError> {
        let Some(key) = node.attribute_node(key) else {
            return Ok(());
        };
        let Some(value) = self.value(key.value())? else {
            return Ok(());
        };
        match node.attribute_node(target) {
            Some(old) if old.value() == value => {}
            Some(old) => {
                let range = self.value_range(&old);
                let quote = self
                    .text
                    .get(range.end..)
                    .and_then(|rest| rest.chars().next());
                self.edits.replace(range, escape(&value, quote));
            }
            None => {
                let end = key.range().end;
                let new = format!(" {target}=\"{}\"", escape(&value, Some('"')));
                self.edits.replace(end..end, new);
            }
        }
        Ok(())
    }

    fn setting(&mut self, node: Node) -> Result<(), TransformError> {
        let Some(value) = node.attribute("name").map(|name| self.value(name)) else {
            return Ok(());
        };
        let Some(value) = value? else {
            return Ok(());
        };
        let content = escape(&value, None);
        match node
            .children()
            .find(|child| child.tag_name().name() == "value")
        {
            Some(old) if is_text(old, &value) => {}
            Some(old) => self.content(old, |_| content),
            None => {
                let name = self.sibling_name(node);
                let element = format!("<{name}>{content}</{name}>");
                self.content(node, |kept| format!("{kept}{element}"));
            }
        }
        Ok(())
    }

    /// Puts new content into an element; `new` is given the old one.
    fn content(&mut self, node: Node, new: impl FnOnce(&str) -> String) {
        let range = node.range();
        let tag = start_tag(self.text, range.start);
        let source = self.text.get(tag.clone()).unwrap_or_default();
        if let Some(open) = source.strip_suffix("/>") {
            let name = tag_name(source);
            let open = open.trim_end();
            self.edits
                .replace(range, format!("{open}>{}</{name}>", new("")));
            return;
        }
        let inside = self.text.get(tag.end..range.end).unwrap_or_default();
        let end = tag.end + inside.rfind("</").unwrap_or_default();
        let old = self.text.get(tag.end..end).unwrap_or_default();
        let new = new(old);
        self.edits.replace(tag.end..end, new);
    }

    /// `value` with the prefix that the element has.
    fn sibling_name(&self, node: Node) -> String {
        let tag = start_tag(self.text, node.range().start);
        let name = tag_name(self.text.get(tag).unwrap_or_default());
        match name.rsplit_once(':') {
            Some((prefix, _)) => format!("{prefix}:value"),
            None => "value".to_owned(),
        }
    }

    /// Between the quotes. Found by the closing quote, since roxmltree's own range
    /// is wrong after more than 255 spaces around the `=`.
    fn value_range(&self, attribute: &Attribute) -> Range<usize> {
        let range = attribute.range();
        let source = self.text.get(range.clone()).unwrap_or_default();
        let quote = source.chars().next_back().unwrap_or('"');
        let start = range.start + source.find(quote).unwrap_or_default() + 1;
        start..range.end.saturating_sub(1).max(start)
    }
}

/// Whether an element holds this text and nothing else.
fn is_text(node: Node, value: &str) -> bool {
    let mut children = node.children();
    match (children.next(), children.next()) {
        (None, _) => value.is_empty(),
        (Some(child), None) => child.is_text() && child.text() == Some(value),
        _ => false,
    }
}

/// The range of the start tag at an offset. A `>` may stand in an attribute's value.
fn start_tag(text: &str, start: usize) -> Range<usize> {
    let rest = text.get(start..).unwrap_or_default();
    let mut quote = None;
    for (at, c) in rest.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '>' => return start..start + at + 1,
            None => {}
        }
    }
    start..text.len()
}

/// The name in a start tag, with its prefix.
fn tag_name(tag: &str) -> &str {
    let name = tag.trim_start_matches('<');
    let end = name.find(|c: char| c.is_whitespace() || c == '/' || c == '>');
    name.get(..end.unwrap_or(name.len())).unwrap_or_default()
}

/// Escapes for an attribute in this quote, or for text. Line breaks of an attribute, and
/// carriage returns, would be changed by a reader if they were written as they are.
fn escape(value: &str, quote: Option<char>) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if quote == Some(c) => out.push_str("&quot;"),
            '\'' if quote == Some(c) => out.push_str("&apos;"),
            '\r' => out.push_str("&#xD;"),
            '\n' if quote.is_some() => out.push_str("&#xA;"),
            '\t' if quote.is_some() => out.push_str("&#x9;"),
            c => out.push(c),
        }
    }
    out
}

/// Characters that XML 1.0 can hold.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

fn syntax(error: &Error) -> TransformError {
    if matches!(error, Error::DtdDetected) {
        return TransformError::Dtd;
    }
    let position = error.pos();
    let message = error.to_string();
    let place = format!(" at {position}");
    TransformError::Syntax {
        format: "XML",
        line: position.row as usize,
        column: position.col as usize,
        message: message.replace(&place, ""),
    }
}
