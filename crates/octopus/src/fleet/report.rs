//! What a Tentacle's answer means to the conductor and to the store.

use api::VersionRecord;
use conductor::upgrade::{Record, Report, Standing};
use nupkg::VersionError;
use wire::v1::{StatusResponse, VersionState, version_state};

use crate::store::machines::Seen;

/// For the conductor.
pub fn report(status: &StatusResponse) -> Result<Report, VersionError> {
    let known = |state: &&VersionState| state.standing() != version_state::Standing::Unknown;
    let ledger = status.versions.iter().filter(known).map(record);
    Ok(Report {
        version: status.version.parse()?,
        ledger: ledger.collect::<Result<_, _>>()?,
    })
}

fn record(state: &VersionState) -> Result<Record, VersionError> {
    Ok(Record {
        version: state.version.parse()?,
        ticket: state.ticket.clone(),
        standing: match state.standing() {
            version_state::Standing::Good => Standing::Good,
            version_state::Standing::Bad => Standing::Bad {
                reason: state.reason.clone(),
                detail: state.detail.clone(),
                last_lines: state.last_lines.clone(),
            },
            _ => Standing::Trial,
        },
    })
}

/// For the store.
pub(super) fn seen(status: &StatusResponse) -> Seen {
    let versions = status.versions.iter().map(|state| VersionRecord {
        version: state.version.clone(),
        standing: match state.standing() {
            version_state::Standing::Unknown => "Unknown",
            version_state::Standing::Trial => "Trial",
            version_state::Standing::Good => "Good",
            version_state::Standing::Bad => "Bad",
        }
        .to_owned(),
        reason: state.reason.clone(),
        detail: state.detail.clone(),
        last_lines: state.last_lines.clone(),
    });
    Seen {
        version: status.version.clone(),
        rid: status.rid.clone(),
        operating_system: status.operating_system.clone(),
        versions: versions.collect(),
    }
}
