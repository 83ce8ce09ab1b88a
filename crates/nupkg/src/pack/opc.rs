//! The parts that make a zip an Open Packaging Conventions package (ECMA-376, part 2).

use crate::escape::{percent_encode_path, xml};
use crate::nuspec::Nuspec;
use std::collections::BTreeSet;

pub(super) use crate::archive::is_packaging;

/// A part that the package format asks for.
pub(super) struct Part {
    /// The name of the zip entry, encoded.
    pub(super) name: String,
    pub(super) content: String,
}

/// The name of the zip entry for a file.
pub(super) fn encode(path: &str) -> String {
    percent_encode_path(path)
}

/// The packaging parts, for a package with these files.
pub(super) fn parts<'a>(nuspec: &Nuspec, files: impl Iterator<Item = &'a String>) -> Vec<Part> {
    let id = percent_encode_path(nuspec.id.as_str());
    let manifest = format!("{id}.nuspec");
    let properties = format!("package/services/metadata/core-properties/{id}.psmdcp");
    vec![
        Part {
            name: "[Content_Types].xml".to_owned(),
            content: content_types(files),
        },
        Part {
            name: "_rels/.rels".to_owned(),
            content: relationships(&manifest, &properties),
        },
        Part {
            name: manifest,
            content: nuspec.to_xml(),
        },
        Part {
            name: properties,
            content: core_properties(nuspec),
        },
    ]
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// NuGet's own clients give every content the type `application/octet`. A part whose
/// type is not declared here does not exist for them.
fn content_types<'a>(files: impl Iterator<Item = &'a String>) -> String {
    let mut extensions = BTreeSet::from(["nuspec".to_owned()]);
    let mut overrides = String::new();
    for file in files {
        match extension(file) {
            Some(extension) => {
                extensions.insert(extension);
            }
            None => {
                let name = xml(&encode(file));
                overrides.push_str(&format!(
                    "  <Override PartName=\"/{name}\" ContentType=\"application/octet\" />\n"
                ));
            }
        }
    }
    // Declared below with types of their own.
    extensions.remove("rels");
    extensions.remove("psmdcp");
    let defaults: String = extensions
        .iter()
        .map(|extension| {
            format!("  <Default Extension=\"{extension}\" ContentType=\"application/octet\" />\n")
        })
        .collect();
    format!(
        "{DECLARATION}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\n\
         \x20 <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\" />\n\
         \x20 <Default Extension=\"psmdcp\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\" />\n\
         {defaults}{overrides}</Types>\n"
    )
}

/// The extension in lower case, when it needs no escaping.
fn extension(path: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (_, extension) = name.rsplit_once('.')?;
    let plain = !extension.is_empty()
        && extension
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    plain.then(|| extension.to_ascii_lowercase())
}

fn relationships(manifest: &str, properties: &str) -> String {
    format!(
        "{DECLARATION}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\n\
         \x20 <Relationship Type=\"http://schemas.microsoft.com/packaging/2010/07/manifest\" Target=\"/{manifest}\" Id=\"R1\" />\n\
         \x20 <Relationship Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"/{properties}\" Id=\"R2\" />\n\
         </Relationships>\n"
    )
}

fn core_properties(nuspec: &Nuspec) -> String {
    let id = xml(nuspec.id.as_str());
    let version = xml(&nuspec.version.to_full());
    let creator = xml(&nuspec.authors.join(", "));
    let description = xml(nuspec.description.as_deref().unwrap_or_default());
    let keywords = xml(&nuspec.tags.join(" "));
    format!(
        "{DECLARATION}<coreProperties xmlns=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\
         \x20 <dc:creator>{creator}</dc:creator>\n\
         \x20 <dc:description>{description}</dc:description>\n\
         \x20 <dc:identifier>{id}</dc:identifier>\n\
         \x20 <version>{version}</version>\n\
         \x20 <keywords>{keywords}</keywords>\n\
         </coreProperties>\n"
    )
}
