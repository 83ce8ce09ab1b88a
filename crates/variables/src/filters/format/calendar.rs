//! Format strings for dates.

use jiff::civil::{DateTime, Weekday};

use crate::filters::date::{Moment, Zone};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Formats a date by a standard format (one letter) or a custom one; nothing if it is neither.
pub(in crate::filters) fn date(moment: &Moment, format: &str) -> Option<String> {
    let utc = || Moment {
        at: moment.to_utc(),
        zone: Zone::Utc,
    };
    let mut letters = format.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else {
        return custom(moment, format);
    };
    match letter {
        'd' => custom(moment, "MM/dd/yyyy"),
        'D' => custom(moment, "dddd, dd MMMM yyyy"),
        'f' => custom(moment, "dddd, dd MMMM yyyy HH:mm"),
        'F' => custom(moment, "dddd, dd MMMM yyyy HH:mm:ss"),
        'g' => custom(moment, "MM/dd/yyyy HH:mm"),
        'G' => custom(moment, "MM/dd/yyyy HH:mm:ss"),
        'm' | 'M' => custom(moment, "MMMM dd"),
        'o' | 'O' => custom(moment, "yyyy-MM-ddTHH:mm:ss.fffffffK"),
        'r' | 'R' => custom(&utc(), "ddd, dd MMM yyyy HH:mm:ss 'GMT'"),
        's' => custom(moment, "yyyy-MM-ddTHH:mm:ss"),
        't' => custom(moment, "HH:mm"),
        'T' => custom(moment, "HH:mm:ss"),
        'u' => custom(&utc(), "yyyy-MM-dd HH:mm:ss'Z'"),
        'U' => custom(&utc(), "dddd, dd MMMM yyyy HH:mm:ss"),
        'y' | 'Y' => custom(moment, "yyyy MMMM"),
        _ => None,
    }
}

fn custom(moment: &Moment, format: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = format;
    while let Some(c) = rest.chars().next() {
        let after = rest.trim_start_matches(c);
        let run = rest.strip_suffix(after).unwrap_or(rest);
        rest = rest.get(c.len_utf8()..)?;
        match c {
            '\'' | '"' => {
                let (text, after) = rest.split_once(c)?;
                out.push_str(text);
                rest = after;
            }
            '\\' => {
                let next = rest.chars().next()?;
                out.push(next);
                rest = rest.get(next.len_utf8()..)?;
            }
            // `%d` is the custom format `d`, where `d` alone would be the standard one.
            '%' if rest.is_empty() || rest.starts_with('%') => return None,
            '%' => {}
            _ => match field(moment, c, run.chars().count()) {
                Some(text) => {
                    // `.F` leaves no point behind when there is no fraction.
                    if c == 'F' && text.is_empty() && out.ends_with('.') {
                        out.pop();
                    }
                    out.push_str(&text);
                    rest = after;
                }
                None if "fF".contains(c) => return None,
                None => out.push(c),
            },
        }
    }
    Some(out)
}

/// The value for `count` times the letter; `None` if the letter is no field.
fn field(moment: &Moment, letter: char, count: usize) -> Option<String> {
    let at = &moment.at;
    let padded = |value: i64| match count {
        1 => value.to_string(),
        _ => format!("{value:02}"),
    };
    Some(match letter {
        'd' if count > 2 => cut(weekday(at), count == 3),
        'd' => padded(at.day().into()),
        'M' if count > 2 => cut(month(at), count == 3),
        'M' => padded(at.month().into()),
        'y' if count > 2 => format!("{:0count$}", at.year(), count = count.min(10)),
        'y' => padded((at.year() % 100).into()),
        'H' => padded(at.hour().into()),
        'h' => padded(((at.hour() + 11) % 12 + 1).into()),
        'm' => padded(at.minute().into()),
        's' => padded(at.second().into()),
        'f' | 'F' => {
            let digits = format!("{:09}", at.subsec_nanosecond());
            let digits = digits.get(..count).filter(|_| count <= 7)?;
            let kept = match letter {
                'F' => digits.trim_end_matches('0'),
                _ => digits,
            };
            kept.to_owned()
        }
        't' => {
            let half = if at.hour() < 12 { "AM" } else { "PM" };
            half.get(..count.min(2))?.to_owned()
        }
        'g' => "A.D.".to_owned(),
        'K' => match moment.zone {
            Zone::Naive => String::new(),
            Zone::Utc => "Z".to_owned(),
            Zone::Offset(_) => offset(moment, 3),
        }
        .repeat(count),
        'z' => offset(moment, count),
        _ => return None,
    })
}

/// `+2`, `+02` or `+02:00`.
fn offset(moment: &Moment, count: usize) -> String {
    let seconds = match moment.zone {
        Zone::Offset(offset) => offset.seconds(),
        Zone::Naive | Zone::Utc => 0,
    };
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    let (hours, minutes) = (minutes / 60, minutes % 60);
    match count {
        1 => format!("{sign}{hours}"),
        2 => format!("{sign}{hours:02}"),
        _ => format!("{sign}{hours:02}:{minutes:02}"),
    }
}

fn cut(name: &str, short: bool) -> String {
    let length = if short { 3 } else { usize::MAX };
    name.chars().take(length).collect()
}

fn month(at: &DateTime) -> &'static str {
    let month = usize::try_from(at.month() - 1).unwrap_or_default();
    MONTHS.get(month).copied().unwrap_or_default()
}

fn weekday(at: &DateTime) -> &'static str {
    match at.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}
