//! Filters on dates.

use jiff::ZonedDateTime;
use variables::VariableSet;

use super::{NONE, check};

/// The time that is now in these tests: 2026-03-04 05:06:07.0890123, two hours ahead of UTC.
pub(crate) fn now() -> ZonedDateTime {
    "2026-03-04T05:06:07.0890123+02:00[+02:00]".parse().unwrap()
}

#[test]
fn now_in_any_format() {
    let mut set = VariableSet::from_iter([("v", "x")]);
    assert_eq!(set.evaluate("#{ | NowDate}").text, "#{ | NowDate}");
    set.set_now(now());
    for (template, expected) in [
        ("#{ | NowDate}", "2026-03-04T05:06:07.0890123+02:00"),
        ("#{|nowdateutc}", "2026-03-04T03:06:07.0890123Z"),
        ("#{ | NowDate yyyyMMdd}", "20260304"),
        ("#{ | NowDateUtc \"HH 'h' K\"}", "03 h Z"),
        (
            "#{ | NowDate | AddDays 1 | Format date \"yyyy-MM-dd zzz\"}",
            "2026-03-05 +02:00",
        ),
        ("#{gone | NowDate}", "#{gone | NowDate}"),
        ("#{ | NowDate a b}", "#{ | NowDate a b}"),
        ("#{ | ToUpper}", "#{ | ToUpper}"),
    ] {
        assert_eq!(set.evaluate(template).text, expected);
    }
}

#[test]
fn adding() {
    check(&[
        ("2024-02-28", "AddDays 1", "2024-02-29T00:00:00.0000000"),
        (
            "2024-02-28 23:30",
            "AddHours 1",
            "2024-02-29T00:30:00.0000000",
        ),
        (
            "2024-02-28T23:30:01.5Z",
            "AddHours \"-0.5\"",
            "2024-02-28T23:00:01.5000000Z",
        ),
        (
            "2024-02-28T23:30:00-07:00",
            "AddDays -1",
            "2024-02-27T23:30:00.0000000-07:00",
        ),
        (
            "05/22/2030 9:05:06 PM",
            "AddHours 0",
            "2030-05-22T21:05:06.0000000",
        ),
        (
            "2030/05/22 12:00 am",
            "AddHours 0",
            "2030-05-22T00:00:00.0000000",
        ),
        (
            "Wed, 22 May 2030 09:05:00 GMT",
            "AddHours 0",
            "2030-05-22T09:05:00.0000000+00:00",
        ),
        ("2024-02-30", "AddDays 1", NONE),
        ("2024-02", "AddDays 1", NONE),
        ("2024-02-28T25:00", "AddDays 1", NONE),
        ("2024-02-28 13:00 PM", "AddDays 1", NONE),
        ("2024-02-28T+1:+1", "AddDays 1", NONE),
        ("2024-02-28", "AddDays one", NONE),
        ("2024-02-28", "AddDays \"1e300\"", NONE),
        ("9999-12-31", "AddDays 1", NONE),
        ("", "AddDays 1", NONE),
    ]);
}

#[test]
fn standard_formats() {
    let value = "2030-05-02T03:04:05.1234567+02:00";
    for (format, expected) in [
        ("d", "05/02/2030"),
        ("D", "Thursday, 02 May 2030"),
        ("f", "Thursday, 02 May 2030 03:04"),
        ("F", "Thursday, 02 May 2030 03:04:05"),
        ("g", "05/02/2030 03:04"),
        ("G", "05/02/2030 03:04:05"),
        ("m", "May 02"),
        ("o", "2030-05-02T03:04:05.1234567+02:00"),
        ("R", "Thu, 02 May 2030 01:04:05 GMT"),
        ("s", "2030-05-02T03:04:05"),
        ("t", "03:04"),
        ("T", "03:04:05"),
        ("u", "2030-05-02 01:04:05Z"),
        ("U", "Thursday, 02 May 2030 01:04:05"),
        ("Y", "2030 May"),
        ("x", NONE),
    ] {
        check(&[(value, &format!("Format {format}"), expected)]);
    }
}

#[test]
fn custom_formats() {
    let value = "2030-05-02T15:04:05.1200000+02:00";
    for (format, expected) in [
        ("%d", "2"),
        ("d-dd-ddd-dddd", "2-02-Thu-Thursday"),
        ("M-MM-MMM-MMMM", "5-05-May-May"),
        ("y-yy-yyy-yyyy-yyyyy", "30-30-2030-2030-02030"),
        ("H-HH-h-hh", "15-15-3-03"),
        ("m:mm s:ss", "4:04 5:05"),
        ("f-ff-fff-fffffff", "1-12-120-1200000"),
        ("ss.FFF", "05.12"),
        ("t-tt", "P-PM"),
        ("z zz zzz K", "+2 +02 +02:00 +02:00"),
        ("yyyy 'year' \\y %y", "2030 year y 30"),
        ("MM/yyyy, gg", "05/2030, A.D."),
        ("ffffffff", NONE),
        ("yyyy 'x", NONE),
        ("yy%", NONE),
    ] {
        check(&[(value, &format!("Format datetime \"{format}\""), expected)]);
        check(&[(
            value,
            &format!("Format DateTimeOffset \"{format}\""),
            expected,
        )]);
    }
    check(&[
        ("2030-05-02 15:04:05", "Format \"ss.FFF K|\"", "05 |"),
        ("2030-05-02 00:04Z", "Format \"hh tt K\"", "12 AM Z"),
        ("no date", "Format date yyyy", NONE),
    ]);
}
