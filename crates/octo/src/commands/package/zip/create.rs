//! `octo package zip create`.

use clap::Args;
use nupkg::{PackageBuilder, PackageExtension};

use crate::commands::package::create::Creation;
use crate::error::Error;
use crate::session::Session;

/// Makes a zip package from the files of a folder.
///
/// Its id and version are in its file name alone. The same files give the same bytes. Packages
/// of the same id in the output folder are left out.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo package zip create --id Acme.Web --version 1.2.0 --base-path publish --out-folder out
  octo package zip create --id Acme.Web --version 1.2.0 --include '**/*.html' --overwrite")]
pub(crate) struct Arguments {
    #[command(flatten)]
    creation: Creation,
}

/// Makes it.
pub(crate) fn run(mut arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let name = arguments.creation.name(PackageExtension::Zip, session)?;
    arguments
        .creation
        .create(&name, PackageBuilder::zip(), session)
}
