//! What builds tell about their packages. Releases carry what was told of theirs.

use api::{BuildInformation, DeploymentProcess, NewBuildInformation, Page, SelectedPackage};
use axum::{Json, http::StatusCode};
use nupkg::{NuGetVersion, PackageId};
use serde_json::{Value, json};

use super::{
    Body,
    call::{Call, Paging, space_id},
    convert,
    documents::{self, Resource, every, find, from_document, links, one},
    mistakes::{Mistakes, shown},
};
use crate::{
    error::ApiError,
    feed::Overwrite,
    store::{
        self,
        documents::{Document, NewDocument},
    },
};

/// Longest text of a field, and most commits.
const TEXT: usize = 2000;
const COMMITS: usize = 1000;

impl Resource for BuildInformation {
    const KIND: &'static str = "BuildInformation";
    const TYPE: &'static str = "OctopusPackageVersionBuildInformation";
    const WHAT: &'static str = "build information";
    const NEWEST_FIRST: bool = true;

    fn name(&self) -> &str {
        &self.id
    }

    fn place(&mut self, document: &Document) {
        self.id = document.public_id();
        self.space_id = space_id(document.space_id);
        let own = format!("build-information/{}", self.id);
        self.links = links(document.space_id, &[("Self", own)]);
    }

    async fn check(&mut self, _call: &Call, _before: Option<&Self>) -> Result<(), ApiError> {
        let mut mistakes = Mistakes::default();
        match self.package_id.parse::<PackageId>() {
            Ok(id) => self.package_id = id.to_string(),
            Err(error) => mistakes.add(format!("PackageId `{}`: {error}", shown(&self.package_id))),
        }
        match self.version.parse::<NuGetVersion>() {
            Ok(version) => self.version = version.to_string(),
            Err(error) => mistakes.add(format!("Version `{}`: {error}", shown(&self.version))),
        }
        for (field, text) in [
            ("Branch", &self.branch),
            ("BuildEnvironment", &self.build_environment),
            ("BuildNumber", &self.build_number),
            ("BuildUrl", &self.build_url),
            ("VcsType", &self.vcs_type),
            ("VcsRoot", &self.vcs_root),
            ("VcsCommitNumber", &self.vcs_commit_number),
        ] {
            if text.chars().count() > TEXT {
                mistakes.add(format!(
                    "OctopusBuildInformation.{field} `{}`: at most {TEXT} characters.",
                    shown(text)
                ));
            }
        }
        if self.commits.len() > COMMITS {
            mistakes.add(format!(
                "OctopusBuildInformation.Commits: at most {COMMITS} commits."
            ));
        }
        self.created = convert::time(store::now_ms());
        self.id = key(&self.package_id, &self.version);
        mistakes.check()
    }
}

/// What a package's build information is kept under.
fn key(package: &str, version: &str) -> String {
    format!("{package} {version}")
}

/// `POST`, with `?overwriteMode=` as packages have it.
pub(super) async fn create(
    call: Call,
    paging: Paging,
    Body(new): Body<NewBuildInformation>,
) -> Result<(StatusCode, Json<BuildInformation>), ApiError> {
    let mode = Overwrite::read(paging.word("overwritemode"))?;
    let mut told = BuildInformation {
        package_id: new.package_id,
        version: new.version,
        ..new.octopus_build_information
    };
    told.check(&call, None).await?;
    let store = &call.app.store;
    let name = told.id.clone();
    let kind = BuildInformation::KIND;
    let known = store.document_by_name(kind, call.space, 0, &name).await?;
    let (status, row) = match known {
        Some(known) => {
            match mode {
                Overwrite::Replace => {
                    let words = format!("The build information of {name} was replaced.");
                    let event = call.event("Modified", &known.public_id(), words);
                    let body = documents::stored(&told)?;
                    let changed =
                        store.change_document(known.id, known.revision, &name, &body, &event);
                    if !changed.await? {
                        return Err(documents::overtaken(BuildInformation::WHAT));
                    }
                }
                Overwrite::Ignore => {}
                Overwrite::Fail => {
                    let message = format!(
                        "Build information of {name} is there already; add \
                         ?overwriteMode=OverwriteExisting to replace it."
                    );
                    return Err(ApiError::new(StatusCode::CONFLICT, message));
                }
            }
            (StatusCode::OK, known.id)
        }
        None => {
            let words = format!("Build information of {name} was pushed.");
            let event = call.event("Created", "", words);
            let document = NewDocument {
                kind,
                space_id: call.space,
                owner_id: 0,
                name: name.clone(),
                body: documents::stored(&told)?,
            };
            let id = store.create_document(&document, &[], &event).await?;
            (StatusCode::CREATED, id)
        }
    };
    let document = store.document(kind, row).await?;
    let document = document.ok_or_else(|| ApiError::not_found(BuildInformation::WHAT, &name))?;
    Ok((status, Json(from_document(&document)?)))
}

/// `GET`: the newest first, of one package with `?packageId=`.
pub(super) async fn list(
    call: Call,
    paging: Paging,
) -> Result<Json<Page<BuildInformation>>, ApiError> {
    let (id, part) = (
        paging.word("packageid"),
        paging.word("filter").to_lowercase(),
    );
    let only_latest = paging.word("latest").eq_ignore_ascii_case("true");
    let mut told = every::<BuildInformation>(&call, None).await?;
    told.retain(|one| {
        (id.is_empty() || one.package_id.eq_ignore_ascii_case(id))
            && one.package_id.to_lowercase().contains(&part)
    });
    if only_latest {
        let mut seen = std::collections::HashSet::new();
        told.retain(|one| seen.insert(one.package_id.to_lowercase()));
    }
    Ok(Json(paging.cut(BuildInformation::TYPE, told)))
}

/// `GET` of one.
pub(super) async fn get(call: Call) -> Result<Json<BuildInformation>, ApiError> {
    one(call).await
}

/// `DELETE` of one.
pub(super) async fn remove(call: Call) -> Result<Json<Value>, ApiError> {
    let (document, told) = find::<BuildInformation>(&call, call.id()).await?;
    let name = key(&told.package_id, &told.version);
    let words = format!("The build information of {name} was deleted.");
    let event = call.event("Deleted", &document.public_id(), words);
    call.app.store.delete_document(document.id, &event).await?;
    Ok(Json(json!({})))
}

/// What was told of the packages of a release so far.
pub(super) async fn of_packages(
    call: &Call,
    process: &DeploymentProcess,
    selected: &[SelectedPackage],
) -> Result<Vec<BuildInformation>, ApiError> {
    let actions = || process.steps.iter().flat_map(|step| &step.actions);
    let mut found: Vec<BuildInformation> = Vec::new();
    for package in selected {
        let action = actions().find(|action| action.name == package.action_name);
        let packages = action.map_or(&[][..], |action| &action.packages);
        let reference = packages
            .iter()
            .find(|one| one.name == package.package_reference_name);
        let Some(reference) = reference else { continue };
        let Ok(version) = package.version.parse::<NuGetVersion>() else {
            continue;
        };
        let name = key(&reference.package_id, &version.to_string());
        let kind = BuildInformation::KIND;
        let store = &call.app.store;
        let document = store.document_by_name(kind, call.space, 0, &name).await?;
        if let Some(document) = document {
            let told: BuildInformation = from_document(&document)?;
            if !found.iter().any(|one| one.id == told.id) {
                found.push(told);
            }
        }
    }
    Ok(found)
}
