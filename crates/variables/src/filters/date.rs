//! Dates and times: reading, and adding to them. Naive stays naive, UTC stays UTC,
//! and an offset is kept.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, ZonedDateTime};

/// A date and time, with what is known of its time zone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Moment {
    pub(super) at: DateTime,
    pub(super) zone: Zone,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Zone {
    Naive,
    Utc,
    Offset(Offset),
}

impl Moment {
    /// As a clock on the wall shows it.
    pub(super) fn local(now: &ZonedDateTime) -> Self {
        Self {
            at: now.datetime(),
            zone: Zone::Offset(now.offset()),
        }
    }

    pub(super) fn utc(now: &ZonedDateTime) -> Self {
        Self {
            at: Offset::UTC.to_datetime(now.timestamp()),
            zone: Zone::Utc,
        }
    }

    /// The same time in UTC; a naive one is taken as it is.
    pub(super) fn to_utc(&self) -> DateTime {
        match self.zone {
            Zone::Offset(offset) => match offset.to_timestamp(self.at) {
                Ok(timestamp) => Offset::UTC.to_datetime(timestamp),
                Err(_) => self.at,
            },
            Zone::Naive | Zone::Utc => self.at,
        }
    }
}

/// Adds `count` units of so many seconds; the result in the round trip format.
pub(super) fn add(input: &str, count: &str, seconds: f64) -> Option<String> {
    let mut moment = parse(input)?;
    let count: f64 = count.trim().parse().ok()?;
    let duration = SignedDuration::try_from_secs_f64(count * seconds).ok()?;
    moment.at = moment.at.checked_add(duration).ok()?;
    super::format::date(&moment, "O")
}

/// Reads `2030-05-22`, `2030/05/22` or `05/22/2030`, with or without a time, an offset or `Z`;
/// and what mail headers use: `Wed, 22 May 2030 09:05:00 GMT`.
pub(super) fn parse(text: &str) -> Option<Moment> {
    let text = text.trim();
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
        return Some(Moment::local(&zoned));
    }
    let (day, rest) = match text.find([' ', 'T']) {
        Some(at) => (text.get(..at)?, text.get(at + 1..)?.trim_start()),
        None => (text, ""),
    };
    let (time, zone) = split_zone(rest)?;
    Some(Moment {
        at: DateTime::from_parts(parse_day(day)?, parse_time(time)?),
        zone,
    })
}

fn parse_day(text: &str) -> Option<Date> {
    let mut parts = text.split(['-', '/']);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    let (year, month, day) = match (a.len(), c.len()) {
        (4, 1 | 2) => (a, b, c),
        (1 | 2, 4) => (c, a, b),
        _ => return None,
    };
    let date = Date::new(digits(year)?, digits(month)?, digits(day)?).ok();
    date.filter(|date| parts.next().is_none() && date.year() > 0)
}

fn parse_time(text: &str) -> Option<Time> {
    if text.is_empty() {
        return Some(Time::midnight());
    }
    let (clock, half) = match text
        .len()
        .checked_sub(2)
        .and_then(|at| text.split_at_checked(at))
    {
        Some((clock, half)) if half.eq_ignore_ascii_case("am") => (clock.trim_end(), Some(0)),
        Some((clock, half)) if half.eq_ignore_ascii_case("pm") => (clock.trim_end(), Some(12)),
        _ => (text, None),
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = clock.split(':');
    let hour: i8 = digits(parts.next()?)?;
    let hour = match half {
        None => hour,
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
    };
    let minute = digits(parts.next()?)?;
    let second = parts.next().map_or(Some(0), digits)?;
    if parts.next().is_some() || fraction.len() > 9 {
        return None;
    }
    // As many nanoseconds as the first nine digits say.
    let nanosecond = digits(&format!("{fraction:0<9}"))?;
    Time::new(hour, minute, second, nanosecond).ok()
}

/// Splits `Z`, `GMT`, `+02:00` or `+0200` from the end of a time.
fn split_zone(text: &str) -> Option<(&str, Zone)> {
    for utc in ["Z", "z", "GMT"] {
        if let Some(time) = text.strip_suffix(utc) {
            return Some((time.trim_end(), Zone::Utc));
        }
    }
    let Some(at) = text.find(['+', '-']) else {
        return Some((text, Zone::Naive));
    };
    let (time, zone) = text.split_at_checked(at)?;
    let (sign, zone) = zone.split_at_checked(1)?;
    let (hours, minutes) = match zone.split_once(':') {
        Some(parts) => parts,
        None => zone.split_at_checked(2)?,
    };
    let minutes = match minutes {
        "" => 0,
        minutes => digits::<i32>(minutes)?,
    };
    let seconds = digits::<i32>(hours)?
        .checked_mul(60)?
        .checked_add(minutes)?;
    let seconds = seconds.checked_mul(if sign == "-" { -60 } else { 60 })?;
    let offset = Offset::from_seconds(seconds).ok()?;
    Some((time.trim_end(), Zone::Offset(offset)))
}

/// Digits only, without a sign.
fn digits<T: std::str::FromStr>(text: &str) -> Option<T> {
    let valid = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| valid)
}
