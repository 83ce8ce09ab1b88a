//! Paged collections.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Link name → path, such as `Self` → `/api/Spaces-1/machines/Machines-3`.
pub type Links = BTreeMap<String, String>;

/// One page of a collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Page<T> {
    /// What the items are, such as `Machine`.
    pub item_type: String,
    /// Items in the whole collection.
    pub total_results: u64,
    /// Most items that one page holds.
    pub items_per_page: u64,
    /// At least 1.
    #[serde(default)]
    pub number_of_pages: u64,
    /// The first is 0.
    #[serde(default)]
    pub last_page_number: u64,
    /// The items of this page.
    pub items: Vec<T>,
    /// `Self`, `Template`, `Page.Next` …
    #[serde(default)]
    pub links: Links,
}

impl<T> Page<T> {
    /// The same page with something else made of each item.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        Page {
            item_type: self.item_type,
            total_results: self.total_results,
            items_per_page: self.items_per_page,
            number_of_pages: self.number_of_pages,
            last_page_number: self.last_page_number,
            items: self.items.into_iter().map(make).collect(),
            links: self.links,
        }
    }

    /// A page that holds everything.
    pub fn whole(item_type: &str, items: Vec<T>) -> Self {
        Self {
            item_type: item_type.to_owned(),
            total_results: items.len() as u64,
            items_per_page: items.len() as u64,
            number_of_pages: 1,
            last_page_number: 0,
            items,
            links: Links::new(),
        }
    }
}
