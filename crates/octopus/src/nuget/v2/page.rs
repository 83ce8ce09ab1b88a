//! One page of a list, and the address of the next.

use super::options::Options;
use crate::nuget::catalog::Entry;

/// Most packages on one page, as NuGet's own gallery has it.
pub(super) const PAGE: usize = 100;

/// A cut of a list.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) entries: Vec<Entry>,
    /// The query of the next page, when there is one.
    pub(super) next: Option<String>,
    /// Packages on all pages, `$skip` and `$top` aside.
    pub(super) total: usize,
}

/// Cuts out what `$skip` and `$top` ask for, as much as fits a page.
pub(super) fn cut(entries: Vec<Entry>, options: &Options) -> Page {
    let total = entries.len();
    let wanted = wanted(total, options);
    let size = wanted.min(PAGE);
    let next = (wanted > size).then(|| {
        let skip = options.skip.saturating_add(size);
        let top = options.top.map(|_| wanted.saturating_sub(size));
        query(options, skip, top)
    });
    let entries = entries.into_iter().skip(options.skip).take(size);
    Page {
        entries: entries.collect(),
        next,
        total,
    }
}

/// How many packages `$skip` and `$top` leave of a list.
pub(super) fn wanted(total: usize, options: &Options) -> usize {
    let rest = total.saturating_sub(options.skip);
    options.top.map_or(rest, |top| top.min(rest))
}

fn query(options: &Options, skip: usize, top: Option<usize>) -> String {
    let kept = options.pairs.iter();
    let kept = kept.filter(|(name, _)| name != "$skip" && name != "$top");
    let mut pairs: Vec<(String, String)> = kept.cloned().collect();
    pairs.push(("$skip".to_owned(), skip.to_string()));
    pairs.extend(top.map(|top| ("$top".to_owned(), top.to_string())));
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}
