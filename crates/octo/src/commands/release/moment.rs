//! Moments as people write them.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

/// A moment in any of these forms: `2030-01-31T20:00:00Z`, `2030-01-31 20:00+02:00`,
/// `2030-01-31T20:00[Europe/Berlin]`, and `2030-01-31 20:00` in `zone`.
///
/// # Errors
/// When it is none of these, or the clocks of that zone show it never or twice.
pub(super) fn moment(text: &str, zone: &TimeZone) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Ok(zoned) = text.parse::<ZonedDateTime>() {
        return Ok(zoned.timestamp());
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let civil: DateTime = text
        .parse()
        .map_err(|_| format!("\"{text}\" is not a time."))?;
    let moment = zone.to_ambiguous_timestamp(civil).unambiguous();
    moment.map_err(|_| {
        format!("The clocks show {civil} never or twice that day: the offset must be told.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: &Expect) {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let shown = match moment(text, &zone) {
            Ok(moment) => moment.to_string(),
            Err(error) => error,
        };
        expected.assert_eq(&shown);
    }

    #[test]
    fn moments() {
        check("2030-01-31T20:00:00Z", &expect!["2030-01-31T20:00:00Z"]);
        check(
            "2030-01-31T20:00:00+02:00",
            &expect!["2030-01-31T18:00:00Z"],
        );
        check("2030-01-31 20:00-05:00", &expect!["2030-02-01T01:00:00Z"]);
        check(
            "2030-01-31T20:00[Asia/Tokyo]",
            &expect!["2030-01-31T11:00:00Z"],
        );
        check("2030-01-31 20:00", &expect!["2030-01-31T19:00:00Z"]);
        check(" 2030-07-31 20:00:30 ", &expect!["2030-07-31T18:00:30Z"]);
        check("2030-01-31", &expect!["2030-01-30T23:00:00Z"]);
        // The night in which the clocks go forward.
        check(
            "2030-03-31 02:30",
            &expect![
                "The clocks show 2030-03-31T02:30:00 never or twice that day: the offset must be told."
            ],
        );
        check("2030-03-31 02:30+02:00", &expect!["2030-03-31T00:30:00Z"]);
        check("tomorrow", &expect![[r#""tomorrow" is not a time."#]]);
        check(
            "2030-02-30 20:00",
            &expect![[r#""2030-02-30 20:00" is not a time."#]],
        );
    }
}
