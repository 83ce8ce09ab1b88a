//! What a release chooses: a version of each package, and its own number.

use api::{
    Channel, DeploymentProcess, PackageReference, Project, Release, SelectedPackage, process,
};
use nupkg::NuGetVersion;

use crate::{
    error::ApiError,
    lookup,
    rest::{
        call::Call,
        mistakes::{Mistakes, shown},
    },
    store::documents::Wanted,
};

/// One version for each package of the process: the one that was asked for, or the newest that
/// the channel lets in.
pub(super) async fn packages(
    call: &Call,
    release: &Release,
    channel: &Channel,
    process: &DeploymentProcess,
    mistakes: &mut Mistakes,
) -> Result<Vec<SelectedPackage>, ApiError> {
    let mut chosen = Vec::new();
    let actions = process.steps.iter().flat_map(|step| &step.actions);
    for action in actions.filter(|action| action.action_type == process::TENTACLE_PACKAGE) {
        for package in &action.packages {
            let asked = release.selected_packages.iter().find(|one| {
                one.action_name.eq_ignore_ascii_case(&action.name)
                    && one
                        .package_reference_name
                        .eq_ignore_ascii_case(&package.name)
            });
            let version = match asked {
                Some(one) => {
                    given(call, release, channel, &action.name, package, &one.version).await?
                }
                None => newest(call, release, channel, &action.name, package).await?,
            };
            match version {
                Ok(version) => chosen.push(SelectedPackage {
                    action_name: action.name.clone(),
                    package_reference_name: package.name.clone(),
                    version,
                }),
                Err(mistake) => {
                    mistakes.add(format!("SelectedPackages `{}`: {mistake}", action.name))
                }
            }
        }
    }
    Ok(chosen)
}

async fn given(
    call: &Call,
    release: &Release,
    channel: &Channel,
    action: &str,
    package: &PackageReference,
    version: &str,
) -> Result<Result<String, String>, ApiError> {
    let found = lookup::package(&call.app, Some(&package.package_id), Some(version)).await?;
    let found = match found {
        Ok(found) => found,
        Err(why) => return Ok(Err(why)),
    };
    let Ok(version) = found.version.parse::<NuGetVersion>() else {
        return Ok(Err(format!("version {} can't be read.", found.version)));
    };
    Ok(
        match admitted(release, channel, action, package, &version) {
            Ok(()) => Ok(found.version),
            Err(why) => Err(format!(
                "{why}, as a rule of the channel {} wants; IgnoreChannelRules passes it over.",
                channel.name
            )),
        },
    )
}

async fn newest(
    call: &Call,
    release: &Release,
    channel: &Channel,
    action: &str,
    package: &PackageReference,
) -> Result<Result<String, String>, ApiError> {
    let shelf = call.app.shelf().await?;
    let versions = shelf.of(&package.package_id).iter();
    let best = versions
        .map(|item| &item.version)
        .filter(|version| admitted(release, channel, action, package, version).is_ok())
        .max_by_key(|version| (!version.is_prerelease(), *version));
    Ok(best.map(|version| version.to_string()).ok_or_else(|| {
        format!(
            "the feed has no version of the package {} that the channel {} lets in; push one first.",
            shown(&package.package_id),
            channel.name
        )
    }))
}

fn admitted(
    release: &Release,
    channel: &Channel,
    action: &str,
    package: &PackageReference,
    version: &NuGetVersion,
) -> Result<(), conductor::release::RuleError> {
    if release.ignore_channel_rules {
        return Ok(());
    }
    let rules = channel.rules.iter().filter(|rule| {
        rule.action_packages.iter().any(|one| {
            one.deployment_action.eq_ignore_ascii_case(action)
                && one.package_reference.eq_ignore_ascii_case(&package.name)
        })
    });
    for rule in rules {
        conductor::release::admit(version, &rule.version_range, &rule.tag)?;
    }
    Ok(())
}

/// The release's number: as given, as its donor package has it, or as the template counts on.
pub(super) async fn number(
    call: &Call,
    release: &Release,
    project: &Project,
    owner: i64,
) -> Result<String, ApiError> {
    let strategy = &project.versioning_strategy;
    let number = match (release.version.trim(), &strategy.donor_package) {
        ("", Some(donor)) => {
            let mut chosen = release.selected_packages.iter();
            let found = chosen.find(|one| {
                one.action_name
                    .eq_ignore_ascii_case(&donor.deployment_action)
                    && one
                        .package_reference_name
                        .eq_ignore_ascii_case(&donor.package_reference)
            });
            found.map(|one| one.version.clone()).ok_or_else(|| {
                let text = format!(
                    "VersioningStrategy.DonorPackage `{}`: the release holds no such package.",
                    donor.deployment_action
                );
                ApiError::bad(text)
            })?
        }
        ("", None) => {
            let wanted = Wanted {
                kind: "Releases",
                space_id: call.space,
                owner_id: Some(owner),
                part: "",
                newest_first: true,
            };
            let (last, _) = call.app.store.documents(wanted, 0, 1).await?;
            let last = last.first().and_then(|document| document.name.parse().ok());
            conductor::release::next(&strategy.template, last.as_ref())
                .map_err(|error| ApiError::bad(format!("Version: {error}")))?
        }
        (given, _) => given.to_owned(),
    };
    valid(&number)
}

/// A number that is one.
pub(super) fn valid(number: &str) -> Result<String, ApiError> {
    match number.parse::<NuGetVersion>() {
        Ok(_) => Ok(number.to_owned()),
        Err(error) => Err(ApiError::bad(format!(
            "Version `{}`: {error}",
            shown(number)
        ))),
    }
}
