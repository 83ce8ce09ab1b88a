//! `octo package inspect`.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use nupkg::{License, Nuspec};
use serde::Serialize;

use super::open::open;
use crate::error::Error;
use crate::output::{Cell, Format, size};
use crate::session::Session;

mod entry;

use entry::Row;

/// Shows what a package file holds, without extracting it.
///
/// The format basic lists the files that a deployment would extract. The format json gives all
/// that the nuspec says.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo package inspect Acme.Web.1.2.0.nupkg
  octo package inspect Acme.Web.1.2.0.nupkg -f basic | grep -i config
  octo package inspect Acme.Web.1.2.0.zip -f json")]
pub(crate) struct Arguments {
    /// The package file.
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct About {
    package_id: Option<String>,
    version: Option<String>,
    package_size_bytes: u64,
    metadata: Option<Metadata>,
    entries: Vec<Row>,
}

/// What people want to know of a nuspec.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    title: Option<String>,
    authors: Vec<String>,
    description: Option<String>,
    release_notes: Option<String>,
    project_url: Option<String>,
    license: Option<String>,
    copyright: Option<String>,
    tags: Vec<String>,
    dependencies: Vec<Dependency>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Dependency {
    package_id: String,
    version_range: String,
    target_framework: Option<String>,
}

/// Shows it.
pub(crate) fn run(arguments: &Arguments, session: &Session<'_>) -> Result<(), Error> {
    let package = open(&arguments.file)?;
    let about = About {
        package_id: package.id,
        version: package.version,
        package_size_bytes: package.bytes,
        metadata: package.nuspec.map(Metadata::from),
        entries: package.archive.entries().iter().map(Row::from).collect(),
    };
    let output = &session.output;
    match output.format() {
        Format::Basic => output.lines(about.entries.iter().filter_map(Row::content_file))?,
        Format::Json => output.record(&about, "", Vec::new())?,
        Format::Table => {
            output.record(&about, "", about.fields())?;
            output.lines([""])?;
            let header = &["Path", "Size", "Mode", "Kind"];
            output.list(&about.entries, header, Row::path, Row::cells)?;
        }
    }
    Ok(())
}

impl About {
    fn fields(&self) -> Vec<(&'static str, Cell)> {
        let optional = |text: &Option<String>| Cell::from(text.as_deref().unwrap_or_default());
        let mut fields = vec![
            ("Package", optional(&self.package_id)),
            ("Version", optional(&self.version)),
            ("Size", size(self.package_size_bytes).into()),
        ];
        if let Some(nuspec) = &self.metadata {
            fields.extend([
                ("Title", optional(&nuspec.title)),
                ("Authors", nuspec.authors.join(", ").into()),
                ("Description", optional(&nuspec.description)),
                ("Release notes", optional(&nuspec.release_notes)),
                ("Project", optional(&nuspec.project_url)),
                ("License", optional(&nuspec.license)),
                ("Copyright", optional(&nuspec.copyright)),
                ("Tags", nuspec.tags.join(", ").into()),
            ]);
            fields.extend(nuspec.dependencies.iter().map(|needed| {
                let mut text = format!("{} {}", needed.package_id, needed.version_range);
                if let Some(framework) = &needed.target_framework {
                    text.push_str(&format!(" ({framework})"));
                }
                ("Depends on", text.into())
            }));
        }
        fields
    }
}

impl From<Nuspec> for Metadata {
    fn from(nuspec: Nuspec) -> Self {
        let groups = nuspec.dependency_groups.into_iter();
        let dependencies = groups.flat_map(|group| {
            let framework = group.target_framework;
            group
                .dependencies
                .into_iter()
                .map(move |needed| Dependency {
                    package_id: needed.id.to_string(),
                    version_range: needed.range.to_string(),
                    target_framework: framework.clone(),
                })
        });
        Self {
            dependencies: dependencies.collect(),
            title: nuspec.title,
            authors: nuspec.authors,
            description: nuspec.description,
            release_notes: nuspec.release_notes,
            project_url: nuspec.project_url,
            license: nuspec
                .license
                .map(|license| match license {
                    License::Expression(text) | License::File(text) => text,
                })
                .or(nuspec.license_url),
            copyright: nuspec.copyright,
            tags: nuspec.tags,
        }
    }
}
