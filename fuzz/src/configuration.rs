//! Targets for configuration files: the file, then names and values of variables. Without
//! variables nothing changes, and what was written can be read again.

use crate::{texts, variables};
use ::variables::VariableSet;
use transforms::{
    Outcome, TransformError, json_variables, properties_variables, xml_variables, yaml_variables,
};

type Transform = fn(&str, &VariableSet) -> Result<Outcome, TransformError>;

fn check(data: &[u8], transform: Transform) {
    let Some(texts) = texts(data) else { return };
    let Some((text, rest)) = texts.split_first() else {
        return;
    };
    let none = VariableSet::new();
    let Ok(unchanged) = transform(text, &none) else {
        return;
    };
    assert_eq!(unchanged.text, *text, "changed without a variable");
    if let Ok(outcome) = transform(text, &variables(rest)) {
        let again = transform(&outcome.text, &none);
        assert!(again.is_ok(), "{:?} of {:?}", again, outcome.text);
    }
}

/// Structured variables in JSON.
pub fn json(data: &[u8]) {
    check(data, json_variables);
}

/// Structured variables in YAML.
pub fn yaml(data: &[u8]) {
    check(data, yaml_variables);
}

/// Structured variables in XML.
pub fn xml(data: &[u8]) {
    check(data, xml_variables);
}

/// Structured variables in Java's properties.
pub fn properties(data: &[u8]) {
    check(data, properties_variables);
}

/// A configuration file and its transform.
pub fn xdt(data: &[u8]) {
    let Some(texts) = texts(data) else { return };
    if let [source, transform] = texts.as_slice() {
        let _ = transforms::xdt::transform(source, transform);
        let _ = transforms::xdt::transform_lenient(source, transform);
    }
}
