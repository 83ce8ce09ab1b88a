//! The installer for Windows, by `wixl`, and what `wixl` cannot say by `msibuild`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use uuid::Uuid;

use super::tools::succeed;
use super::tree::{FILE, Tree};
use super::{apt, template};
use crate::programs::repository;

/// From what the product codes of all versions come.
const PRODUCTS: Uuid = Uuid::from_u128(0x1b0c_8a55_8a8e_4a6f_9f0c_5d0e_8c61_73aa);
/// As large as each number of a version may be there.
const LIMITS: [u64; 3] = [255, 255, 65_535];

/// What is installed.
pub(crate) struct Content<'a> {
    /// Of the bundle: its folder among the versions has this name.
    pub(crate) version: &'a str,
    pub(crate) suction_cup: &'a Path,
    /// `Octopus.Tentacle.win-x64.<version>.nupkg`
    pub(crate) bundle: &'a Path,
    /// The licences of what is in both.
    pub(crate) notices: &'a str,
}

/// Makes `octopus-tentacle-<version>-win-x64.msi` in a folder, and gives its path. `work` is emptied.
pub(crate) fn make(content: &Content<'_>, work: &Path, to: &Path) -> anyhow::Result<PathBuf> {
    apt::need(&[("/usr/bin/wixl", "wixl"), ("/usr/bin/msibuild", "msitools")])?;
    let version = content.version;
    let bundle = content.bundle.file_name().and_then(|name| name.to_str());
    let bundle = bundle.context("the bundle's name is no text")?;
    let tree = Tree::new(work)?;
    tree.copy(content.suction_cup, "suction-cup.exe", FILE)?;
    tree.copy(content.bundle, bundle, FILE)?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        tree.copy(&repository().join(licence), &format!("{licence}.txt"), FILE)?;
    }
    tree.text("THIRD-PARTY.txt", content.notices, FILE)?;
    let (number, product) = (number(version)?, product(version));
    let values = [
        ("BUNDLE", bundle),
        ("FOLDER", version),
        ("NUMBER", &number),
        ("PRODUCT", &product),
        ("VERSION", version),
    ];
    let source = template("tentacle/windows/octopus-tentacle.wxs", &values)?;
    tree.text("octopus-tentacle.wxs", &source, FILE)?;
    let msi = to.join(format!("octopus-tentacle-{version}-win-x64.msi"));
    if msi.exists() {
        fs::remove_file(&msi)?;
    }
    let mut wixl = Command::new("wixl");
    wixl.current_dir(tree.root()).args(["--arch", "x64", "-o"]);
    succeed(wixl.arg(&msi).arg("octopus-tentacle.wxs"))?;
    let actions = template("tentacle/windows/actions.sql", &values)?;
    let statements = actions.lines().filter(|line| !line.starts_with("--"));
    let mut msibuild = Command::new("msibuild");
    msibuild.arg(&msi);
    for statement in statements {
        msibuild.args(["-q", statement]);
    }
    succeed(&mut msibuild)?;
    Ok(msi)
}

/// By what Windows knows it from others of its kind.
pub(crate) fn product(version: &str) -> String {
    let product = Uuid::new_v5(&PRODUCTS, version.as_bytes());
    product.braced().to_string().to_uppercase()
}

/// Three numbers: Windows compares nothing else.
fn number(version: &str) -> anyhow::Result<String> {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let numbers: Vec<u64> = core
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect();
    let fits = numbers
        .iter()
        .zip(LIMITS)
        .all(|(number, limit)| *number <= limit);
    ensure!(
        numbers.len() == 3 && fits,
        "an MSI takes versions of three numbers up to 255.255.65535, and {version} is none"
    );
    Ok(core.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{number, product};

    #[test]
    fn versions_that_windows_cannot_compare_are_refused() {
        assert_eq!(number("1.20.300-rc.1+build").unwrap(), "1.20.300");
        assert_eq!(number("255.255.65535").unwrap(), "255.255.65535");
        for wrong in ["1.0", "1.0.0.0", "256.0.0", "1.0.65536", "1.x.0", ""] {
            let error = number(wrong).unwrap_err().to_string();
            assert!(error.contains("255.255.65535"), "{wrong}: {error}");
        }
    }

    #[test]
    fn each_version_is_a_product_and_the_same_one_each_time() {
        assert_eq!(product("1.0.0"), product("1.0.0"));
        assert_ne!(product("1.0.0"), product("1.0.1"));
        assert_eq!(product("1.0.0").len(), 38);
    }
}
