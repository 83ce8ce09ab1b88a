//! Columns for people: no borders, two spaces between.

use comfy_table::{
    Attribute, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, presets,
};

use super::words;

/// Narrower columns of prose are hard to read.
const LEAST_PROSE: usize = 20;
/// Spaces between columns.
const GAP: u16 = 2;

/// What a value says at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing.
    Plain,
    /// As it should be.
    Good,
    /// Look twice.
    Warning,
    /// Broken.
    Bad,
    /// Stands out.
    Strong,
    /// Stands back.
    Faint,
}

/// A value in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    text: String,
    tone: Tone,
    right: bool,
}

impl Cell {
    /// The same value in a tone.
    pub(crate) fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// The same value flush right, for amounts.
    pub(crate) fn right(mut self) -> Self {
        self.right = true;
        self
    }

    /// The value without its tone.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Shows nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl<S: AsRef<str>> From<S> for Cell {
    fn from(text: S) -> Self {
        Self {
            text: words::clean(text.as_ref()).into_owned(),
            tone: Tone::Plain,
            right: false,
        }
    }
}

/// The lines of a table, without spaces at their ends. `width` is that of the terminal; without
/// one, lines are as long as they need to be.
pub(super) fn lines(
    header: Option<&[&str]>,
    rows: &[Vec<Cell>],
    width: Option<u16>,
    color: bool,
) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.style_text_only();
    if color {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    if let Some(header) = header {
        let right: Vec<bool> = rows
            .first()
            .map(|row| row.iter().map(|cell| cell.right).collect())
            .unwrap_or_default();
        table.set_header(header.iter().enumerate().map(|(column, title)| {
            styled(&Cell {
                text: (*title).to_owned(),
                tone: Tone::Strong,
                right: right.get(column).copied().unwrap_or(false),
            })
        }));
    }
    for row in rows {
        table.add_row(row.iter().map(styled));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, GAP));
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    wrap(&mut table, width);
    table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

/// Wraps the last column, which holds prose, where the terminal leaves it enough room. Ids,
/// versions and times stay whole.
fn wrap(table: &mut Table, width: Option<u16>) {
    let widths = table.column_max_content_widths();
    let Some((_, others)) = widths.split_last() else {
        return;
    };
    let taken: usize = others
        .iter()
        .map(|width| usize::from(width.saturating_add(GAP)))
        .sum();
    let room = width.and_then(|width| usize::from(width).checked_sub(taken));
    match (room, width) {
        (Some(LEAST_PROSE..), Some(width)) => {
            table
                .set_width(width)
                .set_content_arrangement(ContentArrangement::Dynamic);
            if let Some(last) = table.column_mut(others.len()) {
                last.remove_constraint();
            }
        }
        _ => {
            table.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
}

fn styled(cell: &Cell) -> comfy_table::Cell {
    let styled = comfy_table::Cell::new(&cell.text).set_alignment(if cell.right {
        CellAlignment::Right
    } else {
        CellAlignment::Left
    });
    match cell.tone {
        Tone::Plain => styled,
        Tone::Good => styled.fg(Color::DarkGreen),
        Tone::Warning => styled.fg(Color::DarkYellow),
        Tone::Bad => styled.fg(Color::DarkRed),
        Tone::Strong => styled.add_attribute(Attribute::Bold),
        Tone::Faint => styled.add_attribute(Attribute::Dim),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(width: Option<u16>, color: bool, expected: &Expect) {
        let row = |name: &str, size: &str, tone, text: &str| {
            vec![
                Cell::from(name).tone(tone),
                Cell::from(size).right(),
                text.into(),
            ]
        };
        let rows = vec![
            row("web-01", "12 kB", Tone::Good, "Here"),
            row(
                "the big database",
                "1.2 MB",
                Tone::Plain,
                "Down in the cellar, on the left",
            ),
        ];
        let lines = lines(Some(&["Name", "Size", "Place"]), &rows, width, color);
        expected.assert_eq(&lines.join("\n").replace('\u{1b}', "^"));
    }

    #[test]
    fn columns_line_up() {
        check(
            None,
            false,
            &expect![[r#"
                Name                Size  Place
                web-01             12 kB  Here
                the big database  1.2 MB  Down in the cellar, on the left"#]],
        );
        check(
            Some(20),
            false,
            &expect![[r#"
                Name                Size  Place
                web-01             12 kB  Here
                the big database  1.2 MB  Down in the cellar, on the left"#]],
        );
        check(
            Some(50),
            false,
            &expect![[r#"
                Name                Size  Place
                web-01             12 kB  Here
                the big database  1.2 MB  Down in the cellar, on
                                          the left"#]],
        );
        check(
            None,
            true,
            &expect![[r#"
                ^[1mName^[0m                ^[1mSize^[0m  ^[1mPlace^[0m
                ^[38;5;2mweb-01^[39m             12 kB  Here
                the big database  1.2 MB  Down in the cellar, on the left"#]],
        );
    }
}
