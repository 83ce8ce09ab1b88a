//! One application, packed by each program that people pack with, deployed by the agent, and compared file by
//! file with what the conventions make of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wire::v1::{DeployPackage, Variable, start_work_request::Work, work_state::Phase};

use crate::bench::Instance;
use crate::pack::Package;

/// Path and content, as developers have them.
const SOURCE: &[(&str, &str)] = &[
    (
        "web.config",
        "\u{feff}<configuration>\r\n  <appSettings>\r\n    <add key=\"Greeting\" value=\"x\" />\r\n  </appSettings>\r\n</configuration>\r\n",
    ),
    (
        "web.Release.config",
        "<configuration xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\"><appSettings>\
         <add key=\"Debug\" value=\"no\" xdt:Transform=\"Insert\" /></appSettings></configuration>",
    ),
    (
        "appsettings.json",
        "{\n  // the shop\n  \"Shop\": { \"Server\": \"localhost\", \"Port\": 1 }\n}\n",
    ),
    (
        "services.yaml",
        "# where\nShop:\n  Server: localhost # here\n",
    ),
    (
        "notes.txt",
        "#{Greeting}, #{Octopus.Environment.Name}; #{Unknown}\n",
    ),
    ("bin/web with space.dll", "program"),
    ("docs/grüße.txt", "unchanged #{Greeting}\n"),
    ("PreDeploy.sh", "echo PreDeploy >> stages.txt\n"),
    (
        "Deploy.sh",
        "echo \"Deploy $(get_octopusvariable Greeting)\" >> stages.txt\n",
    ),
    ("PostDeploy.sh", "echo PostDeploy >> stages.txt\n"),
];

const VARIABLES: &[(&str, &str)] = &[
    ("Greeting", "Hello #{Octopus.Environment.Name}"),
    ("Octopus.Environment.Name", "Test"),
    ("Shop:Server", "db"),
    ("Shop:Port", "8443"),
    (
        "Octopus.Action.Package.AutomaticallyRunConfigurationTransformationFiles",
        "True",
    ),
    (
        "Octopus.Action.Package.AutomaticallyUpdateAppSettingsAndConnectionStrings",
        "True",
    ),
    ("Octopus.Action.SubstituteInFiles.TargetFiles", "notes.txt"),
    (
        "Octopus.Action.Package.JsonConfigurationVariablesTargets",
        "appsettings.json\nservices.yaml",
    ),
];

/// Path and content, as they are installed.
const INSTALLED: &[(&str, &str)] = &[
    (
        "appsettings.json",
        "{\n  // the shop\n  \"Shop\": { \"Server\": \"db\", \"Port\": 8443 }\n}\n",
    ),
    ("bin/web with space.dll", "program"),
    ("docs/grüße.txt", "unchanged #{Greeting}\n"),
    ("notes.txt", "Hello Test, Test; #{Unknown}\n"),
    ("services.yaml", "# where\nShop:\n  Server: db # here\n"),
    ("stages.txt", "PreDeploy\nDeploy Hello Test\nPostDeploy\n"),
    (
        "web.Release.config",
        "<configuration xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\"><appSettings>\
         <add key=\"Debug\" value=\"no\" xdt:Transform=\"Insert\" /></appSettings></configuration>",
    ),
    (
        "web.config",
        "\u{feff}<configuration>\r\n  <appSettings>\r\n    <add key=\"Greeting\" value=\"Hello Test\" />\r\n    \
         <add key=\"Debug\" value=\"no\" />\r\n  </appSettings>\r\n</configuration>\r\n",
    ),
];

const NUSPEC: &str = "<?xml version=\"1.0\"?><package><metadata><id>Acme.Web</id><version>1.2.0</version>\
    <authors>Acme</authors><description>Of a test.</description></metadata>\
    <files><file src=\"source/**\" target=\"\" /></files></package>";

const BY_NODE: &str = "const octo = require('@octopusdeploy/octopackjs');
octo.pack(process.argv[1], { id: 'Acme.Web', version: '1.2.0' })
    .appendSubDir('source/', true)
    .toFile('.', (error) => { if (error) { console.error(error); process.exit(1); } });";

/// The files below a folder: path and content.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let paths = crate::bench::tree(folder).into_iter();
    let of = |path: String| Some((path.clone(), fs::read_to_string(folder.join(path)).ok()?));
    paths.filter_map(of).collect()
}

fn npm(file: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    target.join("npm/node_modules").join(file)
}

/// Packs by a command, whose first word is the program and which is there if `needs` is, and deploys
/// `Acme.Web.1.2.0` with this extension.
async fn check(extension: &str, needs: &Path, command: &[&str]) {
    if !needs.exists() {
        let ci = std::env::var("CI").as_deref() == Ok("true");
        assert!(!ci, "{} is missing", needs.display());
        eprintln!(
            "SKIPPED: {} is missing; `cargo xtask test` installs it",
            needs.display()
        );
        return;
    }
    let desk = tempfile::tempdir().unwrap();
    for (path, content) in SOURCE {
        let path = desk.path().join("source").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    fs::write(desk.path().join("Acme.Web.nuspec"), NUSPEC).unwrap();
    let (program, arguments) = command.split_first().unwrap();
    let output = Command::new(program)
        .args(arguments)
        .current_dir(desk.path())
        .env("HOME", desk.path())
        .env("NODE_PATH", npm(""))
        .output();
    let output = output.unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    let file_name = format!("Acme.Web.1.2.0{extension}");
    let bytes = fs::read(desk.path().join(&file_name));
    let bytes = bytes.unwrap_or_else(|error| panic!("{file_name}: {error}; {output:?}"));
    let mut package = Package::of("Acme.Web", "1.2.0", bytes);
    package.reference.file_name = file_name;

    let instance = Instance::new();
    let agent = instance.start();
    agent.send(&package).await;
    let variable = |(name, value): &(&str, &str)| Variable {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
        sensitive: false,
    };
    let order = Work::DeployPackage(DeployPackage {
        package: Some(package.reference.clone()),
        environment: "Test".to_owned(),
        variables: VARIABLES.iter().map(variable).collect(),
    });
    let state = agent.watch_order("t-1", order).await.unwrap();
    assert_eq!(state.phase(), Phase::Succeeded, "{command:?}: {state:?}");
    let found = files(&instance.path("Applications/Test/Acme.Web/1.2.0"));
    let expected = INSTALLED.iter();
    let expected = expected.map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    assert_eq!(found, expected.collect(), "{command:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn by_debians_nuget() {
    let command = ["nuget", "pack", "Acme.Web.nuspec", "-NoPackageAnalysis"];
    check(".nupkg", Path::new("/usr/bin/nuget"), &command).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_nuget_exe() {
    let program = npm("nuget-exe/nuget-5.8.0.exe");
    let command = [
        "mono",
        program.to_str().unwrap(),
        "pack",
        "Acme.Web.nuspec",
        "-NoPackageAnalysis",
    ];
    check(".nupkg", &program, &command).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_octopackjs() {
    for format in ["tar.gz", "tar", "zip"] {
        let needs = npm("@octopusdeploy/octopackjs");
        check(
            &format!(".{format}"),
            &needs,
            &["node", "-e", BY_NODE, format],
        )
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn by_zip_and_tar() {
    let zip = ["sh", "-c", "cd source && zip -q -r ../Acme.Web.1.2.0.zip ."];
    check(".zip", Path::new("/usr/bin/zip"), &zip).await;
    let tar = ["tar", "-C", "source", "-czf", "Acme.Web.1.2.0.tar.gz", "."];
    check(".tar.gz", Path::new("/bin/tar"), &tar).await;
}
