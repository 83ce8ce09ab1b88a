//! What a path names: a set of packages, one of them, or a function's result.

use super::lexer::{Token, tokens};
use crate::error::ApiError;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resource {
    /// `Packages`, `Packages()`.
    Packages,
    /// `Packages(Id='Acme.Web',Version='1.0.0')`.
    Package { id: String, version: String },
    /// `FindPackagesById()`.
    FindPackagesById,
    /// `Search()`.
    Search,
}

impl Resource {
    /// Reads one part of a path, decoded.
    pub(super) fn parse(text: &str) -> Result<Self, ApiError> {
        let tokens = tokens(text).map_err(|_| unknown(text))?;
        let (name, arguments) = match tokens.as_slice() {
            [Token::Name(name)] => (name, &[] as &[Token]),
            [Token::Name(name), Token::Open, arguments @ .., Token::Close] => (name, arguments),
            _ => return Err(unknown(text)),
        };
        match (name.as_str(), arguments) {
            ("Packages", []) => Ok(Self::Packages),
            ("Search", []) => Ok(Self::Search),
            ("FindPackagesById", []) => Ok(Self::FindPackagesById),
            ("Packages", key) => package(key).ok_or_else(|| unknown(text)),
            _ => Err(unknown(text)),
        }
    }
}

fn package(key: &[Token]) -> Option<Resource> {
    let mut pairs = key.split(|token| *token == Token::Comma);
    let (first, second) = (pairs.next()?, pairs.next()?);
    let is_whole = pairs.next().is_none();
    let part = |wanted: &str| {
        [first, second].into_iter().find_map(|pair| match pair {
            [Token::Name(name), Token::Equals, Token::Text(text)] if name == wanted => {
                Some(text.clone())
            }
            _ => None,
        })
    };
    let (id, version) = (part("Id")?, part("Version")?);
    is_whole.then_some(Resource::Package { id, version })
}

fn unknown(text: &str) -> ApiError {
    let message = format!(
        "There is no `{text}` in the feed; there are Packages, \
         Packages(Id='…',Version='…'), FindPackagesById() and Search()."
    );
    ApiError::new(axum::http::StatusCode::NOT_FOUND, message)
}
