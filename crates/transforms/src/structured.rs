//! Variables in structured files: the name of a variable is the path of a value.

pub(crate) mod json;
pub(crate) mod properties;
pub(crate) mod xml;

use variables::VariableSet;

use self::json::json_variables;
use self::properties::properties_variables;
use crate::{Outcome, TransformError};

/// Replaces values in a file of any format: JSON whatever its name, or what its extension says.
///
/// # Errors
/// A text that is not of the format, or a variable that can't be evaluated.
pub fn structured_variables(
    file_name: &str,
    text: &str,
    variables: &VariableSet,
) -> Result<Outcome, TransformError> {
    let result = json_variables(text, variables);
    let Err(error @ TransformError::Syntax { .. }) = result else {
        return result;
    };
    let extension = file_name
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "json" => Err(error),
        "properties" => properties_variables(text, variables),
        _ => Err(TransformError::NoFormat {
            reasons: vec![
                format!("as JSON, {error}"),
                "and by its extension it is no .properties".to_owned(),
            ],
        }),
    }
}

/// Whether a variable may be a path: the product's own variables are not.
fn is_path(name: &str) -> bool {
    let own = name
        .get(..7)
        .is_some_and(|start| start.eq_ignore_ascii_case("octopus"));
    !own || name.get(7..).is_some_and(|rest| rest.starts_with(':'))
}

/// A text with all its line breaks written the same way.
fn with_line_ending(text: &str, line_ending: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines.replace('\n', line_ending)
}
