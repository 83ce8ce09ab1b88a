//! Values as people read them.

use std::borrow::Cow;

use clap::builder::styling::{AnsiColor, Style};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Tone;

/// `1.4 MB`; decimal units, as file managers and NuGet show them.
pub(crate) fn size(bytes: u64) -> String {
    indicatif::DecimalBytes(bytes).to_string()
}

/// A moment (RFC 3339) in `zone`; whatever is no moment stays as it is.
pub(super) fn moment(text: &str, zone: &TimeZone, format: &str) -> String {
    match text.parse::<Timestamp>() {
        Ok(moment) => moment
            .to_zoned_datetime(zone.clone())
            .strftime(format)
            .to_string(),
        Err(_) => clean(text).into_owned(),
    }
}

/// Text from elsewhere on one line and without control characters: a script's output must not
/// drive the reader's terminal.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    match clean_text(text) {
        clean if clean.contains('\n') => clean.replace('\n', " ").into(),
        clean => clean,
    }
}

/// The same, over several lines.
pub(super) fn clean_text(text: &str) -> Cow<'_, str> {
    let keep = |c: char| !c.is_control() || c == '\n';
    if text.chars().all(keep) {
        return text.into();
    }
    console::strip_ansi_codes(text)
        .chars()
        .filter_map(|c| match c {
            '\t' => Some(' '),
            c if keep(c) => Some(c),
            _ => None,
        })
        .collect::<String>()
        .into()
}

/// Text in the colour of a tone, when there are colours.
pub(super) fn paint(text: &str, tone: Tone, color: bool) -> String {
    let style = match tone {
        Tone::Plain => return text.to_owned(),
        _ if !color => return text.to_owned(),
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Warning => AnsiColor::Yellow.on_default(),
        Tone::Bad => AnsiColor::Red.on_default(),
        Tone::Strong => Style::new().bold(),
        Tone::Faint => Style::new().dimmed(),
    };
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_elsewhere_cannot_drive_the_terminal() {
        assert_eq!(
            clean("\u{1b}[31mred\u{1b}[0m\ta\u{7}\r\nb\u{9b}2J"),
            "red a b"
        );
        assert_eq!(clean("plain – ünïcode"), "plain – ünïcode");
    }

    #[test]
    fn moments_are_shown_in_the_zone_of_the_reader() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let show = |text| moment(text, &zone, "%Y-%m-%d %H:%M");
        assert_eq!(show("2026-11-23T22:30:00Z"), "2026-11-24 00:30");
        assert_eq!(show("2026-11-23T22:30:00.123+00:00"), "2026-11-24 00:30");
        assert_eq!(show("soon"), "soon");
    }
}
