//! WCAG contrast of every pair of colours that the style sheet puts together.

use std::collections::HashMap;

const CSS: &str = include_str!("../../../assets/app.css");

/// The custom properties of the `:root` block that follows `start`.
fn colours(start: &str) -> HashMap<&'static str, [f64; 3]> {
    let (_, css) = CSS.split_once(start).unwrap();
    let (_, block) = css.split_once(":root {").unwrap();
    let (block, _) = block.split_once('}').unwrap();
    let pairs = block
        .split(';')
        .filter_map(|entry| entry.trim().split_once(": #"));
    pairs.map(|(name, hex)| (name, luminances(hex))).collect()
}

/// Linear red, green and blue of `rrggbb`.
/// <https://www.w3.org/TR/WCAG21/#dfn-relative-luminance>
fn luminances(hex: &str) -> [f64; 3] {
    [0, 2, 4].map(|at| {
        let part = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    })
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |[red, green, blue]: [f64; 3]| 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn the_formula_gives_the_known_values() {
    assert!((contrast(luminances("000000"), luminances("ffffff")) - 21.0).abs() < 1e-9);
    assert!((contrast(luminances("777777"), luminances("ffffff")) - 4.478).abs() < 1e-3);
}

#[test]
fn text_can_be_read_and_edges_can_be_seen_in_light_and_dark() {
    let text = ["--text", "--meta", "--accent", "--good", "--warn", "--bad"];
    let grounds = ["--ground", "--rail", "--hover", "--mark"];
    let mut pairs: Vec<(&str, &str, f64)> = Vec::new();
    for ground in grounds {
        pairs.extend(text.iter().map(|text| (*text, ground, 4.5)));
    }
    for ground in ["--bad-ground", "--warn-ground"] {
        pairs.extend(["--text", "--accent", "--bad", "--warn"].map(|text| (text, ground, 4.5)));
    }
    pairs.push(("--on-accent", "--accent", 4.5));
    pairs.push(("--on-accent", "--accent-hover", 4.5));
    // What bounds a control: 3 to 1.
    pairs.push(("--edge", "--ground", 3.0));
    pairs.push(("--accent", "--line", 3.0));
    for scheme in ["grid of 4 px", "prefers-color-scheme: dark"] {
        let colours = colours(scheme);
        for (text, ground, least) in &pairs {
            let found = contrast(colours[text], colours[ground]);
            assert!(
                found >= *least,
                "{scheme}: {text} on {ground} has {found:.2}, not {least}"
            );
        }
    }
}

#[test]
fn dark_defines_every_colour_that_light_does() {
    let names = |scheme| {
        let mut names: Vec<_> = colours(scheme).into_keys().collect();
        names.sort_unstable();
        names
    };
    assert_eq!(names("grid of 4 px"), names("prefers-color-scheme: dark"));
}

#[test]
fn the_style_sheet_uses_only_what_it_defines() {
    for (at, _) in CSS.match_indices("var(--") {
        let name = CSS[at + 4..].split(')').next().unwrap();
        assert!(CSS.contains(&format!("{name}: ")), "{name}");
    }
}
