//! How the portal writes spans of time, sizes and counts.

use jiff::{SignedDuration, Timestamp};

const MINUTE: i64 = 60;
const MINUTE_AHEAD: i64 = -MINUTE;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const MONTH: i64 = 30 * DAY;

/// A span in its two largest units: `12 s`, `1 m 12 s`, `2 h 5 m`, `3 d 4 h`.
/// Negative spans count as none.
pub fn duration(span: SignedDuration) -> String {
    let seconds = span.as_secs();
    if span <= SignedDuration::ZERO {
        "0 s".to_owned()
    } else if seconds < 1 {
        "< 1 s".to_owned()
    } else if seconds < MINUTE {
        format!("{seconds} s")
    } else if seconds < HOUR {
        format!("{} m {} s", seconds / MINUTE, seconds % MINUTE)
    } else if seconds < DAY {
        format!("{} h {} m", seconds / HOUR, seconds % HOUR / MINUTE)
    } else {
        format!("{} d {} h", seconds / DAY, seconds % DAY / HOUR)
    }
}

/// How long ago something was: `3 minutes ago`; a date after 30 days. Within a minute
/// `just now`: lists of what was seen seconds ago would never be still.
/// `assets/app.js` does the same while the page stays open.
pub(crate) fn ago(now: Timestamp, at: Timestamp) -> String {
    let seconds = now.duration_since(at).as_secs();
    let (amount, unit) = match seconds {
        MINUTE_AHEAD..MINUTE => return "just now".to_owned(),
        MINUTE..HOUR => (seconds / MINUTE, "minute"),
        HOUR..DAY => (seconds / HOUR, "hour"),
        DAY..MONTH => (seconds / DAY, "day"),
        // Also what is ahead by more than clocks differ.
        _ => return at.strftime("%Y-%m-%d").to_string(),
    };
    format!("{amount} {unit}{} ago", if amount == 1 { "" } else { "s" })
}

/// `2026-11-23 23:49:12 UTC`
pub(crate) fn exact(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// `23:49:12`, in UTC.
pub(crate) fn clock(at: Timestamp) -> String {
    at.strftime("%H:%M:%S").to_string()
}

/// A size in decimal units, three digits at most: `812 B`, `4.2 kB`, `18 MB`.
pub fn bytes(size: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if size < 1000 {
        return format!("{size} B");
    }
    let mut value = size as f64;
    let mut unit = "B";
    for next in UNITS {
        // Whatever would be written with four digits belongs to the next unit.
        if value < 999.5 {
            break;
        }
        value /= 1000.0;
        unit = next;
    }
    if value < 9.95 {
        format!("{value:.1} {unit}")
    } else {
        format!("{value:.0} {unit}")
    }
}

/// A count with its thousands apart: `12 340`, by narrow no-break spaces.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + 6);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) && digits.len() > 4 {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// A count and its noun: `1 machine`, `412 machines`.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    format!(
        "{} {noun}{}",
        grouped(count as u64),
        if count == 1 { "" } else { "s" }
    )
}

/// Quoted where a shell would split it, as POSIX shells and PowerShell agree on; `None`
/// for what they do not agree on.
pub(crate) fn shell_word(word: &str) -> Option<String> {
    let plain = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        Some(word.to_owned())
    } else if !word.contains('\'') {
        Some(format!("'{word}'"))
    } else if !word.contains(['"', '$', '`', '\\', '!']) {
        Some(format!("\"{word}\""))
    } else {
        None
    }
}
