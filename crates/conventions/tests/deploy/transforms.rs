//! XDT transforms of configuration files: which, in which order, and what becomes of mistakes.

use expect_test::{Expect, expect};

use super::bench::Bench;

const APP: &str = "Applications/Prod/Acme.Web/1.2.0";
const EXPLICIT: &str = "Octopus.Action.Package.AdditionalXmlConfigurationTransforms";
const STRICT: &str = "Octopus.Action.Package.TreatConfigTransformationWarningsAsErrors";
const IGNORE: &str = "Octopus.Action.Package.IgnoreConfigTransformationErrors";

/// A transform that appends its own name to what was there.
fn adds(name: &str) -> String {
    format!(
        "<c xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\"><{name} xdt:Transform=\"Insert\"/></c>"
    )
}

fn bench(files: &[(&str, &str)]) -> Bench {
    Bench::new(files).features(&["ConfigurationTransforms"])
}

/// The lines of the log that this convention wrote.
fn log(bench: &Bench) -> String {
    let log = bench.log();
    let lines = log.lines().filter(|line| line.contains(" Transform: "));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn explicit_ones_come_first_then_release_environment_and_tenant() {
    let (release, prod, tenant, foo) = (adds("release"), adds("prod"), adds("tenant"), adds("foo"));
    let bench = bench(&[
        ("web.config", "<!-- ours -->\r\n<c></c>"),
        ("web.Foo.config", &foo),
        ("web.ACME.config", &tenant),
        ("WEB.prod.Config", &prod),
        ("web.Release.config", &release),
        ("web.Debug.config", "<not xml"),
        ("sub/App.config", "<c></c>"),
        ("sub/app.release.config", &release),
        ("lib/other.xml", "<c></c>"),
    ])
    .set("Octopus.Deployment.Tenant.Name", "Acme")
    .set(EXPLICIT, "Foo, *.release.config => *.config\nNone");
    bench.succeeds();
    assert_eq!(
        bench.read(&format!("{APP}/web.config")),
        "<!-- ours -->\r\n<c>\r\n  <foo/>\r\n  <release/>\r\n  <prod/>\r\n  <tenant/>\r\n</c>"
    );
    assert_eq!(
        bench.read(&format!("{APP}/sub/App.config")),
        "<c>\n  <release/>\n</c>"
    );
    assert_eq!(bench.read(&format!("{APP}/lib/other.xml")), "<c></c>");
    expect![[r#"
        Info Transform: Transforming sub/App.config by sub/app.release.config
        Info Transform: Transforming web.config by web.Foo.config
        Info Transform: Transforming web.config by web.Release.config
        Info Transform: Transforming web.config by WEB.prod.Config
        Info Transform: Transforming web.config by web.ACME.config
        Warning Transform: No files match the transform "None" (Octopus.Action.Package.AdditionalXmlConfigurationTransforms).
    "#]]
    .assert_eq(&log(&bench));
}

#[test]
fn automatic_ones_can_be_switched_off_and_nothing_happens_without_the_feature() {
    let release = adds("release");
    let files = [
        ("web.config", "<c></c>"),
        ("web.Release.config", release.as_str()),
    ];
    let off = "Octopus.Action.Package.AutomaticallyRunConfigurationTransformationFiles";
    for bench in [
        bench(&files).set(off, "False"),
        Bench::new(&files)
            .features(&["ConfigurationVariables"])
            .set(off, "True"),
    ] {
        bench.succeeds();
        assert_eq!(bench.read(&format!("{APP}/web.config")), "<c></c>");
    }
}

#[test]
fn a_file_that_was_a_transform_gets_no_variables() {
    let setting = |name: &str| {
        format!(
            "<c xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\"><appSettings><add key=\"{name}\" value=\"old\"/></appSettings></c>"
        )
    };
    let (web, release, debug) = (setting("A"), setting("A"), setting("A"));
    let bench = Bench::new(&[
        ("web.config", &web),
        ("web.Release.config", &release),
        ("web.Debug.config", &debug),
    ])
    .features(&[
        "ConfigurationTransforms",
        "ConfigurationVariables",
        "JsonConfigurationVariables",
    ])
    .set(
        "Octopus.Action.Package.JsonConfigurationVariablesTargets",
        "*.config",
    )
    .set("A", "new")
    .set("/c/appSettings/add/@value", "newer");
    bench.succeeds();
    for (file, value) in [
        ("web.config", "\"newer\""),
        ("web.Debug.config", "\"newer\""),
        ("web.Release.config", "\"old\""),
    ] {
        let text = bench.read(&format!("{APP}/{file}"));
        assert!(text.contains(value), "{file}: {text}");
    }
    let log = bench.log();
    for step in ["Configure", "Structure"] {
        let line =
            format!("Verbose {step}: web.Release.config was a transform, and gets no variables\n");
        assert!(log.contains(&line), "{log}");
    }
}

const REMOVES: &str = "<c xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\">
  <missing xdt:Transform=\"Remove\"/>
  <there xdt:Transform=\"Insert\"/>
</c>";
const IMPORTS: &str = "<c xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\">
  <xdt:Import assembly=\"a\" namespace=\"b\"/>
  <there xdt:Transform=\"Insert\"/>
</c>";

#[expect(
    clippy::needless_pass_by_value,
    reason = "a call reads better without a borrow"
)]
fn check(transform: &str, settings: &[(&str, &str)], expected: Expect) {
    let mut bench = bench(&[("web.config", "<c></c>"), ("web.Release.config", transform)]);
    for (name, value) in settings {
        bench = bench.set(name, value);
    }
    let ended = match bench.deploy() {
        Ok(_) => bench.read(&format!("{APP}/web.config")),
        Err(error) => bench.plain(&error.message),
    };
    let log = log(&bench);
    let log = log.lines().filter(|line| !line.starts_with("Error"));
    let log: String = log.map(|line| format!("{line}\n")).collect();
    expected.assert_eq(&format!("{log}{ended}\n"));
}

#[test]
fn warnings_are_errors_unless_told_otherwise() {
    check(
        REMOVES,
        &[],
        expect![[r#"
            Info Transform: Transforming web.config by web.Release.config
            Warning Transform: web.Release.config, line 2, column 3: no element of the source matches `/c/missing`
            ROOT/Applications/Prod/Acme.Web/1.2.0/web.config cannot be transformed by ROOT/Applications/Prod/Acme.Web/1.2.0/web.Release.config: line 2, column 3 of the transform: no element of the source matches `/c/missing`; correct the transform, or set Octopus.Action.Package.TreatConfigTransformationWarningsAsErrors to False
        "#]],
    );
    for settings in [[(STRICT, "False")], [(IGNORE, "True")]] {
        check(
            REMOVES,
            &settings,
            expect![[r#"
                Info Transform: Transforming web.config by web.Release.config
                Warning Transform: web.Release.config, line 2, column 3: no element of the source matches `/c/missing`
                <c>
                  <there/>
                </c>
            "#]],
        );
    }
}

#[test]
fn errors_fail_the_deployment_unless_they_are_to_be_ignored() {
    check(
        IMPORTS,
        &[(STRICT, "False")],
        expect![[r#"
        Info Transform: Transforming web.config by web.Release.config
        ROOT/Applications/Prod/Acme.Web/1.2.0/web.config cannot be transformed by ROOT/Applications/Prod/Acme.Web/1.2.0/web.Release.config: line 2, column 3 of the transform: `xdt:Import` loads transforms from a program library, which is not allowed; remove it
    "#]],
    );
    check(
        IMPORTS,
        &[(IGNORE, "True")],
        expect![[r#"
        Info Transform: Transforming web.config by web.Release.config
        Warning Transform: web.Release.config, line 2, column 3: `xdt:Import` loads transforms from a program library, which is not allowed; remove it
        <c>
          <there/>
        </c>
    "#]],
    );
    check(
        "<c>\n<b></c>",
        &[],
        expect![[r#"
        Info Transform: Transforming web.config by web.Release.config
        ROOT/Applications/Prod/Acme.Web/1.2.0/web.config cannot be transformed by ROOT/Applications/Prod/Acme.Web/1.2.0/web.Release.config: line 2, column 4 of the transform: expected 'b' tag, not 'c'; correct the XML
    "#]],
    );
    check(
        "<c>\n<b></c>",
        &[(IGNORE, "True")],
        expect![[r#"
        Info Transform: Transforming web.config by web.Release.config
        Warning Transform: ROOT/Applications/Prod/Acme.Web/1.2.0/web.config cannot be transformed by ROOT/Applications/Prod/Acme.Web/1.2.0/web.Release.config: line 2, column 4 of the transform: expected 'b' tag, not 'c'; correct the XML
        <c></c>
    "#]],
    );
    check(
        "<!DOCTYPE c><c/>",
        &[],
        expect![[r#"
        Info Transform: Transforming web.config by web.Release.config
        ROOT/Applications/Prod/Acme.Web/1.2.0/web.config cannot be transformed by ROOT/Applications/Prod/Acme.Web/1.2.0/web.Release.config: line 1, column 1 of the transform: the document has a DTD (`<!DOCTYPE`), which is not allowed; remove it
    "#]],
    );
}

#[test]
fn a_source_that_is_no_xml_is_named_with_the_place() {
    let release = adds("x");
    let bench = bench(&[
        ("web.config", "<c>\n  <d>\n</c>"),
        ("web.Release.config", &release),
    ]);
    expect!["Transform: ROOT/Applications/Prod/Acme.Web/1.2.0/web.config cannot be transformed by ROOT/Applications/Prod/Acme.Web/1.2.0/web.Release.config: line 3, column 1: expected 'd' tag, not 'c'; correct the XML of the file"].assert_eq(&bench.fails());
}

#[test]
fn encodings_are_kept() {
    let utf16 = |text: &str| {
        let units = std::iter::once('\u{FEFF}').chain(text.chars());
        units
            .collect::<String>()
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    let transform = "<?xml version=\"1.0\" encoding=\"utf-16\"?><c xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\" a=\"ö\" xdt:Transform=\"SetAttributes\"/>";
    let bench = bench(&[("PreDeploy.sh", "mv \"$(get_octopusvariable Made)\"/* .")]);
    let made = bench.path("made");
    std::fs::create_dir(&made).unwrap();
    std::fs::write(made.join("web.Release.config"), utf16(transform)).unwrap();
    std::fs::write(
        made.join("web.config"),
        b"<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><c>\xE4</c>",
    )
    .unwrap();
    let bench = bench.set("Made", made.to_str().unwrap());
    bench.succeeds();
    let bytes = std::fs::read(bench.path(&format!("{APP}/web.config"))).unwrap();
    assert_eq!(
        bytes,
        b"<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><c a=\"\xF6\">\xE4</c>"
    );
}
