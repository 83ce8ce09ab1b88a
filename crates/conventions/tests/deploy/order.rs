//! What happens when all goes well, and in which order.

use expect_test::expect;

use super::bench::{Bench, mode};

#[test]
fn a_plain_package_is_unpacked_and_nothing_else() {
    let bench = Bench::new(&[
        ("app.txt", "#{Name}"),
        ("bin/run.sh", "echo"),
        ("ä b%.txt", "x"),
    ])
    .set("Name", "x");
    let outcome = bench.succeeds();
    assert_eq!(
        outcome.installation_directory,
        bench.path("Applications/Prod/Acme.Web/1.2.0")
    );
    assert_eq!(outcome.result_message, "Acme.Web 1.2.0 is installed.");
    expect![[r#"
        app.txt
        bin/run.sh
        ä b%.txt
    "#]]
    .assert_eq(&bench.tree("Applications/Prod/Acme.Web/1.2.0"));
    assert_eq!(
        bench.read("Applications/Prod/Acme.Web/1.2.0/app.txt"),
        "#{Name}",
        "the feature is off"
    );
    assert_eq!(
        mode(&bench.path("Applications/Prod/Acme.Web/1.2.0/bin/run.sh")),
        0o755
    );
    expect![[r#"
        Info Extract: Unpacked ROOT/Acme.Web.1.2.0.nupkg to ROOT/Applications/Prod/Acme.Web/1.2.0
        Info Journal: Acme.Web 1.2.0 is installed in ROOT/Applications/Prod/Acme.Web/1.2.0
    "#]]
    .assert_eq(&bench.log());
}

#[test]
fn the_conventions_run_in_order() {
    let script = |stage: &str| {
        format!(
            "echo packaged {stage} in ${{PWD##*/}}: $(cat app.txt) $(grep -o 'value=\"[^\"]*' web.config)
            echo $(get_octopusvariable Octopus.Action.Package.InstallationDirectoryPath)\n"
        )
    };
    let [pre, deploy, post] = ["PreDeploy", "Deploy", "PostDeploy"].map(script);
    let mut bench = Bench::new(&[
        (
            "PreDeploy.sh",
            &format!(
                "{pre}set_octopusvariable Port 8080\nset_octopusvariable Greeting 'from #{{Port}}'"
            ),
        ),
        ("deploy.sh", &deploy),
        (
            "PostDeploy.sh",
            &format!("{post}fail_step_not() {{ :; }}; update_progress 90 nearly"),
        ),
        ("DeployFailed.sh", "echo never"),
        ("app.txt", "port #{Port}"),
        (
            "web.config",
            r#"<c><appSettings><add key="Greeting" value="old"/></appSettings></c>"#,
        ),
        ("docs/Deploy.sh", "echo never: not in the root"),
    ]);
    for stage in ["PreDeploy", "Deploy", "PostDeploy", "DeployFailed"] {
        let name = format!("Octopus.Action.CustomScripts.{stage}.sh");
        bench.request.variables.set(
            name,
            format!("echo configured {stage} on #{{Octopus.Machine.Name}}"),
        );
    }
    let target = bench.path("srv/web");
    let bench = bench
        .features(&[
            "CustomScripts",
            "SubstituteInFiles",
            "ConfigurationVariables",
        ])
        .set("Octopus.Action.SubstituteInFiles.TargetFiles", "*.txt")
        .set(
            "Octopus.Action.Package.CustomInstallationDirectory",
            target.to_str().unwrap(),
        );
    let outcome = bench.succeeds();
    expect![[r#"
        Info Extract: Unpacked ROOT/Acme.Web.1.2.0.nupkg to ROOT/Applications/Prod/Acme.Web/1.2.0
        Info PreDeploy: Running Octopus.Action.CustomScripts.PreDeploy.sh in ROOT/Applications/Prod/Acme.Web/1.2.0
        Info PreDeploy: configured PreDeploy on web-1
        Info PreDeploy: Running PreDeploy.sh in ROOT/Applications/Prod/Acme.Web/1.2.0
        Info PreDeploy: packaged PreDeploy in 1.2.0: port #{Port} value="old
        Info PreDeploy: ROOT/Applications/Prod/Acme.Web/1.2.0
        Verbose Substitute: app.txt: substituted
        Verbose Configure: web.config: Greeting
        Info Copy: Copying to ROOT/srv/web
        Info Deploy: Running deploy.sh in ROOT/srv/web
        Info Deploy: packaged Deploy in web: port 8080 value="from 8080
        Info Deploy: ROOT/srv/web
        Info Deploy: Running Octopus.Action.CustomScripts.Deploy.sh in ROOT/srv/web
        Info Deploy: configured Deploy on web-1
        Info PostDeploy: Running PostDeploy.sh in ROOT/srv/web
        Info PostDeploy: packaged PostDeploy in web: port 8080 value="from 8080
        Info PostDeploy: ROOT/srv/web
        Info PostDeploy: 90 % nearly
        Info PostDeploy: Running Octopus.Action.CustomScripts.PostDeploy.sh in ROOT/srv/web
        Info PostDeploy: configured PostDeploy on web-1
        Info Journal: Acme.Web 1.2.0 is installed in ROOT/srv/web
    "#]].assert_eq(&bench.log());
    assert_eq!(outcome.installation_directory, target);
    let expected = "app.txt\ndocs/Deploy.sh\nweb.config\n";
    assert_eq!(bench.tree("srv/web"), expected, "scripts are deleted");
    assert_eq!(bench.tree("Applications/Prod/Acme.Web/1.2.0"), expected);
}

#[test]
fn scripts_are_kept_if_the_step_says_so() {
    let bench = Bench::new(&[
        ("Deploy.sh", "echo"),
        ("PostDeploy.py", "print()"),
        ("DeployFailed.sh", ""),
    ])
    .set("Octopus.DeleteScriptsOnCleanup", "False");
    bench.succeeds();
    assert_eq!(
        bench.tree("Applications/Prod/Acme.Web/1.2.0"),
        "Deploy.sh\nDeployFailed.sh\nPostDeploy.py\n"
    );
}

#[test]
fn one_script_of_several_languages_runs() {
    let bench = Bench::new(&[
        ("Deploy.ps1", "Write-Host never"),
        ("Deploy.py", "print('never')"),
        ("Deploy.sh", "echo shell"),
        (
            "PostDeploy.py",
            "print(get_octopusvariable('Octopus.Environment.Name'), get_octopusvariable('env:LANGUAGE'))",
        ),
        ("PreDeploy.config", "<not-a-script/>"),
    ]);
    let mut bench = bench.set("env:LANGUAGE", "of the request");
    bench
        .request
        .machine
        .environment_variables
        .push(("LANGUAGE".into(), "of the machine".into()));
    bench.succeeds();
    expect![[r#"
        Info Extract: Unpacked ROOT/Acme.Web.1.2.0.nupkg to ROOT/Applications/Prod/Acme.Web/1.2.0
        Verbose Configure: PreDeploy.config: no variable has a place in it
        Info Deploy: Deploy.py is left out: Deploy.sh comes before it.
        Info Deploy: Deploy.ps1 is left out: Deploy.sh comes before it.
        Info Deploy: Running Deploy.sh in ROOT/Applications/Prod/Acme.Web/1.2.0
        Info Deploy: shell
        Info PostDeploy: Running PostDeploy.py in ROOT/Applications/Prod/Acme.Web/1.2.0
        Info PostDeploy: Prod of the request
        Info Journal: Acme.Web 1.2.0 is installed in ROOT/Applications/Prod/Acme.Web/1.2.0
    "#]]
    .assert_eq(&bench.log());
    assert_eq!(
        bench.tree("Applications/Prod/Acme.Web/1.2.0"),
        "PreDeploy.config\n"
    );
}

#[test]
fn output_variables_and_artifacts_come_back() {
    let bench = Bench::new(&[
        (
            "PreDeploy.sh",
            "set_octopusvariable A 1; set_octopusvariable Secret s3cr3t -sensitive; fail_step_if() { :; }",
        ),
        (
            "Deploy.sh",
            r###"set_octopusvariable a "$(get_octopusvariable "Octopus.Action[Deploy web].Output.A")2"
            set_octopusvariable B "$(get_octopusvariable "octopus.action[deploy web].output[web-1].A")"
            echo log > log.txt; new_octopusartifact log.txt "the log"
            printf "##octopus[resultMessage message='%s']" "$(printf 'done with s3cr3t' | base64)""###,
        ),
    ]);
    let bench = bench.set("Octopus.Action.Name", "Deploy web");
    let outcome = bench.succeeds();
    expect![[r#"
        [
            A = "12",
            Secret = "****",
            B = "1",
        ]
    "#]]
    .assert_debug_eq(&outcome.output_variables.iter().skip(1).collect::<Vec<_>>());
    assert_eq!(
        outcome.output_variables[0].name,
        "Package.InstallationDirectoryPath"
    );
    assert_eq!(
        outcome.output_variables[0].value,
        outcome.installation_directory.to_str().unwrap()
    );
    assert!(bench.log().contains("Info Artifact: the log: log\n"));
    assert_eq!(outcome.artifacts.len(), 1);
    assert_eq!(outcome.artifacts[0].name, "the log");
    assert!(
        outcome.artifacts[0]
            .path
            .ends_with("Applications/Prod/Acme.Web/1.2.0/log.txt")
    );
    assert_eq!(outcome.result_message, "done with ****");
}

#[test]
fn without_a_word_about_features_variables_say_what_is_on() {
    let release = "<c xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\"><b xdt:Transform=\"Insert\"/></c>";
    let files = [
        ("a.txt", "#{Port}"),
        ("b.json", "{\"Port\": 1}"),
        (
            "c.config",
            "<c><appSettings><add key=\"Port\" value=\"1\"/></appSettings></c>",
        ),
        ("d.config", "<c/>"),
        ("d.Release.config", release),
    ];
    let app = "Applications/Prod/Acme.Web/1.2.0";
    let read = |bench: &Bench| {
        let names = ["a.txt", "b.json", "c.config", "d.config"];
        names
            .map(|name| bench.read(&format!("{app}/{name}")))
            .join("\n")
    };
    let told = |bench: Bench| {
        bench
            .set("Port", "8080")
            .set("octopus.action.substituteInFiles.targetFiles", "*.txt")
            .set(
                "Octopus.Action.Package.JsonConfigurationVariablesTargets",
                "*.json",
            )
            .set("Octopus.Action.CustomScripts.Deploy.sh", "echo configured")
    };
    let bench = told(Bench::new(&files));
    bench.succeeds();
    expect![[r#"
        8080
        {"Port": 8080}
        <c><appSettings><add key="Port" value="8080"/></appSettings></c>
        <c>
          <b/>
        </c>"#]]
    .assert_eq(&read(&bench));
    assert!(bench.log().contains("Info Deploy: configured\n"));

    let nothing = told(Bench::new(&files)).features(&[]);
    nothing.succeeds();
    assert_eq!(read(&nothing), files.map(|(_, text)| text)[..4].join("\n"));
    assert!(!nothing.log().contains("configured"));

    let bench = Bench::new(&files).set("Port", "8080");
    bench.succeeds();
    expect![[r##"
        #{Port}
        {"Port": 1}
        <c><appSettings><add key="Port" value="8080"/></appSettings></c>
        <c>
          <b/>
        </c>"##]]
    .assert_eq(&read(&bench));
}
