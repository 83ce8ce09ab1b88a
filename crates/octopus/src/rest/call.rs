//! What every handler of a space's address needs: who calls, which space, which page.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{FromRequestParts, Query, RawPathParams},
    http::{StatusCode, Uri, request::Parts},
};

use crate::{
    access::Rights,
    app::App,
    auth::{Caller, Credentials},
    error::ApiError,
    lookup,
    store::{events::NewEvent, users::User},
};

/// Stands for the server itself; no row has it.
const SYSTEM: i64 = 0;

/// A request of somebody known about a space that is there.
pub(crate) struct Call {
    pub(crate) app: App,
    pub(crate) caller: Caller,
    /// Row id.
    pub(crate) space: i64,
    parameters: Vec<(String, String)>,
}

impl Call {
    /// A parameter of the path; empty when the address has none of that name.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(other, _)| other == name);
        found.map_or("", |(_, value)| value)
    }

    /// What the server does by itself.
    pub(crate) fn of_server(app: &App, space: i64) -> Self {
        Self {
            app: app.clone(),
            caller: Caller {
                user: Arc::new(User {
                    id: SYSTEM,
                    username: "system".to_owned(),
                    password_hash: String::new(),
                    display_name: "The server itself".to_owned(),
                    email: String::new(),
                    is_active: true,
                    is_service: true,
                }),
                credentials: Credentials::ApiKey,
                rights: Arc::new(Rights::of_server(SYSTEM)),
            },
            space,
            parameters: Vec::new(),
        }
    }

    /// The same request, about another space.
    pub(crate) fn in_space(&self, space: i64) -> Self {
        Self {
            app: self.app.clone(),
            caller: self.caller.clone(),
            space,
            parameters: self.parameters.clone(),
        }
    }

    /// The parameter `id`.
    pub(crate) fn id(&self) -> &str {
        self.parameter("id")
    }

    /// `Spaces-1`.
    pub(crate) fn space_id(&self) -> String {
        space_id(self.space)
    }

    /// A change by this caller, to be written down.
    pub(crate) fn event(
        &self,
        category: &'static str,
        document: &str,
        message: String,
    ) -> NewEvent {
        self.caller.event(self.space, category, document, message)
    }
}

/// `Spaces-1` from 1; empty for no space.
pub(crate) fn space_id(row: i64) -> String {
    match row {
        0 => String::new(),
        row => format!("Spaces-{row}"),
    }
}

/// `/api/Spaces-1/` and the rest.
pub(crate) fn link(space: i64, rest: &str) -> String {
    match space {
        0 => format!("/api/{rest}"),
        space => format!("/api/Spaces-{space}/{rest}"),
    }
}

impl FromRequestParts<App> for Call {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let raw = RawPathParams::from_request_parts(parts, app).await;
        let raw = raw.map_err(|error| ApiError::bad(error.body_text()))?;
        let parameters: Vec<(String, String)> = raw
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let named = parameters.iter().find(|(name, _)| name == "space");
        let space = match named {
            Some((_, space)) => find_space(app, space).await?,
            None => 0,
        };
        Ok(Self {
            app: app.clone(),
            caller,
            space,
            parameters,
        })
    }
}

/// A space's row id, from its id or name, or from `default`.
pub(crate) async fn find_space(app: &App, text: &str) -> Result<i64, ApiError> {
    let found = match lookup::row_id("Spaces", text) {
        Some(id) => app.store.document("Spaces", id).await?,
        None => app.store.document_by_name("Spaces", 0, 0, text).await?,
    };
    match found {
        Some(document) => Ok(document.id),
        None => {
            let message =
                format!("There is no space `{text}`; GET /api/spaces lists what there is.");
            Err(ApiError::new(StatusCode::NOT_FOUND, message))
        }
    }
}

/// `?skip=&take=` and the other words of a list's query, in any case.
pub(crate) struct Paging {
    pub(crate) skip: u64,
    pub(crate) take: u64,
    uri: Uri,
    words: HashMap<String, String>,
}

/// Items on a page when the caller names no number.
const PAGE: u64 = 30;

impl Paging {
    /// A word of the query; empty when it is not there.
    pub(crate) fn word(&self, name: &str) -> &str {
        self.words.get(name).map_or("", String::as_str)
    }

    /// Takes a word of the query for another.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        if let Some(value) = self.words.remove(from) {
            self.words.insert(to.to_owned(), value);
        }
    }

    /// The words of a list in the query, separated by commas.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        let words = self.word(name).split(',').map(str::trim);
        words.filter(|word| !word.is_empty()).collect()
    }

    /// For the store.
    pub(crate) fn skip_take(&self) -> (i64, i64) {
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        (number(self.skip), number(self.take))
    }

    /// Cuts one page out of everything.
    pub(crate) fn cut<T>(&self, item_type: &str, all: Vec<T>) -> api::Page<T> {
        let total = all.len() as u64;
        let skip = usize::try_from(self.skip).unwrap_or(usize::MAX);
        let take = usize::try_from(self.take).unwrap_or(usize::MAX);
        let items = all.into_iter().skip(skip).take(take).collect();
        self.page(item_type, items, total)
    }

    /// A page of so many items in all.
    pub(crate) fn page<T>(&self, item_type: &str, items: Vec<T>, total: u64) -> api::Page<T> {
        let size = self.take.max(1);
        let pages = total.div_ceil(size).max(1);
        let last = (pages - 1).saturating_mul(size);
        let link = |skip: u64| {
            let rest = self
                .words
                .iter()
                .filter(|(name, _)| !["skip", "take"].contains(&name.as_str()));
            let mut query: Vec<(&str, String)> = rest
                .map(|(name, value)| (name.as_str(), value.clone()))
                .collect();
            query.sort();
            query.insert(0, ("take", self.take.to_string()));
            query.insert(0, ("skip", skip.to_string()));
            let query = serde_urlencoded::to_string(query).unwrap_or_default();
            format!("{}?{query}", self.uri.path())
        };
        let mut links = vec![
            ("Self", link(self.skip)),
            (
                "Template",
                format!("{}{{?skip,take,ids,partialName}}", self.uri.path()),
            ),
            ("Page.All", link(0)),
            ("Page.Current", link(self.skip)),
            ("Page.Last", link(last)),
        ];
        if self.skip.saturating_add(size) < total {
            links.push(("Page.Next", link(self.skip.saturating_add(size))));
        }
        if self.skip > 0 {
            links.push(("Page.Previous", link(self.skip.saturating_sub(size))));
        }
        api::Page {
            item_type: item_type.to_owned(),
            total_results: total,
            items_per_page: self.take,
            number_of_pages: pages,
            last_page_number: pages - 1,
            items,
            links: links
                .into_iter()
                .map(|(name, path)| (name.to_owned(), path))
                .collect(),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Paging {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let query = Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let Query(query) = query.map_err(|error| ApiError::bad(error.body_text()))?;
        let mut words: HashMap<String, String> = HashMap::new();
        for (name, value) in query {
            // A list may come as one word, or as the same word again.
            let known = words.entry(name.to_lowercase()).or_default();
            if !known.is_empty() {
                known.push(',');
            }
            known.push_str(&value);
        }
        let number = |name: &str, default: u64| match words.get(name).map(String::as_str) {
            None | Some("") => Ok(default),
            Some(text) => text
                .parse()
                .map_err(|_| ApiError::bad(format!("{name}: `{text}` is no number from 0 up."))),
        };
        Ok(Self {
            skip: number("skip", 0)?,
            take: number("take", PAGE)?,
            uri: parts.uri.clone(),
            words,
        })
    }
}
