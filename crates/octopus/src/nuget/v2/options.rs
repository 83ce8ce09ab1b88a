//! What follows the question mark: OData's system options, and the arguments of NuGet's functions.

use std::cmp::Ordering;

use super::{
    filter::Filter,
    lexer::{Token, tokens},
    property::Property,
};
use crate::{error::ApiError, nuget::catalog::Entry};

/// Everything that a list is asked with.
#[derive(Debug, Default)]
pub(super) struct Options {
    /// As sent and decoded, for the address of the next page.
    pub(super) pairs: Vec<(String, String)>,
    filter: Option<Filter>,
    order: Vec<(Property, Direction)>,
    pub(super) skip: usize,
    pub(super) top: Option<usize>,
    /// `$inlinecount=allpages`.
    pub(super) counted: bool,
    /// `semVerLevel=2.0.0`.
    pub(super) semver2: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Ascending,
    Descending,
}

impl Options {
    /// Reads the query of a request.
    pub(super) fn parse(query: Option<&str>) -> Result<Self, ApiError> {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(query.unwrap_or_default()).map_err(bad)?;
        let mut options = Self::default();
        for (name, value) in &pairs {
            match name.as_str() {
                "$filter" if value.trim().is_empty() => {}
                "$filter" => options.filter = Some(Filter::parse(value).map_err(ApiError::bad)?),
                "$orderby" => options.order = order(value).map_err(ApiError::bad)?,
                "$skip" => options.skip = number(name, value)?,
                "$top" => options.top = Some(number(name, value)?),
                "$inlinecount" => options.counted = counted(value)?,
                "semVerLevel" => options.semver2 = knows_semver2(value),
                // More properties than asked for do no harm, and Atom is the only format.
                "$select" | "$format" => {}
                other if other.starts_with('$') => {
                    return Err(ApiError::bad(format!(
                        "{other} is not known; lists take $filter, $orderby, $skip, $top and \
                         $inlinecount."
                    )));
                }
                _ => {}
            }
        }
        options.pairs = pairs;
        Ok(options)
    }

    /// An argument in quotes, such as `id='Acme.Web'`.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, ApiError> {
        let found = self.pairs.iter().find(|(known, _)| known == name);
        let Some((_, value)) = found else {
            return Ok(None);
        };
        match tokens(value).as_deref() {
            Ok([Token::Text(text)]) => Ok(Some(text.clone())),
            Ok([]) => Ok(None),
            _ => Err(ApiError::bad(format!(
                "{name} is a text in quotes: {name}='…'."
            ))),
        }
    }

    /// An argument that is `true` or not.
    pub(super) fn flag(&self, name: &str) -> bool {
        let is_it = |pair: &&(String, String)| pair.0 == name;
        let found = self.pairs.iter().find(is_it);
        found.is_some_and(|(_, value)| value.eq_ignore_ascii_case("true"))
    }

    /// Narrows and orders a list.
    pub(super) fn apply(&self, entries: &mut Vec<Entry>) {
        if let Some(filter) = &self.filter {
            entries.retain(|entry| filter.holds(entry));
        }
        if !self.order.is_empty() {
            entries.sort_by(|one, other| self.compare(one, other));
        }
    }

    fn compare(&self, one: &Entry, other: &Entry) -> Ordering {
        let orders = self.order.iter().map(|(property, direction)| {
            let order = property.of(one).order(property.of(other));
            match direction {
                Direction::Ascending => order.unwrap_or(Ordering::Equal),
                Direction::Descending => order.unwrap_or(Ordering::Equal).reverse(),
            }
        });
        let mut orders = orders.skip_while(|order| order.is_eq());
        orders.next().unwrap_or(Ordering::Equal)
    }
}

/// Whether a client with this `semVerLevel` reads versions of SemVer 2.
pub(in crate::nuget) fn knows_semver2(level: &str) -> bool {
    let level: Option<nupkg::NuGetVersion> = level.parse().ok();
    level.is_some_and(|level| level.numbers() >= [2, 0, 0, 0])
}

fn bad(error: impl std::fmt::Display) -> ApiError {
    ApiError::bad(format!("The query can't be read: {error}."))
}

fn number(name: &str, value: &str) -> Result<usize, ApiError> {
    let number: Result<u32, _> = value.trim().parse();
    let number = number.map_err(|_| format!("{name} takes a whole number, not `{value}`."));
    Ok(number
        .map_err(ApiError::bad)?
        .try_into()
        .unwrap_or(usize::MAX))
}

fn counted(value: &str) -> Result<bool, ApiError> {
    match value {
        "allpages" => Ok(true),
        "none" => Ok(false),
        _ => Err(ApiError::bad("$inlinecount takes allpages or none.")),
    }
}

/// `Id`, `Version desc,Id asc`.
fn order(text: &str) -> Result<Vec<(Property, Direction)>, String> {
    let wrong = |part: &str| {
        let names = Property::names();
        format!("$orderby `{part}`: it takes these, each with asc or desc behind it: {names}.")
    };
    let parts = text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let read = |part: &str| {
        let mut words = part.split_whitespace();
        let property = words.next().and_then(Property::named);
        let direction = match words.next() {
            None | Some("asc") => Some(Direction::Ascending),
            Some("desc") => Some(Direction::Descending),
            Some(_) => None,
        };
        let known = property.zip(direction).filter(|_| words.next().is_none());
        known.ok_or_else(|| wrong(part))
    };
    parts.map(read).collect()
}
