//! Feeds of others. Their passwords are sealed, and never come out.

use api::{Feed, SensitiveValue};

use super::{BUILT_IN, links};
use crate::{
    error::ApiError,
    lookup,
    rest::{
        call::{Call, space_id},
        documents::Resource,
        mistakes::{Mistakes, shown},
    },
    store::documents::Document,
};

/// To what a sealed password belongs.
const SECRET: &str = "feeds.password";

impl Resource for Feed {
    const KIND: &'static str = "Feeds";
    const TYPE: &'static str = "Feed";
    const WHAT: &'static str = "feed";

    fn name(&self) -> &str {
        &self.name
    }

    fn place(&mut self, document: &Document) {
        self.id = document.public_id();
        self.space_id = space_id(document.space_id);
        self.links = links(document.space_id, &self.id);
        if let Some(password) = &mut self.password {
            password.new_value = None;
        }
    }

    async fn check(&mut self, call: &Call, before: Option<&Self>) -> Result<(), ApiError> {
        let mut mistakes = Mistakes::default();
        mistakes.name("Name", &self.name);
        if !self.feed_type.eq_ignore_ascii_case("NuGet") {
            mistakes.add(format!(
                "FeedType `{}`: this server takes NuGet feeds beside its own ({BUILT_IN}).",
                shown(&self.feed_type)
            ));
        }
        "NuGet".clone_into(&mut self.feed_type);
        let uri = self.feed_uri.clone().unwrap_or_default();
        if !is_address(&uri) {
            mistakes.add(format!(
                "FeedUri `{}`: an address such as https://host/v3/index.json, without a password.",
                shown(&uri)
            ));
        }
        let username = self.username.as_deref().unwrap_or_default();
        if username.chars().count() > 200 || username.chars().any(char::is_control) {
            mistakes.add(format!(
                "Username `{}`: at most 200 characters on one line.",
                shown(username)
            ));
        }
        limit(
            "DownloadAttempts",
            *self.download_attempts.get_or_insert(5),
            1..=100,
            &mut mistakes,
        );
        limit(
            "DownloadRetryBackoffSeconds",
            *self.download_retry_backoff_seconds.get_or_insert(10),
            0..=3600,
            &mut mistakes,
        );
        self.package_acquisition_location_options = vec!["Server".to_owned()];
        mistakes.check()?;
        let known = match before {
            Some(before) => sealed(call, &before.id).await?,
            None => None,
        };
        let new_value = match self.password.take() {
            Some(SensitiveValue {
                new_value: Some(plain),
                ..
            }) if !plain.is_empty() => Some(call.app.store.seal(SECRET, &plain)?),
            Some(SensitiveValue {
                has_value: true, ..
            }) => known,
            Some(_) => None,
            // As Octopus does: what is not mentioned stays.
            None => known,
        };
        self.password = new_value.map(|sealed| SensitiveValue {
            has_value: true,
            new_value: Some(sealed),
        });
        Ok(())
    }
}

/// The password as stored: what comes out of a feed otherwise has none.
async fn sealed(call: &Call, id: &str) -> Result<Option<String>, ApiError> {
    let row = lookup::row_id(Feed::KIND, id).unwrap_or(0);
    let Some(document) = call.app.store.document(Feed::KIND, row).await? else {
        return Ok(None);
    };
    let feed: Feed =
        serde_json::from_str(&document.body).map_err(|error| ApiError::internal(&error))?;
    Ok(feed.password.and_then(|password| password.new_value))
}

fn is_address(text: &str) -> bool {
    let Ok(uri) = text.parse::<axum::http::Uri>() else {
        return false;
    };
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    let has_password = uri
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'));
    is_web && !has_password && uri.host().is_some_and(|host| !host.is_empty())
}

fn limit(field: &str, number: u32, range: std::ops::RangeInclusive<u32>, mistakes: &mut Mistakes) {
    if !range.contains(&number) {
        mistakes.add(format!(
            "{field} `{number}`: a number from {} to {}.",
            range.start(),
            range.end()
        ));
    }
}
