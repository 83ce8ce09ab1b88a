//! The table: each address with what it takes to be served, and what goes in and comes out.
//!
//! A route of the router that is not here is answered as if it were not there, and the tests
//! say so. The OpenAPI document is made of the same rows.

mod configuration;
mod deployments;
mod feed;
mod people;
mod portal;
mod row;

use std::{collections::HashMap, sync::LazyLock};

use axum::http::Method;

use super::Permission;
pub(crate) use row::{Access, Content, Row};

/// All rows.
pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    let parts = [
        people::ROWS,
        configuration::ROWS,
        deployments::ROWS,
        feed::ROWS,
        portal::ROWS,
    ];
    parts.into_iter().flatten()
}

/// What a request meets.
pub(crate) enum Found {
    /// Its row.
    Row(&'static Row),
    /// The address takes other methods.
    Methods(&'static str),
    /// The address is not in the table.
    Nothing,
}

/// A pattern of the router as the table has it.
pub(crate) fn pattern(pattern: &str) -> Option<&'static str> {
    BY_PATTERN.get_key_value(pattern).map(|(known, _)| *known)
}

/// The row of a method and a pattern of the router.
pub(crate) fn find(method: &Method, pattern: &str) -> Found {
    let Some(address) = BY_PATTERN.get(pattern) else {
        return Found::Nothing;
    };
    // Who may get an answer may get its head.
    let wanted = match method {
        &Method::HEAD => "GET",
        other => other.as_str(),
    };
    match address.rows.iter().find(|row| row.method == wanted) {
        Some(row) => Found::Row(row),
        None => Found::Methods(&address.methods),
    }
}

struct Address {
    rows: Vec<&'static Row>,
    /// For the header `Allow`.
    methods: String,
}

static BY_PATTERN: LazyLock<HashMap<&str, Address>> = LazyLock::new(|| {
    let mut found: HashMap<&str, Address> = HashMap::new();
    for row in rows() {
        let address = found.entry(row.pattern).or_insert_with(|| Address {
            rows: Vec::new(),
            methods: String::new(),
        });
        address.rows.push(row);
        let words: &[&str] = match row.method {
            "GET" => &["GET", "HEAD"],
            _ => &[row.method],
        };
        for word in words {
            if !address.methods.is_empty() {
                address.methods.push(',');
            }
            address.methods.push_str(word);
        }
    }
    found
});

const fn needs(permission: Permission) -> Access {
    Access::Needs(permission)
}
