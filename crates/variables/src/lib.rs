//! The variable language, scoping of variables, and masking of sensitive values.
