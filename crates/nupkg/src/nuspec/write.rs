//! From a nuspec to XML.

use super::{DependencyGroup, License, Nuspec};
use crate::escape::xml;

const NAMESPACE: &str = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd";

/// Elements in the order that NuGet itself writes them.
pub(super) fn to_xml(nuspec: &Nuspec) -> String {
    let id = nuspec.id.as_str();
    let authors = match (nuspec.authors.as_slice(), nuspec.owners.as_slice()) {
        ([], []) => id.to_owned(),
        ([], owners) => owners.join(","),
        (authors, _) => authors.join(","),
    };
    let description = nuspec.description.as_deref();
    let description = description.or(nuspec.title.as_deref()).unwrap_or(id);
    let acceptance = nuspec.require_license_acceptance.to_string();

    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<package xmlns=\"{NAMESPACE}\">\n  <metadata>\n"
    );
    element(&mut out, "id", id);
    element(&mut out, "version", &nuspec.version.to_full());
    optional(&mut out, "title", nuspec.title.as_deref());
    element(&mut out, "authors", &authors);
    optional(&mut out, "owners", Some(&nuspec.owners.join(",")));
    element(&mut out, "requireLicenseAcceptance", &acceptance);
    match &nuspec.license {
        Some(License::Expression(text)) => license(&mut out, "expression", text),
        Some(License::File(path)) => license(&mut out, "file", path),
        None => {}
    }
    optional(&mut out, "licenseUrl", nuspec.license_url.as_deref());
    optional(&mut out, "projectUrl", nuspec.project_url.as_deref());
    optional(&mut out, "iconUrl", nuspec.icon_url.as_deref());
    element(&mut out, "description", description);
    optional(&mut out, "summary", nuspec.summary.as_deref());
    optional(&mut out, "releaseNotes", nuspec.release_notes.as_deref());
    optional(&mut out, "copyright", nuspec.copyright.as_deref());
    optional(&mut out, "language", nuspec.language.as_deref());
    optional(&mut out, "tags", Some(&nuspec.tags.join(" ")));
    package_types(&mut out, nuspec);
    dependencies(&mut out, &nuspec.dependency_groups);
    out.push_str("  </metadata>\n</package>\n");
    out
}

fn element(out: &mut String, name: &str, text: &str) {
    out.push_str(&format!("    <{name}>{}</{name}>\n", xml(text)));
}

fn optional(out: &mut String, name: &str, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        element(out, name, text);
    }
}

fn license(out: &mut String, kind: &str, text: &str) {
    let text = xml(text);
    out.push_str(&format!("    <license type=\"{kind}\">{text}</license>\n"));
}

fn package_types(out: &mut String, nuspec: &Nuspec) {
    if nuspec.package_types.is_empty() {
        return;
    }
    out.push_str("    <packageTypes>\n");
    for package_type in &nuspec.package_types {
        let version = package_type
            .version
            .as_deref()
            .map_or(String::new(), |v| format!(" version=\"{}\"", xml(v)));
        let name = xml(&package_type.name);
        out.push_str(&format!("      <packageType name=\"{name}\"{version} />\n"));
    }
    out.push_str("    </packageTypes>\n");
}

/// Groups and dependencies outside a group may not be mixed.
fn dependencies(out: &mut String, groups: &[DependencyGroup]) {
    if groups.is_empty() {
        return;
    }
    out.push_str("    <dependencies>\n");
    for group in groups {
        let framework = group
            .target_framework
            .as_deref()
            .map_or(String::new(), |f| {
                format!(" targetFramework=\"{}\"", xml(f))
            });
        out.push_str(&format!("      <group{framework}>\n"));
        for dependency in &group.dependencies {
            let id = &dependency.id;
            let range = if dependency.range.is_any() {
                String::new()
            } else {
                format!(" version=\"{}\"", dependency.range)
            };
            out.push_str(&format!("        <dependency id=\"{id}\"{range} />\n"));
        }
        out.push_str("      </group>\n");
    }
    out.push_str("    </dependencies>\n");
}
