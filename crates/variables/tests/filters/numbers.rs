//! The filter `Format` on numbers.

use variables::VariableSet;

use super::{NONE, check};

#[test]
fn standard_formats() {
    for (value, format, expected) in [
        ("4.3", "C", "$4.30"),
        ("-1234.565", "C", "-$1,234.57"),
        ("1234.5", "F0", "1235"),
        ("-0.004", "F2", "0.00"),
        ("999.996", "F2", "1000.00"),
        ("1234567.891", "N", "1,234,567.89"),
        ("123", "N1", "123.0"),
        ("0.1234", "P1", "12.3 %"),
        ("1234.5", "E2", "1.23E+003"),
        ("9.999", "e2", "1.00e+001"),
        ("0.00012", "E1", "1.2E-004"),
        ("0", "E1", "0.0E+000"),
        ("1234.50", "G", "1234.50"),
        ("1234.56", "G3", "1.23E+03"),
        ("1234.56", "G6", "1234.56"),
        ("0.00001234", "g2", "1.2e-05"),
        ("999.9", "G3", "1E+03"),
        (" +1,234 ", "F1", "1234.0"),
        ("12", "D4", NONE),
        ("12", "Q", NONE),
        ("12", "F101", NONE),
        ("abc", "F1", NONE),
    ] {
        check(&[(value, &format!("Format {format}"), expected)]);
    }
}

#[test]
fn kinds() {
    check(&[
        ("255", "Format int X", "FF"),
        ("255", "Format int32 x4", "00ff"),
        ("-1", "Format int X", "FFFFFFFF"),
        ("5", "Format int B4", "0101"),
        ("-7", "Format int D3", "-007"),
        ("7", "Format int F1", "7.0"),
        ("7.5", "Format int D", NONE),
        ("3000000000", "Format int D", NONE),
        ("0.125", "Format double F2", "0.13"),
        ("2.675", "Format double F2", "2.67"),
        ("2.675", "Format decimal F2", "2.68"),
        ("1e3", "Format double N0", "1,000"),
        ("0.1", "Format Double R", "0.1"),
        ("NaN", "Format double F2", NONE),
        ("1e3", "Format decimal F2", NONE),
        ("7", "Format float F2", NONE),
        ("7", "Format int F2 x", NONE),
    ]);
}

#[test]
fn custom_formats() {
    for (value, format, expected) in [
        ("5", "000", "005"),
        ("1234.5", "0.00", "1234.50"),
        ("1234567", "0,0", "1,234,567"),
        ("5", "0,000", "0,005"),
        ("1234567", "0,,", "1"),
        ("0.25", "0%", "25%"),
        ("5551234", "000-0000", "555-1234"),
        ("12345551234", "000-0000", "1234555-1234"),
        ("-5", "0;(0)", "(5)"),
        ("5", "0;(0)", "5"),
        ("0", "0;(0);zero", "zero"),
        ("-0.1", "0;(0);zero", "zero"),
        ("-0.1", "0", "0"),
        ("-5", "0.0", "-5.0"),
        ("5", "0 'items' \\0", "5 items 0"),
        ("5", "0e+0", NONE),
        ("5", "'x", NONE),
    ] {
        check(&[(value, &format!("Format \"{format}\""), expected)]);
    }
}

#[test]
fn number_signs_come_from_a_variable() {
    // A `#` can't stand in quotes, so such a format comes from a variable.
    for (value, format, expected) in [
        ("1234567.5", "#,#.##", "1,234,567.5"),
        ("1234.567", "0.0#", "1234.57"),
        ("1234.5", "0.0#", "1234.5"),
        ("0", "0.##", "0"),
        ("0.5", "#.##", ".5"),
        ("0", "#", ""),
        ("-1.5", "#.0;<#.0>", "<1.5>"),
    ] {
        let set = VariableSet::from_iter([("v", value), ("f", format)]);
        for kind in ["", "double ", "decimal "] {
            let template = format!("#{{v | Format {kind}#{{f}}}}");
            assert_eq!(
                set.evaluate(&template).text,
                expected,
                "{format} of {value}"
            );
        }
    }
}
