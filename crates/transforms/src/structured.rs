//! Variables in structured files: the name of a variable is the path of a value.

pub(crate) mod json;
pub(crate) mod properties;
pub(crate) mod xml;
pub(crate) mod yaml;

use variables::VariableSet;

use self::json::json_variables;
use self::properties::properties_variables;
use self::xml::xml_variables;
use self::yaml::yaml_variables;
use crate::{Outcome, TransformError};

type Transform = fn(&str, &VariableSet) -> Result<Outcome, TransformError>;

/// In the order in which they are tried.
const FORMATS: &[(&str, &[&str], Transform)] = &[
    ("JSON", &["json"], json_variables),
    ("XML", &["xml"], xml_variables),
    ("YAML", &["yaml", "yml"], yaml_variables),
    ("properties", &["properties"], properties_variables),
];

/// Replaces values in a file of any format: JSON whatever its name, or what its extension says.
/// With an unknown extension: the first of JSON, XML, YAML and properties that it can be read as.
///
/// # Errors
/// A text that is not of the format, or a variable that can't be evaluated or written.
pub fn structured_variables(
    file_name: &str,
    text: &str,
    variables: &VariableSet,
) -> Result<Outcome, TransformError> {
    let extension = file_name
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension)
        .to_ascii_lowercase();
    let result = json_variables(text, variables);
    if !matches!(result, Err(TransformError::Syntax { .. })) {
        return result;
    }
    let is_known = |extensions: &[&str]| extensions.contains(&extension.as_str());
    let known = FORMATS
        .iter()
        .find(|(_, extensions, _)| is_known(extensions));
    if let Some((_, _, transform)) = known {
        return transform(text, variables);
    }
    let mut reasons = Vec::new();
    for (name, _, transform) in FORMATS {
        match transform(text, variables) {
            Err(error @ TransformError::Syntax { .. }) => {
                reasons.push(format!("as {name}, {error}"));
            }
            result => return result,
        }
    }
    Err(TransformError::NoFormat { reasons })
}

/// Whether a variable may be a path: the product's own variables are not.
fn is_path(name: &str) -> bool {
    let own = name
        .get(..7)
        .is_some_and(|start| start.eq_ignore_ascii_case("octopus"));
    !own || name.get(7..).is_some_and(|rest| rest.starts_with(':'))
}
