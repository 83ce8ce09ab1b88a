//! `package deploy-local`: all conventions by the real program, on this machine. Linux only: it
//! looks into /proc.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use expect_test::expect;

use crate::extract::{Item, zip};
use crate::run::Place;

const NUSPEC: &str =
    "<package><metadata><id>Acme.Web</id><version>1.2.0</version></metadata></package>";
const RELEASE: &str = r#"<c xmlns:xdt="http://schemas.microsoft.com/XML-Document-Transform">
  <appSettings><add key="Level" value="info" xdt:Transform="SetAttributes" xdt:Locator="Match(key)"/></appSettings>
</c>"#;

/// With a package that asks something of every convention.
fn place(deploy: &str) -> Place {
    let place = Place::new().set("PATH", &std::env::var("PATH").unwrap());
    let nupkg = zip(&[
        Item::File("Acme.Web.nuspec", NUSPEC, 0o644),
        Item::File("PreDeploy.sh", "set_octopusvariable Made by-script", 0o644),
        Item::File("app.txt", "#{Made} #{Password}\n", 0o644),
        Item::File(
            "web.config",
            "<c><appSettings><add key='Level' value='debug'/><add key='Port' value='1'/></appSettings></c>",
            0o644,
        ),
        Item::File("web.Release.config", RELEASE, 0o644),
        Item::File("app.yml", "server:\n  port: 1 # ours\n", 0o644),
        Item::File("Deploy.sh", deploy, 0o644),
        Item::File("DeployFailed.sh", "echo cleaning up", 0o644),
    ]);
    place.file("Acme.Web.1.2.0.nupkg", &nupkg);
    place.file("vars.json", br##"[
        {"Name": "Octopus.Action.EnabledFeatures", "Value": "Octopus.Features.SubstituteInFiles,Octopus.Features.ConfigurationTransforms,Octopus.Features.ConfigurationVariables,Octopus.Features.JsonConfigurationVariables"},
        {"Name": "Octopus.Action.SubstituteInFiles.TargetFiles", "Value": "*.txt"},
        {"Name": "Octopus.Action.Package.JsonConfigurationVariablesTargets", "Value": "*.yml"},
        {"Name": "Port", "Value": "8080", "Scope": {"Environment": ["Staging"]}},
        {"Name": "server:port", "Value": "#{Port}"},
        {"Name": "Password", "Value": "correct horse", "IsSensitive": true}
    ]"##);
    place
}

/// The transcript without the times of the log.
fn transcript(place: &Place, arguments: &str) -> String {
    let text = place.transcript(arguments);
    let lines = text.lines().map(|line| {
        let time = line.get(..10).unwrap_or_default();
        let is_time = time.ends_with("  ") && time.trim().split(':').count() == 3;
        if is_time { &line[10..] } else { line }
    });
    lines.map(|line| format!("{line}\n")).collect()
}

fn read(place: &Place, name: &str) -> String {
    std::fs::read_to_string(place.home.path().join(name)).unwrap()
}

#[test]
fn all_conventions_run_and_the_log_is_printed() {
    let place = place(
        "echo on $(get_octopusvariable Octopus.Machine.Name): $(get_octopusvariable Password)",
    );
    let arguments = "package deploy-local Acme.Web.1.2.0.nupkg --variables vars.json --home try --environment Staging --machine web-1";
    expect![[r#"
        Extract  Unpacked HOME/Acme.Web.1.2.0.nupkg to HOME/try/Applications/Staging/Acme.Web/1.2.0
        PreDeploy  Running PreDeploy.sh in HOME/try/Applications/Staging/Acme.Web/1.2.0
        Substitute  app.txt: substituted
        Transform  Transforming web.config by web.Release.config
        Configure  web.Release.config was a transform, and gets no variables
        Configure  web.config: Port
        Structure  app.yml: server:port
        Deploy  Running Deploy.sh in HOME/try/Applications/Staging/Acme.Web/1.2.0
        Deploy  on web-1: ****
        Journal  Acme.Web 1.2.0 is installed in HOME/try/Applications/Staging/Acme.Web/1.2.0
        ! Acme.Web 1.2.0 is installed.
        => 0
    "#]]
    .assert_eq(&transcript(&place, arguments));
    let app = "try/Applications/Staging/Acme.Web/1.2.0";
    assert_eq!(
        read(&place, &format!("{app}/app.txt")),
        "by-script correct horse\n"
    );
    assert_eq!(
        read(&place, &format!("{app}/web.config")),
        "<c><appSettings><add key='Level' value='info'/><add key='Port' value='8080'/></appSettings></c>"
    );
    assert_eq!(
        read(&place, &format!("{app}/app.yml")),
        "server:\n  port: 8080 # ours\n"
    );
    let journal = read(&place, "try/deployments.jsonl");
    assert!(journal.contains("\"success\":true"), "{journal}");
    assert!(!journal.contains("correct horse"), "{journal}");

    // Side by side, always; and as JSON, a line each.
    let again = place.run(&format!("{arguments} -f json"));
    assert!(again.status.success());
    let lines = String::from_utf8(again.stdout).unwrap();
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first["Step"], "Extract");
    assert!(place.home.path().join(format!("{app}_1/app.yml")).is_file());
}

#[test]
fn a_failure_is_told_and_exits_with_1() {
    let place = place("echo broken >&2; fail_step 'no database'");
    let text = transcript(
        &place,
        "package deploy-local Acme.Web.1.2.0.nupkg --variables vars.json --home try",
    );
    let text: String = text
        .lines()
        .skip_while(|line| !line.contains("broken"))
        .map(|line| format!("{line}\n"))
        .collect();
    expect![[r#"
        Deploy  Error: broken
        Deploy  Error: Deploy.sh ended with exit code 1, in HOME/try/Applications/Local/Acme.Web/1.2.0, and says: no database; the lines before this one in the log say more
        DeployFailed  Running DeployFailed.sh in HOME/try/Applications/Local/Acme.Web/1.2.0
        DeployFailed  cleaning up
        ! Error: Acme.Web 1.2.0 was not installed; what was there before is untouched.
        ! Cause: Deploy.sh ended with exit code 1, in HOME/try/Applications/Local/Acme.Web/1.2.0, and says: no database; the lines before this one in the log say more
        => 1
    "#]].assert_eq(&text);
    let journal = read(&place, "try/deployments.jsonl");
    assert!(
        journal.contains("\"success\":false") && journal.contains("\"environment\":\"Local\""),
        "{journal}"
    );
}

#[test]
fn what_makes_no_sense_is_refused() {
    let place = place("");
    place.file("plain.zip", &zip(&[Item::File("a", "", 0o644)]));
    place.check(
        "package deploy-local plain.zip --home try",
        expect![[r#"
        ! Error: plain.zip does not tell its id and version.
        ! Hint: Name it Id.1.2.3.zip, or pack it with octo package nuget create.
        => 1
    "#]],
    );
    place.check(
        "package deploy-local Acme.Web.1.2.0.nupkg --no-prompt",
        expect![[r#"
            ! Error: --home is missing.
            ! Hint: Give --home; --help tells more.
            => 2
        "#]],
    );
    place.file("agent/config/tentacle.json", b"{}");
    place.check(
        "package deploy-local Acme.Web.1.2.0.nupkg --home agent",
        expect![[r#"
            ! Error: HOME/agent is the home of a Tentacle.
            ! Hint: Give a folder of its own with --home; deploy to the Tentacle with octo package deploy.
            => 1
        "#]],
    );
    std::fs::create_dir(place.home.path().join("busy")).unwrap();
    let lock = std::fs::File::create(place.home.path().join("busy/lock")).unwrap();
    lock.lock().unwrap();
    place.check(
        "package deploy-local Acme.Web.1.2.0.nupkg --home busy",
        expect![[r#"
            ! Error: Another octo installs in HOME/busy just now.
            ! Hint: Wait until it is through, or give another folder with --home.
            => 1
        "#]],
    );
}

#[test]
fn ctrl_c_ends_the_script_and_what_it_started() {
    let place = place("sleep 600 & echo started $! $$; wait");
    let mut octo = place
        .command(Path::new(env!("CARGO_BIN_EXE_octo")))
        .args([
            "package",
            "deploy-local",
            "Acme.Web.1.2.0.nupkg",
            "--home",
            "try",
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(octo.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("started") {
        line.clear();
        assert!(out.read_line(&mut line).unwrap() > 0, "it ended early");
    }
    let pid = rustix::process::Pid::from_child(&octo);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let ended = octo.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let told = String::from_utf8(ended.stderr).unwrap();
    assert!(told.contains("the deployment was cancelled"), "{told}");
    let started = line.split_once("started ").unwrap().1;
    for pid in started.split_whitespace() {
        wait_for_end(pid);
    }
}

/// Waits until a process has gone, or is only not yet reaped by whoever inherited it.
fn wait_for_end(pid: &str) {
    let begun = Instant::now();
    loop {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
        let state = stat.ok().and_then(|stat| {
            let (_, after) = stat.rsplit_once(") ")?;
            after.chars().next()
        });
        if matches!(state, None | Some('Z' | 'X')) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{pid} goes on");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Stands in for PowerShell, which can't be had for tests: shows how it is called and what it
/// gets, and does what the helpers would.
const PWSH: &str = r###"#!/bin/sh
while [ "$1" != -File ]; do printf '%s ' "$1"; shift; done
echo "$1 ${2##*/} ${3##*/} ${4##*/}"
head -n 1 "$2"
while read -r name value; do
  name=$(printf %s "$name" | base64 -d)
  case $name in Port|Password) echo "$name: $(printf %s "$value" | base64 -d)";; esac
done <"$3"
rm "$3"
head -c 3 "$4" | od -An -tx1
tail -c +4 "$4"; echo
printf "##octopus[setVariable name='%s' value='%s']\n" "$(printf Made | base64)" "$(printf x | base64)"
exit 4
"###;

#[test]
fn a_powershell_script_is_run_by_pwsh() {
    let place = place("");
    let nupkg = zip(&[
        Item::File("Acme.Web.nuspec", NUSPEC, 0o644),
        Item::File("Deploy.ps1", "Write-Host hi", 0o644),
    ]);
    place.file("Acme.Web.1.2.0.nupkg", &nupkg);
    place.file(
        "vars.json",
        br##"[
        {"Name": "Port", "Value": "8080"},
        {"Name": "Password", "Value": "correct horse", "IsSensitive": true},
        {"Name": "Octopus.Action.CustomScripts.Deploy.ps1", "Value": "Write-Host #{Port}"},
        {"Name": "Octopus.Action.CustomScripts.PreDeploy.ps1", "Value": "Write-Host #{Port}"}
    ]"##,
    );
    let arguments = "package deploy-local Acme.Web.1.2.0.nupkg --variables vars.json --home try";
    let missing = place.set("PATH", "/nowhere");
    expect![[r#"
        Extract  Unpacked HOME/Acme.Web.1.2.0.nupkg to HOME/try/Applications/Local/Acme.Web/1.2.0
        PreDeploy  Running Octopus.Action.CustomScripts.PreDeploy.ps1 in HOME/try/Applications/Local/Acme.Web/1.2.0
        PreDeploy  Error: HOME/try/Applications/Local/Acme.Web/1.2.0/Octopus.Action.CustomScripts.PreDeploy.ps1 cannot be run: there is no pwsh in the PATH of Tentacle (/nowhere); install it, or give the script in another language
        ! Error: Acme.Web 1.2.0 was not installed; what was there before is untouched.
        ! Cause: HOME/try/Applications/Local/Acme.Web/1.2.0/Octopus.Action.CustomScripts.PreDeploy.ps1 cannot be run: there is no pwsh in the PATH of Tentacle (/nowhere); install it, or give the script in another language
        => 1
    "#]].assert_eq(&transcript(&missing, arguments));

    missing.file("bin/pwsh", PWSH.as_bytes());
    let program = missing.home.path().join("bin/pwsh");
    std::fs::set_permissions(
        &program,
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .unwrap();
    let path = format!(
        "{}:/usr/bin:/bin",
        missing.home.path().join("bin").display()
    );
    let there = missing.set("PATH", &path);
    expect![[r#"
        Extract  Unpacked HOME/Acme.Web.1.2.0.nupkg to HOME/try/Applications/Local/Acme.Web/1.2.0_1
        PreDeploy  Running Octopus.Action.CustomScripts.PreDeploy.ps1 in HOME/try/Applications/Local/Acme.Web/1.2.0_1
        PreDeploy  -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File bootstrap.ps1 variables.txt Octopus.Action.CustomScripts.PreDeploy.ps1
        PreDeploy  # What a deployment offers to its PowerShell scripts (Windows PowerShell 2 or newer, and pwsh).
        PreDeploy  Port: 8080
        PreDeploy  Password: ****
        PreDeploy   ef bb bf
        PreDeploy  Write-Host 8080
        PreDeploy  Error: Octopus.Action.CustomScripts.PreDeploy.ps1 ended with exit code 4, in HOME/try/Applications/Local/Acme.Web/1.2.0_1; the lines before this one in the log say more
        ! Error: Acme.Web 1.2.0 was not installed; what was there before is untouched.
        ! Cause: Octopus.Action.CustomScripts.PreDeploy.ps1 ended with exit code 4, in HOME/try/Applications/Local/Acme.Web/1.2.0_1; the lines before this one in the log say more
        => 1
    "#]].assert_eq(&transcript(&there, arguments));
}
