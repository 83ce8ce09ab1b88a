//! What a build tells about the package that it made.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Links;

/// What a build told: `GET /api/{space}/build-information`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct BuildInformation {
    /// `BuildInformation-1`.
    pub id: String,
    /// `Spaces-1`.
    pub space_id: String,
    /// The package's id.
    pub package_id: String,
    /// The package's version.
    pub version: String,
    /// Such as `main`.
    pub branch: String,
    /// Such as `TeamCity`.
    pub build_environment: String,
    /// The build's own number.
    pub build_number: String,
    /// The build's page.
    pub build_url: String,
    /// Such as `Git`.
    pub vcs_type: String,
    /// The repository's address.
    pub vcs_root: String,
    /// What was built.
    pub vcs_commit_number: String,
    /// What was built, as a link.
    pub vcs_commit_url: String,
    /// What is new in it.
    pub commits: Vec<Commit>,
    /// Issues that the commits name.
    pub work_items: Vec<WorkItem>,
    /// Which tracker the issues are in.
    pub issue_tracker_id: String,
    /// What could not be found out.
    pub incomplete_data_warning: String,
    /// RFC 3339.
    pub created: String,
    /// `Self`.
    pub links: Links,
}

/// A commit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct Commit {
    /// Its hash.
    pub id: String,
    /// Its message.
    pub comment: String,
    /// Its page.
    pub link_url: String,
}

/// An issue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct WorkItem {
    /// Its number.
    pub id: String,
    /// Its title.
    pub description: String,
    /// Its page.
    pub link_url: String,
}

/// What a build tells: `POST /api/{space}/build-information`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", default)]
pub struct NewBuildInformation {
    /// The package's id; it may come to the feed later.
    #[schemars(required)]
    pub package_id: String,
    /// NuGet version.
    #[schemars(required)]
    pub version: String,
    /// The rest.
    #[schemars(required)]
    pub octopus_build_information: BuildInformation,
}
