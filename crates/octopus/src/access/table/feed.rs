//! Packages, by Octopus's protocol and NuGet's.

use api::{BuildInformation, NewBuildInformation, Package};
use serde_json::Value;

use super::{
    Access::Open,
    needs,
    row::{Content, Row},
};
use crate::access::Permission as P;

const READ: super::Access = needs(P::BuiltInFeedDownload);
const PUSH: super::Access = needs(P::BuiltInFeedPush);

pub(super) const ROWS: &[Row] =
    &[
        Row::get("/api/{space}/packages", READ).pages::<Package>(&[
            "filter",
            "latest",
            "nuGetPackageId",
        ]),
        Row::get("/api/{space}/packages/{id}", READ).gives::<Package>(),
        Row::delete(
            "/api/{space}/packages/{id}",
            needs(P::BuiltInFeedAdminister),
        )
        .gives::<Value>(),
        Row::post("/api/{space}/packages/raw", PUSH)
            .upload()
            .gives::<Package>()
            .or(200)
            .query(&["overwriteMode", "replace"]),
        Row::get("/api/{space}/packages/{id}/{version}/raw", READ).sends(Content::Bytes),
        Row::get("/api/{space}/packages/{id}/{version}/delta-signature", PUSH).gives::<Value>(),
        Row::post("/api/{space}/packages/{id}/{version}/delta", PUSH)
            .upload()
            .gives::<Package>()
            .or(200)
            .query(&["overwriteMode", "replace"]),
        Row::get("/api/{space}/build-information", needs(P::FeedView))
            .pages::<BuildInformation>(&["packageId", "filter", "latest"]),
        Row::post(
            "/api/{space}/build-information",
            needs(P::BuildInformationPush),
        )
        .takes::<NewBuildInformation>()
        .gives::<BuildInformation>()
        .or(200)
        .query(&["overwriteMode"]),
        Row::get("/api/{space}/build-information/{id}", needs(P::FeedView))
            .gives::<BuildInformation>(),
        Row::delete(
            "/api/{space}/build-information/{id}",
            needs(P::BuildInformationAdminister),
        )
        .gives::<Value>(),
        Row::get("/nuget/v3/index.json", READ).unlisted(),
        Row::get("/nuget/v3/search", READ).unlisted(),
        Row::get("/nuget/v3/autocomplete", READ).unlisted(),
        Row::get("/nuget/v3/registration/{id}/index.json", READ).unlisted(),
        Row::get("/nuget/v3/registration/{id}/page/{version}", READ).unlisted(),
        Row::get("/nuget/v3/registration/{id}/{version}", READ).unlisted(),
        Row::get("/nuget/v3/registration-semver2/{id}/index.json", READ).unlisted(),
        Row::get("/nuget/v3/registration-semver2/{id}/page/{version}", READ).unlisted(),
        Row::get("/nuget/v3/registration-semver2/{id}/{version}", READ).unlisted(),
        Row::get("/nuget/v3/flat/{id}/index.json", READ).unlisted(),
        Row::get("/nuget/v3/flat/{id}/{version}/{name}", READ).unlisted(),
        Row::put("/nuget/v3/package", PUSH).unlisted(),
        Row::put("/nuget/v3/package/", PUSH).unlisted(),
        Row::delete("/nuget/v3/package/{id}/{version}", PUSH).unlisted(),
        Row::post("/nuget/v3/package/{id}/{version}", PUSH).unlisted(),
        Row::put("/api/v2/package", PUSH).unlisted(),
        Row::put("/api/v2/package/", PUSH).unlisted(),
        Row::delete("/api/v2/package/{id}/{version}", PUSH).unlisted(),
        Row::post("/api/v2/package/{id}/{version}", PUSH).unlisted(),
        Row::get("/nuget/v2", READ).unlisted(),
        Row::put("/nuget/v2", PUSH).unlisted(),
        Row::get("/nuget/v2/", READ).unlisted(),
        Row::put("/nuget/v2/", PUSH).unlisted(),
        Row::get("/nuget/v2/$metadata", READ).unlisted(),
        Row::get("/nuget/v2/{id}", READ).unlisted(),
        Row::get("/nuget/v2/{id}/{version}", READ).unlisted(),
        Row::delete("/nuget/v2/{id}/{version}", PUSH).unlisted(),
        Row::post("/nuget/v2/{id}/{version}", PUSH).unlisted(),
        Row::get("/nuget/v2/package/{id}/{version}", READ).unlisted(),
        // NuGet 2.8 looks here without its key before it pushes.
        Row::get("/nuget/packages", Open).unlisted(),
        Row::put("/nuget/packages", PUSH).unlisted(),
        Row::post("/nuget/packages", PUSH).unlisted(),
        Row::get("/nuget/packages/", Open).unlisted(),
        Row::put("/nuget/packages/", PUSH).unlisted(),
        Row::post("/nuget/packages/", PUSH).unlisted(),
        Row::get("/nuget/packages/$metadata", READ).unlisted(),
        Row::get("/nuget/packages/{id}", READ).unlisted(),
        Row::get("/nuget/packages/{id}/{version}", READ).unlisted(),
        Row::delete("/nuget/packages/{id}/{version}", PUSH).unlisted(),
        Row::post("/nuget/packages/{id}/{version}", PUSH).unlisted(),
        Row::get("/nuget/packages/package/{id}/{version}", READ).unlisted(),
    ];
