//! The filters of the language, by name.

mod date;
mod encode;
pub mod escape;
mod format;
mod markdown;
mod regex;
mod text;
mod uri;
mod version;

use jiff::ZonedDateTime;

/// What a filter made of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filtered {
    Value(String),
    /// The filter is unknown or can't apply: the source text stays.
    Nothing,
    /// What is set to the whole result is to be absent.
    Null,
}

/// Whether this is the filter that applies to anything, also to a missing value.
pub(crate) fn is_null(name: &str) -> bool {
    name.eq_ignore_ascii_case("null")
}

/// Steps that the use of a filter counts for.
pub(crate) fn cost(name: &str) -> u64 {
    match name.to_ascii_lowercase().as_str() {
        "match" | "replace" | "markdown" | "markdowntohtml" => 1000,
        _ => 1,
    }
}

/// Applies the filter of this name, in any case. `input` is `None` in `#{ | Filter}`.
pub(crate) fn apply(
    name: &str,
    input: Option<&str>,
    arguments: &[String],
    now: Option<&ZonedDateTime>,
) -> Filtered {
    if is_null(name) {
        return Filtered::Null;
    }
    let name = name.to_ascii_lowercase();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let value = match input {
        Some(input) => on_value(&name, input, &arguments),
        None => now.and_then(|now| on_nothing(&name, &arguments, now)),
    };
    value.map_or(Filtered::Nothing, Filtered::Value)
}

fn on_nothing(name: &str, arguments: &[&str], now: &ZonedDateTime) -> Option<String> {
    let now = match name {
        "nowdate" => date::Moment::local(now),
        "nowdateutc" => date::Moment::utc(now),
        _ => return None,
    };
    match arguments {
        [] => format::date(&now, "O"),
        [format] => format::date(&now, format),
        _ => None,
    }
}

fn on_value(name: &str, input: &str, arguments: &[&str]) -> Option<String> {
    if let Some(part) = name.strip_prefix("version") {
        return match arguments {
            [] => version::part(part, input),
            _ => None,
        };
    }
    match (name, arguments) {
        ("tolower", []) => Some(text::lower(input)),
        ("toupper", []) => Some(text::upper(input)),
        ("append", [_, ..]) => Some(format!("{input}{}", arguments.concat())),
        ("prepend", [_, ..]) => Some(format!("{}{input}", arguments.concat())),
        ("contains", [part]) => Some(input.contains(part).to_string()),
        ("startswith", [part]) => Some(input.starts_with(part).to_string()),
        ("endswith", [part]) => Some(input.ends_with(part).to_string()),
        ("substring", [length]) => text::substring(input, "0", length),
        ("substring", [start, length]) => text::substring(input, start, length),
        ("truncate", [length]) => text::truncate(input, length, "..."),
        ("truncate", [length, suffix]) => text::truncate(input, length, suffix),
        ("trim", []) => Some(input.trim().to_owned()),
        ("trim", [end]) if end.eq_ignore_ascii_case("start") => Some(input.trim_start().to_owned()),
        ("trim", [end]) if end.eq_ignore_ascii_case("end") => Some(input.trim_end().to_owned()),
        ("indent", _) => text::indent(input, arguments),

        ("htmlescape", []) => Some(escape::html(input)),
        ("xmlescape", []) => Some(escape::xml(input)),
        ("jsonescape", []) => Some(escape::json(input)),
        ("yamlsinglequoteescape", []) => Some(escape::yaml_single(input)),
        ("yamldoublequoteescape", []) => Some(escape::yaml_double(input)),
        ("propertieskeyescape", []) => Some(escape::properties_key(input)),
        ("propertiesvalueescape", []) => Some(escape::properties_value(input)),
        ("markdown" | "markdowntohtml", []) => Some(markdown::html(input)),
        ("uriescape", []) => Some(escape::uri(input)),
        ("uridataescape", []) => Some(escape::uri_data(input)),

        ("tobase64", []) => encode::to_base64(input, "utf8"),
        ("tobase64", [encoding]) => encode::to_base64(input, encoding),
        ("frombase64", []) => encode::from_base64(input, "utf8"),
        ("frombase64", [encoding]) => encode::from_base64(input, encoding),
        ("md5" | "sha1" | "sha256" | "sha384" | "sha512", _) => {
            encode::hash(name, input, arguments)
        }

        ("addhours", [hours]) => date::add(input, hours, 3600.0),
        ("adddays", [days]) => date::add(input, days, 86400.0),
        ("format", [format]) => format::any(input, format),
        ("format", [kind, format]) => format::of_kind(input, kind, format),
        ("match", [pattern]) => regex::is_match(input, pattern),
        ("replace", [pattern]) => regex::replace(input, pattern, ""),
        ("replace", [pattern, with]) => regex::replace(input, pattern, with),
        ("uripart", [part]) => Some(uri::part(input, part)),
        _ => None,
    }
}
