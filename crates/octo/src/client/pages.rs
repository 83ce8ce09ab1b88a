//! Collections that come in pages.

use api::Page;
use serde::de::DeserializeOwned;

use super::{Client, ClientError};

/// Items asked for at a time; the server may give fewer.
const PAGE: &str = "500";

impl Client {
    /// Every item of a paged collection.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub(crate) fn all<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, ClientError> {
        let mut items: Vec<T> = Vec::new();
        loop {
            let skip = items.len().to_string();
            let mut query = query.to_vec();
            query.extend([("skip", skip.as_str()), ("take", PAGE)]);
            let page: Page<T> = self.get(path, &query)?;
            // An empty page ends it whatever the total says: items may go while we read.
            let last = page.items.is_empty();
            items.extend(page.items);
            if last || items.len() as u64 >= page.total_results {
                return Ok(items);
            }
        }
    }
}
