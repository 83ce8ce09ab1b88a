//! `GET /packages` and `GET /packages/{id}`: the built-in feed.

use askama::Template;
use jiff::Timestamp;

use super::Shell;
use crate::portal::format::{bytes, grouped, plural, shell_word};

/// All packages, narrowed by a search.
#[derive(Debug, Clone, Template)]
#[template(path = "packages.html")]
pub struct PackagesPage {
    /// Around it.
    pub shell: Shell,
    /// From `?q=`; may be empty.
    pub query: String,
    /// Those of this page that match, in the order of their ids.
    pub packages: Vec<PackageRow>,
    /// Those that match on all pages.
    pub matching: u64,
    /// From the query `?page=`, the first is 1.
    pub page: u64,
    /// The last page; at least 1.
    pub pages: u64,
    /// Packages in the whole feed.
    pub total: u64,
    /// This server's address as clients reach it, for the commands to paste.
    pub server_url: String,
}

/// A package in the list.
#[derive(Debug, Clone)]
pub struct PackageRow {
    /// Such as `Acme.Web`.
    pub id: String,
    /// NuGet version.
    pub newest: String,
    /// How many versions there are.
    pub versions: u64,
    /// Bytes of the newest version's archive.
    pub size: u64,
    /// When the newest version was pushed.
    pub published: Timestamp,
}

/// One package with all its versions.
#[derive(Debug, Clone, Template)]
#[template(path = "package.html")]
pub struct PackagePage {
    /// Around it.
    pub shell: Shell,
    /// Such as `Acme.Web`.
    pub id: String,
    /// From the newest nuspec; may be empty.
    pub description: String,
    /// Newest first.
    pub versions: Vec<PackageVersionRow>,
    /// Id and name of each environment that it can go to.
    pub environments: Vec<(String, String)>,
}

/// A version in the list.
#[derive(Debug, Clone)]
pub struct PackageVersionRow {
    /// NuGet version.
    pub version: String,
    /// Bytes of the archive.
    pub size: u64,
    /// When it was pushed.
    pub published: Timestamp,
    /// SHA-256 of the archive, hexadecimal.
    pub hash: String,
    /// Path that downloads it.
    pub download: String,
}

impl PackagesPage {
    fn url(&self, page: u64) -> String {
        let query = [("q", self.query.clone()), ("page", page.to_string())];
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        format!("/packages?{query}")
    }

    fn previous(&self) -> Option<String> {
        (self.page > 1).then(|| self.url(self.page.saturating_sub(1)))
    }

    fn next(&self) -> Option<String> {
        (self.page < self.pages).then(|| self.url(self.page.saturating_add(1)))
    }

    fn position(&self) -> String {
        format!("Page {} of {}", grouped(self.page), grouped(self.pages))
    }

    fn found(&self) -> String {
        let all = plural(usize::try_from(self.total).unwrap_or(usize::MAX), "package");
        if self.query.is_empty() {
            all
        } else {
            format!("{} of {all}", grouped(self.matching))
        }
    }

    fn push_commands(&self) -> String {
        format!(
            "octo package upload --package Acme.Web.1.0.0.nupkg\n\
             nuget push Acme.Web.1.0.0.nupkg -Source {}/nuget/packages -ApiKey API-…",
            self.server_url
        )
    }
}

impl PackageRow {
    fn size(&self) -> String {
        bytes(self.size)
    }
}

impl PackageVersionRow {
    fn size(&self) -> String {
        bytes(self.size)
    }

    /// The first digits: enough to compare by eye, the rest is on hover.
    fn short_hash(&self) -> String {
        self.hash.chars().take(12).collect()
    }
}

impl PackagePage {
    fn deploy_command(&self) -> String {
        let first = self.environments.first();
        let environment = first.and_then(|(_, name)| shell_word(name));
        let environment = environment.as_deref().unwrap_or("ENVIRONMENT");
        format!(
            "octo package deploy {} --environment {environment}",
            self.id
        )
    }
}
