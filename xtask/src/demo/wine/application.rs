//! The application that is deployed to Windows, and what its files are like afterwards.

use std::{fs, path::Path};

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::demo::octo::Octo;

pub(super) const ID: &str = "Acme.Windows";
pub(super) const VERSION: &str = "1.2.0";

/// As `octo` takes them: a colon in a name has a backslash before it.
pub(super) const VARIABLES: &[&str] = &[
    "Greeting:Hello #{Octopus.Environment.Name}",
    "Catalogue:Server=catalogue",
    r"Shop\:Server:db-#{Octopus.Environment.Name | ToLower}",
    r"Shop\:Ports\:1:8443",
    "Octopus.Action.Package.AutomaticallyRunConfigurationTransformationFiles:True",
    "Octopus.Action.SubstituteInFiles.TargetFiles:notes.txt",
    "Octopus.Action.Package.JsonConfigurationVariablesTargets:appsettings.json,services.yaml",
];

/// Every byte of what was configured. Line ends are those of Windows, as in the package; the mark
/// of the byte order stays where it was.
const FILES: &[(&str, &str)] = &[
    (
        "stages.txt",
        "PreDeploy Staging\r\nDeploy\r\nPostDeploy\r\n",
    ),
    (
        "notes.txt",
        "\u{feff}Hello Staging\r\nThe shop is at db-staging.\r\n#{Unknown} stays\r\n",
    ),
    (
        "Acme.Windows.config",
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n\
         <configuration>\r\n\
         \x20 <appSettings>\r\n\
         \x20   <add key=\"Greeting\" value=\"Hello Staging\" />\r\n\
         \x20   <add key=\"Untouched\" value=\"stays\" />\r\n\
         \x20   <add key=\"Stage\" value=\"staging\" />\r\n\
         \x20 </appSettings>\r\n\
         \x20 <connectionStrings>\r\n\
         \x20   <add name=\"Catalogue\" connectionString=\"Server=catalogue\" />\r\n\
         \x20 </connectionStrings>\r\n\
         </configuration>\r\n",
    ),
    (
        "appsettings.json",
        "{\r\n  \"Shop\": { \"Server\": \"db-staging\", \"Port\": 1 }\r\n}\r\n",
    ),
    (
        "services.yaml",
        "\u{feff}# Where the shop's services are\r\n\
         Shop:\r\n\
         \x20 Server: db-staging   # set when deployed\r\n\
         \x20 Ports: [80, 8443]\r\n",
    ),
];

/// Scripts do their work and go.
const GONE: &[&str] = &[
    "PreDeploy.cmd",
    "PreDeploy.sh",
    "Deploy.cmd",
    "Deploy.sh",
    "PostDeploy.bat",
    "PostDeploy.sh",
];

/// Deploys the same package with the same variables on this machine, where its shell scripts run, and
/// looks at the same files.
///
/// # Errors
///
/// It failed, or a file is another one than on Windows.
pub(super) fn is_the_same_here(
    octo: &Octo,
    package: &str,
    folder: &Path,
) -> anyhow::Result<String> {
    let home = folder.join("here");
    let file = folder.join("here.json");
    fs::write(&file, variables().to_string())?;
    let (file, place) = (file.to_string_lossy(), home.to_string_lossy());
    octo.done(&[
        "package",
        "deploy-local",
        package,
        "--variables",
        &file,
        "--home",
        &place,
        "--environment",
        "Staging",
    ])?;
    is_configured(&home.join(format!("Applications/Staging/{ID}/{VERSION}")))
}

/// [`VARIABLES`] as a file has them.
fn variables() -> Value {
    let pairs = VARIABLES.iter().filter_map(|variable| {
        let (end, _) = variable
            .match_indices(':')
            .find(|(at, _)| !variable.get(..*at).is_some_and(|name| name.ends_with('\\')))?;
        let (name, value) = variable.split_at_checked(end)?;
        Some((name.replace("\\:", ":"), Value::from(value.get(1..)?)))
    });
    Value::Object(pairs.collect())
}

/// Looks at the folder of an installation.
///
/// # Errors
///
/// The first file that is not as it should be.
pub(super) fn is_configured(folder: &Path) -> anyhow::Result<String> {
    for (name, expected) in FILES {
        let text = fs::read_to_string(folder.join(name)).with_context(|| (*name).to_owned())?;
        ensure!(text == *expected, "{name} is {text:?}");
    }
    for script in GONE {
        ensure!(!folder.join(script).exists(), "{script} is still there");
    }
    Ok("scripts, substitution, XDT, .config, JSON and YAML, with CRLF and BOM".to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{FILES, GONE, is_configured, variables};

    #[test]
    fn names_end_at_the_first_colon_without_a_backslash() {
        assert_eq!(variables()["Shop:Ports:1"], "8443");
        assert_eq!(variables()["Catalogue"], "Server=catalogue");
    }

    #[test]
    fn one_byte_that_differs_is_found() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in FILES {
            fs::write(folder.path().join(name), text).unwrap();
        }
        assert!(is_configured(folder.path()).is_ok());
        for (name, text) in FILES {
            let path = folder.path().join(name);
            fs::write(&path, text.replacen("\r\n", "\n", 1)).unwrap();
            assert!(is_configured(folder.path()).is_err(), "{name}");
            fs::write(&path, text).unwrap();
        }
        for name in GONE {
            let path = folder.path().join(name);
            fs::write(&path, "").unwrap();
            assert!(is_configured(folder.path()).is_err(), "{name}");
            fs::remove_file(path).unwrap();
        }
    }
}
