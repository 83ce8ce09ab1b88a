//! What of a release may change: its notes at any time; its number and packages until it is deployed.

use api::{Channel, Release};

use super::{super::find, choice};
use crate::{
    error::ApiError,
    lookup,
    rest::{
        builds,
        call::Call,
        mistakes::{Mistakes, shown},
    },
};

/// Checks a new state of a release, and takes over what does not change.
pub(super) async fn check(
    call: &Call,
    new: &mut Release,
    before: &Release,
) -> Result<(), ApiError> {
    let row = lookup::row_id("Releases", &before.id).unwrap_or(0);
    let document = call.app.store.document("Releases", row).await?;
    let document = document.ok_or_else(|| ApiError::not_found("release", &before.id))?;
    // What is shown lacks the snapshot.
    let kept: Release =
        serde_json::from_str(&document.body).map_err(|error| ApiError::internal(&error))?;
    let mut mistakes = Mistakes::default();
    for (field, given, kept) in [
        ("ProjectId", &mut new.project_id, &kept.project_id),
        ("ChannelId", &mut new.channel_id, &kept.channel_id),
    ] {
        if !given.is_empty() && !given.eq_ignore_ascii_case(kept) {
            mistakes.add(format!(
                "{field} `{}`: a release stays where it was made ({kept}).",
                shown(given)
            ));
        }
        given.clone_from(kept);
    }
    let (_, channel) = find::<Channel>(call, &kept.channel_id).await?;
    let snapshot = kept.snapshot.clone().unwrap_or_default();
    if new.selected_packages.is_empty() {
        new.selected_packages.clone_from(&kept.selected_packages);
    }
    if new.version.trim().is_empty() {
        new.version.clone_from(&kept.version);
    }
    if new.selected_packages != kept.selected_packages {
        new.selected_packages =
            choice::packages(call, new, &channel, &snapshot.process, &mut mistakes).await?;
    }
    // Who deploys it after this look is found when the change is stored.
    if !call.app.store.ordered_to(row).await?.is_empty() {
        for field in of_fixed(new, &kept) {
            mistakes.add(format!(
                "{field}: the release has been deployed, so only its notes can change; make another release."
            ));
        }
    }
    mistakes.check()?;
    if new.version != kept.version {
        new.version = choice::valid(new.version.trim())?;
    }
    let mut build_information = kept.build_information.clone();
    if new.selected_packages != kept.selected_packages {
        build_information =
            builds::of_packages(call, &snapshot.process, &new.selected_packages).await?;
    }
    *new = Release {
        build_information,
        version: std::mem::take(&mut new.version),
        release_notes: std::mem::take(&mut new.release_notes),
        ignore_channel_rules: new.ignore_channel_rules,
        selected_packages: std::mem::take(&mut new.selected_packages),
        ..kept
    };
    Ok(())
}

/// The fields that differ and that no deployed release may change.
pub(super) fn of_fixed(new: &Release, kept: &Release) -> impl Iterator<Item = &'static str> {
    let differs = [
        ("Version", new.version != kept.version),
        (
            "SelectedPackages",
            new.selected_packages != kept.selected_packages,
        ),
    ];
    let fields = differs.into_iter().filter(|(_, differs)| *differs);
    fields.map(|(field, _)| field)
}
