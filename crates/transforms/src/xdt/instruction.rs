//! `xdt:Transform` and `xdt:Locator`: names with arguments in parentheses.

use roxmltree::Node;

use super::{Failure, NAMESPACE};
use crate::xml::{self, Tag};
use crate::xpath::XPath;

/// What an element of a transform asks for.
pub(super) struct Instruction<'t> {
    pub(super) transform: &'t str,
    pub(super) element: Node<'t, 't>,
    pub(super) verb: Verb,
    /// Where it stands in the transform.
    pub(super) offset: usize,
    /// Arguments where none are expected.
    pub(super) surplus: bool,
    /// Whether nobody wants to hear its warnings.
    pub(super) quiet: bool,
}

pub(super) enum Verb {
    Replace,
    Insert,
    InsertIfMissing,
    InsertBefore(XPath),
    InsertAfter(XPath),
    Remove,
    RemoveAll,
    CommentOut,
    SetAttributes(Names),
    RemoveAttributes(Names),
}

/// Which attributes; `None`: all.
pub(super) type Names = Option<Vec<Name>>;

/// The name of an attribute.
pub(super) struct Name {
    pub(super) written: String,
    pub(super) namespace: String,
    pub(super) local: String,
}

pub(super) enum Locator {
    /// By name alone.
    Default,
    Match(Vec<Name>),
    Condition(XPath, String),
    XPath(XPath, String),
}

const VERBS: &str = "Replace, Insert, InsertBefore, InsertAfter, InsertIfMissing, Remove, \
     RemoveAll, RemoveAttributes, SetAttributes, CommentOut";

impl<'t> Instruction<'t> {
    /// Of an element that has one.
    pub(super) fn of(transform: &'t str, element: Node<'t, 't>) -> Result<Option<Self>, Failure> {
        let Some(call) = Call::of(transform, element, "Transform")? else {
            return Ok(None);
        };
        let verb = match call.name.as_str() {
            "Replace" => Verb::Replace,
            "Insert" => Verb::Insert,
            "InsertIfMissing" => Verb::InsertIfMissing,
            "InsertBefore" => Verb::InsertBefore(call.xpath(element)?),
            "InsertAfter" => Verb::InsertAfter(call.xpath(element)?),
            "Remove" => Verb::Remove,
            "RemoveAll" => Verb::RemoveAll,
            "CommentOut" => Verb::CommentOut,
            "SetAttributes" => Verb::SetAttributes(call.names(element)?),
            "RemoveAttributes" => Verb::RemoveAttributes(call.names(element)?),
            name => {
                let message = format!("there is no transform `{name}`; use one of {VERBS}");
                return Err(Failure::new(call.offset, message));
            }
        };
        let takes_arguments = matches!(
            verb,
            Verb::InsertBefore(_)
                | Verb::InsertAfter(_)
                | Verb::SetAttributes(_)
                | Verb::RemoveAttributes(_)
        );
        // Written like this by Microsoft.
        let quiet = xml::attribute(element, (NAMESPACE, "SupressWarnings"));
        Ok(Some(Self {
            transform,
            element,
            verb,
            offset: call.offset,
            surplus: !takes_arguments && call.arguments.is_some(),
            quiet: quiet.is_some_and(|quiet| quiet.value().eq_ignore_ascii_case("true")),
        }))
    }
}

impl Locator {
    /// Of any element of a transform.
    pub(super) fn of(transform: &str, element: Node<'_, '_>) -> Result<Self, Failure> {
        let Some(call) = Call::of(transform, element, "Locator")? else {
            return Ok(Self::Default);
        };
        let argument = call.arguments.clone().unwrap_or_default();
        match call.name.as_str() {
            "Match" => match call.names(element)? {
                Some(names) => Ok(Self::Match(names)),
                None => Err(call.needs("the names of attributes")),
            },
            "Condition" => Ok(Self::Condition(call.xpath(element)?, argument)),
            "XPath" => Ok(Self::XPath(call.xpath(element)?, argument)),
            name => {
                let message =
                    format!("there is no locator `{name}`; use Match, Condition or XPath");
                Err(Failure::new(call.offset, message))
            }
        }
    }
}

/// `Name(arguments)`
struct Call {
    name: String,
    /// Between the parentheses, if there is anything.
    arguments: Option<String>,
    offset: usize,
}

impl Call {
    fn of(
        transform: &str,
        element: Node<'_, '_>,
        attribute: &str,
    ) -> Result<Option<Self>, Failure> {
        let Some(value) = xml::attribute(element, (NAMESPACE, attribute)) else {
            return Ok(None);
        };
        let tag = Tag::at(transform, element.range().start);
        let place = tag.attribute(transform, element, (NAMESPACE, attribute));
        let offset = place.map_or(tag.range.start, |place| place.value.start);
        let text = value.value().trim();
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
        let (name, rest) = text
            .split_at_checked(end.unwrap_or(text.len()))
            .unwrap_or_default();
        let rest = rest.trim_start();
        let inside = rest
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'));
        if name.is_empty() || (inside.is_none() && !rest.is_empty()) {
            let message = format!("`{text}` is no name with arguments, such as `Match(key)`");
            return Err(Failure::new(offset, message));
        }
        let arguments = inside.map(str::trim).filter(|inside| !inside.is_empty());
        Ok(Some(Self {
            name: name.to_owned(),
            arguments: arguments.map(str::to_owned),
            offset,
        }))
    }

    fn needs(&self, what: &str) -> Failure {
        let message = format!("`{}` needs {what} in parentheses", self.name);
        Failure::new(self.offset, message)
    }

    /// The argument, which may hold commas.
    fn xpath(&self, element: Node<'_, '_>) -> Result<XPath, Failure> {
        let Some(argument) = &self.arguments else {
            return Err(self.needs("an XPath"));
        };
        let namespace = |prefix: &str| {
            let prefix = Some(prefix).filter(|prefix| *prefix != "_defaultNamespace");
            xml::namespace(element, prefix).map(str::to_owned)
        };
        XPath::parse(argument, &namespace)
            .map_err(|error| Failure::new(self.offset, error.to_string()))
    }

    fn names(&self, element: Node<'_, '_>) -> Result<Names, Failure> {
        let Some(arguments) = &self.arguments else {
            return Ok(None);
        };
        let names = arguments.split(',').map(str::trim);
        let mut found = Vec::new();
        for written in names.filter(|name| !name.is_empty()) {
            if written == "*" {
                return Ok(None);
            }
            let (namespace, local) = match written.split_once(':') {
                None => (Some(""), written),
                Some((prefix, local)) => (xml::namespace(element, Some(prefix)), local),
            };
            let undeclared = || format!("the prefix of `{written}` is not declared");
            let namespace = namespace.ok_or_else(|| Failure::new(self.offset, undeclared()))?;
            found.push(Name {
                written: written.to_owned(),
                namespace: namespace.to_owned(),
                local: local.to_owned(),
            });
        }
        Ok(Some(found))
    }
}
