//! Variables in `.config` files of .NET: appSettings, connectionStrings, applicationSettings.

use roxmltree::Node;
use variables::VariableSet;

use crate::edit::Edits;
use crate::xml::{self, Tag, attribute, check_characters, escape, is_text, set_content};
use crate::{Outcome, TransformError, value_of};

/// Replaces the values of settings that a variable of the same name exists for, without case:
/// `appSettings/add[@key]/@value`, `connectionStrings/add[@name]/@connectionString` and
/// `applicationSettings//setting[@name]/value`, in any namespace. A missing value is added.
///
/// # Errors
/// XML that is not well-formed, a DTD, a variable that can't be evaluated, or a value with
/// a character that XML can't hold.
pub fn config_variables(text: &str, variables: &VariableSet) -> Result<Outcome, TransformError> {
    let document = xml::parse(text)?;
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
            check_characters(name, value)?;
            self.replaced.push(name.to_owned());
        }
        Ok(value)
    }

    fn attribute(&mut self, node: Node, key: &str, target: &str) -> Result<(), TransformError> {
        let Some(key) = attribute(node, ("", key)) else {
            return Ok(());
        };
        let Some(value) = self.value(key.value())? else {
            return Ok(());
        };
        if attribute(node, ("", target)).is_none_or(|old| old.value() != value) {
            let tag = Tag::at(self.text, node.range().start);
            let old = tag.attribute(self.text, node, ("", target));
            tag.set(&mut self.edits, self.text, old, target, &value);
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
            Some(old) => set_content(&mut self.edits, self.text, old, |_| content),
            None => {
                let name = self.sibling_name(node);
                let element = format!("<{name}>{content}</{name}>");
                set_content(&mut self.edits, self.text, node, |kept| {
                    format!("{kept}{element}")
                });
            }
        }
        Ok(())
    }

    /// `value` with the prefix that the element has.
    fn sibling_name(&self, node: Node) -> String {
        let tag = Tag::at(self.text, node.range().start);
        match tag.name(self.text).rsplit_once(':') {
            Some((prefix, _)) => format!("{prefix}:value"),
            None => "value".to_owned(),
        }
    }
}
