//! `SearchQueryService` and `SearchAutocompleteService`.

use axum::{
    Json,
    extract::{Query, State},
};
use nupkg::Nuspec;
use serde::Deserialize;
use serde_json::{Value, json};

use super::item::{Hive, described};
use crate::{
    app::App,
    nuget::{
        access::Client,
        address::Base,
        catalog::{self, Entry, Reach, is_same_id},
        manifest,
        refusal::Refusal,
        v2::options::knows_semver2,
    },
    store,
};

/// Most packages in one answer, as the protocol recommends.
const MAX_TAKE: usize = 1000;

/// What a search is asked with.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::nuget) struct Asked {
    #[serde(default)]
    q: String,
    /// For autocompletion: the package whose versions are wanted.
    id: Option<String>,
    #[serde(default)]
    skip: usize,
    #[serde(default = "twenty")]
    take: usize,
    #[serde(default)]
    prerelease: bool,
    #[serde(default)]
    sem_ver_level: String,
}

fn twenty() -> usize {
    20
}

impl Asked {
    fn reach(&self) -> Reach {
        Reach {
            semver2: knows_semver2(&self.sem_ver_level),
            prerelease: self.prerelease,
            unlisted: false,
        }
    }

    /// What is found, each package with all of its versions, oldest first: the one with the very
    /// id that was looked for leads, the others follow by id.
    async fn found(&self, app: &App) -> store::Result<Vec<Vec<Entry>>> {
        let entries = catalog::entries(app.shelf().await?.all(), self.reach());
        let words = catalog::words(&self.q);
        let is_hit = |versions: &&[Entry]| versions.last().is_some_and(|last| last.matches(&words));
        let found = entries.chunk_by(is_same_id).filter(is_hit);
        let mut found: Vec<Vec<Entry>> = found.map(<[Entry]>::to_vec).collect();
        let exact = self.q.trim().to_lowercase();
        found.sort_by_key(|versions| {
            let newest = versions.last();
            newest.is_none_or(|newest| newest.key != exact)
        });
        Ok(found)
    }

    fn cut<T>(&self, all: Vec<T>) -> Vec<T> {
        let take = self.take.min(MAX_TAKE);
        all.into_iter().skip(self.skip).take(take).collect()
    }
}

/// `?q=&skip=&take=&prerelease=&semVerLevel=`.
pub(in crate::nuget) async fn search(
    State(app): State<App>,
    _client: Client,
    base: Base,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, Refusal> {
    let found = asked.found(&app).await?;
    let total = found.len();
    let page = asked.cut(found);
    let newest: Vec<Entry> = page
        .iter()
        .filter_map(|versions| versions.last())
        .cloned()
        .collect();
    let hive = Hive::new(asked.reach().semver2);
    let newest = manifest::with(&app, &newest).await?;
    let data = page.iter().zip(&newest);
    let data = data.map(|(versions, (entry, nuspec))| hit(&base, hive, versions, entry, nuspec));
    Ok(Json(
        json!({ "totalHits": total, "data": data.collect::<Vec<_>>() }),
    ))
}

fn hit(base: &Base, hive: Hive, versions: &[Entry], newest: &Entry, nuspec: &Nuspec) -> Value {
    let index = hive.index(base, &newest.package.package_id);
    let mut hit = described(newest, nuspec);
    let versions = versions.iter().map(|entry| {
        let own = hive.leaf(base, entry);
        json!({ "@id": own, "version": entry.package.version, "downloads": 0 })
    });
    let types = nuspec.package_types.iter().map(|kind| kind.name.as_str());
    let mut types: Vec<&str> = types.collect();
    if types.is_empty() {
        types.push("Dependency");
    }
    let types = types.into_iter().map(|name| json!({ "name": name }));
    hit.extend([
        ("@id".to_owned(), json!(index)),
        ("@type".to_owned(), json!("Package")),
        ("authors".to_owned(), json!(nuspec.authors)),
        ("packageTypes".to_owned(), types.collect()),
        ("registration".to_owned(), json!(index)),
        ("totalDownloads".to_owned(), json!(0)),
        ("verified".to_owned(), json!(false)),
        ("versions".to_owned(), versions.collect()),
    ]);
    Value::Object(hit)
}

/// `?q=` for ids, `?id=` for the versions of one.
pub(in crate::nuget) async fn autocomplete(
    State(app): State<App>,
    _client: Client,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, Refusal> {
    if let Some(id) = &asked.id {
        let entries = catalog::entries(app.shelf().await?.of(id), asked.reach());
        let versions: Vec<String> = entries
            .into_iter()
            .map(|entry| entry.package.version.clone())
            .collect();
        return Ok(Json(
            json!({ "totalHits": versions.len(), "data": versions }),
        ));
    }
    let entries = catalog::entries(app.shelf().await?.all(), asked.reach());
    let newest = entries.chunk_by(is_same_id).filter_map(<[Entry]>::last);
    let part = asked.q.trim().to_lowercase();
    let ids = newest.map(|newest| newest.package.package_id.clone());
    let ids: Vec<String> = ids.filter(|id| id.to_lowercase().contains(&part)).collect();
    Ok(Json(
        json!({ "totalHits": ids.len(), "data": asked.cut(ids) }),
    ))
}
