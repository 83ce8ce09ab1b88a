//! XDT, Microsoft's XML-Document-Transform: a document that says how another one changes.
//!
//! Its elements are walked in document order, parents first. An element with `xdt:Transform`
//! changes the elements of the source that its path leads to: the names of the elements around
//! it and its own, each narrowed or replaced by `xdt:Locator`. The next one sees the result.
//!
//! | `xdt:Transform` | what it does to the source |
//! |---|---|
//! | `Replace` | puts the element into the place of the first one found |
//! | `Insert`, `InsertIfMissing` | adds it at the end of the parent; only if none is found |
//! | `InsertBefore(xpath)`, `InsertAfter(xpath)` | adds it next to the first element that the XPath selects |
//! | `Remove`, `RemoveAll`, `CommentOut` | of the first one found, or of all of them |
//! | `SetAttributes`, `SetAttributes(a,b)` | in all elements found: all attributes of the element, or these |
//! | `RemoveAttributes`, `RemoveAttributes(a,b)` | likewise; one that is not there is no mistake |
//!
//! Locators are `Match(a,b)` (the same values of these attributes), `Condition(xpath)` (a
//! predicate) and `XPath(xpath)` (from the root, or from the elements found by name). Prefixes
//! are those of the transform; `_defaultNamespace` stands for its namespace without a prefix.

mod apply;
mod copy;
mod instruction;
mod layout;
mod locate;

use roxmltree::{Document, Error, Node};

use self::instruction::Instruction;
use crate::edit::position;
use crate::error::DTD;
use crate::{TransformError, xml};

/// The namespace of XDT's attributes.
const NAMESPACE: &str = "http://schemas.microsoft.com/XML-Document-Transform";

/// A transformed document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XdtOutcome {
    /// The whole text; byte for byte the source where nothing was changed.
    pub text: String,
    /// What did not go as the transform seems to want it, in its order.
    pub warnings: Vec<Warning>,
}

/// Something of a transform that is odd, such as an element that the source does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Line of the transform, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What was found, or not.
    pub message: String,
}

/// Changes `source` as `transform` says. A transform without XDT's namespace changes nothing.
///
/// # Errors
/// Either document is not well-formed or has a DTD (the source: [`TransformError::Syntax`] and
/// [`TransformError::Dtd`]); an instruction is none, needs a place that the source does not have,
/// or would leave no XML document; `xdt:Import`.
pub fn transform(source: &str, transform: &str) -> Result<XdtOutcome, TransformError> {
    run(source, transform, false)
}

/// As [`transform()`], but leaves out the instructions that fail, with a warning for each.
///
/// # Errors
/// Either document is not well-formed or has a DTD.
pub fn transform_lenient(source: &str, transform: &str) -> Result<XdtOutcome, TransformError> {
    run(source, transform, true)
}

/// Something of the transform that can't be done.
struct Failure {
    /// Where in the transform.
    offset: usize,
    message: String,
}

impl Failure {
    fn new(offset: usize, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { offset, message }
    }
}

fn run(source: &str, transform: &str, lenient: bool) -> Result<XdtOutcome, TransformError> {
    xml::parse(source)?;
    let document = Document::parse(transform).map_err(|error| syntax(transform, &error))?;
    let mut warnings = Vec::new();
    let mut report = |Failure { offset, message }, is_error| {
        let (line, column) = position(transform, offset);
        if is_error && !lenient {
            return Err(TransformError::Xdt {
                line,
                column,
                message,
            });
        }
        warnings.push(Warning {
            line,
            column,
            message,
        });
        Ok(())
    };
    let mut elements = document.descendants().filter(Node::is_element);
    let mut text = source.to_owned();
    // What the text was before the last change, and where that stands in the transform.
    let mut before: Option<(String, usize)> = None;
    loop {
        // A large document is read once for each change: to see that it is one, and for the next.
        let changed = match Document::parse(&text) {
            Ok(tree) => next_change(&text, &tree, transform, &mut elements, &mut report)?,
            Err(error) => {
                let Some((whole, offset)) = before.take() else {
                    return Err(syntax(transform, &error));
                };
                let message = xml::message(&error);
                let message =
                    format!("this would leave no XML document ({message}); correct the transform");
                report(Failure::new(offset, message), true)?;
                text = whole;
                continue;
            }
        };
        let Some((changed, offset)) = changed else {
            break;
        };
        before = Some((std::mem::replace(&mut text, changed), offset));
    }
    Ok(XdtOutcome { text, warnings })
}

/// The source after the next element of the transform that changes it, and where that stands.
fn next_change<'a, 'i: 'a>(
    text: &str,
    tree: &Document<'_>,
    transform: &str,
    elements: &mut impl Iterator<Item = Node<'a, 'i>>,
    report: &mut impl FnMut(Failure, bool) -> Result<(), TransformError>,
) -> Result<Option<(String, usize)>, TransformError> {
    for element in elements {
        let mut found = Vec::new();
        let done = change(text, tree, transform, element, &mut found);
        for warning in found {
            report(warning, false)?;
        }
        match done {
            Ok(None) => {}
            Ok(changed) => return Ok(changed),
            Err(failure) => report(failure, true)?,
        }
    }
    Ok(None)
}

/// The source after one element of the transform, and where that says so; `None` if it stays.
fn change(
    text: &str,
    tree: &Document<'_>,
    transform: &str,
    element: Node<'_, '_>,
    warnings: &mut Vec<Failure>,
) -> Result<Option<(String, usize)>, Failure> {
    let start = element.range().start;
    match xml::name(element) {
        (NAMESPACE, "Import") => {
            let message = "`xdt:Import` loads transforms from a program library, which is not allowed; remove it";
            return Err(Failure::new(start, message));
        }
        (NAMESPACE, name) => {
            let message = format!("XDT has no element `{name}`; it is left out");
            warnings.push(Failure::new(start, message));
            return Ok(None);
        }
        _ => {}
    }
    let Some(instruction) = Instruction::of(transform, element)? else {
        return Ok(None);
    };
    let edits = apply::apply(&instruction, text, tree, warnings)?;
    let changed = edits.apply(text);
    Ok((changed != text).then_some((changed, instruction.offset)))
}

fn syntax(text: &str, error: &Error) -> TransformError {
    let (place, message) = match error {
        Error::DtdDetected => (xml::dtd(text), DTD.to_owned()),
        error => (
            (error.pos().row as usize, error.pos().col as usize),
            format!("{}; correct the XML", xml::message(error)),
        ),
    };
    TransformError::Xdt {
        line: place.0,
        column: place.1,
        message,
    }
}
