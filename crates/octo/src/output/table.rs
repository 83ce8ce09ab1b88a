//! Columns for people: no borders, two spaces between.

use comfy_table::{Attribute, CellAlignment, Color, ContentArrangement, Table, presets};

use super::words;

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
    match width {
        Some(width) => table
            .set_width(width)
            .set_content_arrangement(ContentArrangement::Dynamic),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
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
        column.set_padding((0, 2));
    }
    table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect()
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
        let row = |name: &str, size: &str, tone| {
            vec![
                name.into(),
                Cell::from(size).right(),
                Cell::from("Healthy").tone(tone),
            ]
        };
        let rows = vec![
            row("web-01", "12 kB", Tone::Good),
            row("the big database", "1.2 MB", Tone::Plain),
        ];
        let lines = lines(Some(&["Name", "Size", "State"]), &rows, width, color);
        expected.assert_eq(&lines.join("\n").replace('\u{1b}', "^"));
    }

    #[test]
    fn columns_line_up() {
        check(
            None,
            false,
            &expect![[r#"
            Name                Size  State
            web-01             12 kB  Healthy
            the big database  1.2 MB  Healthy"#]],
        );
        check(
            Some(30),
            false,
            &expect![[r#"
            Name        Size  State
            web-01     12 kB  Healthy
            the big   1.2 MB  Healthy
            database"#]],
        );
        check(
            None,
            true,
            &expect![[r#"
            ^[1mName^[0m                ^[1mSize^[0m  ^[1mState^[0m
            web-01             12 kB  ^[38;5;2mHealthy^[39m
            the big database  1.2 MB  Healthy"#]],
        );
    }
}
