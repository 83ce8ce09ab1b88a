//! Markdown as HTML.

use comrak::Options;

/// CommonMark with the extensions that Octopus turns on: pipe tables, autolinks, and the
/// emphasis of `~~deleted~~`, `~sub~`, `^super^`, `++inserted++` and `==marked==`. HTML passes
/// as it is, and the result ends in an extra line break.
pub(super) fn html(input: &str) -> String {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.table = true;
    extension.autolink = true;
    extension.strikethrough = true;
    extension.subscript = true;
    extension.superscript = true;
    extension.insert = true;
    extension.highlight = true;
    // A template is its author's own text, as it is in Octopus.
    options.render.r#unsafe = true;
    let mut html = comrak::markdown_to_html(input.trim(), &options);
    html.push('\n');
    html
}
