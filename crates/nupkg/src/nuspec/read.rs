//! From XML to a nuspec.

use super::{Dependency, DependencyGroup, License, Nuspec, NuspecError, PackageType};
use crate::id::{PackageId, shorten};
use crate::range::VersionRange;
use crate::version::NuGetVersion;
use roxmltree::{Document, Node};
use std::borrow::Cow;

/// Text without its byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, NuspecError> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(NuspecError::NotText);
        }
        char::decode_utf16(pairs.iter().copied().map(unit))
            .collect::<Result<String, _>>()
            .map(Cow::Owned)
            .map_err(|_| NuspecError::NotText)
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest)
            .map(Cow::Borrowed)
            .map_err(|_| NuspecError::NotText),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => std::str::from_utf8(bytes)
            .map(Cow::Borrowed)
            .map_err(|_| NuspecError::NotText),
    }
}

pub(super) fn parse(xml: &str) -> Result<Nuspec, NuspecError> {
    let xml = xml.strip_prefix('\u{feff}').unwrap_or(xml);
    // A DTD is refused by default.
    let document = Document::parse(xml).map_err(|error| NuspecError::Xml(error.to_string()))?;
    let root = document.root_element();
    if root.tag_name().name() != "package" {
        return Err(NuspecError::Missing("package"));
    }
    let metadata = child(root, "metadata").ok_or(NuspecError::Missing("metadata"))?;
    let text = |name| child(metadata, name).and_then(text);
    let required = |name| text(name).ok_or(NuspecError::Missing(name));
    let list = |name, separator: fn(char) -> bool| {
        let text = text(name).unwrap_or_default();
        let parts = text.split(separator).map(str::trim);
        parts
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    Ok(Nuspec {
        id: PackageId::parse(&required("id")?)?,
        version: NuGetVersion::parse(&required("version")?)?,
        title: text("title"),
        authors: list("authors", |c| c == ','),
        owners: list("owners", |c| c == ','),
        description: text("description"),
        summary: text("summary"),
        release_notes: text("releaseNotes"),
        project_url: text("projectUrl"),
        icon_url: text("iconUrl"),
        license_url: text("licenseUrl"),
        license: child(metadata, "license").and_then(license),
        tags: list("tags", char::is_whitespace),
        copyright: text("copyright"),
        language: text("language"),
        require_license_acceptance: text("requireLicenseAcceptance")
            .map_or(Ok(false), |text| boolean("requireLicenseAcceptance", &text))?,
        dependency_groups: child(metadata, "dependencies")
            .map_or(Ok(Vec::new()), dependency_groups)?,
        package_types: child(metadata, "packageTypes").map_or(Vec::new(), package_types),
    })
}

fn elements<'a>(parent: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    parent
        .children()
        .filter(move |node| node.tag_name().name() == name)
}

fn child<'a>(parent: Node<'a, 'a>, name: &'static str) -> Option<Node<'a, 'a>> {
    elements(parent, name).next()
}

/// The text of an element, trimmed; comments inside it split it into several nodes.
fn text(element: Node<'_, '_>) -> Option<String> {
    let whole: String = element
        .children()
        .filter(Node::is_text)
        .filter_map(|node| node.text())
        .collect();
    let trimmed = whole.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

fn attribute(element: Node<'_, '_>, name: &str) -> Option<String> {
    let value = element.attribute(name)?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

fn boolean(element: &'static str, text: &str) -> Result<bool, NuspecError> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(NuspecError::NotBoolean {
            element,
            text: shorten(text),
        }),
    }
}

fn license(element: Node<'_, '_>) -> Option<License> {
    let value = text(element)?;
    match element.attribute("type") {
        Some("file") => Some(License::File(value)),
        _ => Some(License::Expression(value)),
    }
}

fn dependency_groups(element: Node<'_, '_>) -> Result<Vec<DependencyGroup>, NuspecError> {
    let ungrouped = dependencies(element)?;
    let mut groups = Vec::new();
    if !ungrouped.is_empty() {
        groups.push(DependencyGroup {
            target_framework: None,
            dependencies: ungrouped,
        });
    }
    for group in elements(element, "group") {
        groups.push(DependencyGroup {
            target_framework: attribute(group, "targetFramework"),
            dependencies: dependencies(group)?,
        });
    }
    Ok(groups)
}

fn dependencies(parent: Node<'_, '_>) -> Result<Vec<Dependency>, NuspecError> {
    let dependency = |element| {
        let id = attribute(element, "id").ok_or(NuspecError::Missing("dependency id=\"…\""))?;
        let id = PackageId::parse(&id)?;
        let range = attribute(element, "version")
            .map_or(Ok(VersionRange::any()), |text| VersionRange::parse(&text));
        match range {
            Ok(range) => Ok(Dependency { id, range }),
            Err(source) => Err(NuspecError::Range { id, source }),
        }
    };
    elements(parent, "dependency").map(dependency).collect()
}

fn package_types(element: Node<'_, '_>) -> Vec<PackageType> {
    elements(element, "packageType")
        .filter_map(|package_type| {
            Some(PackageType {
                name: attribute(package_type, "name")?,
                version: attribute(package_type, "version"),
            })
        })
        .collect()
}
