//! What goes into scripts and comes out of them.

use expect_test::expect;

use super::super::bootstrap::Bootstrap;
use super::super::{End, Language, OutputVariable};
use super::*;

/// Values that a careless way of passing them would break.
const NASTY: [&str; 12] = [
    "",
    " spaces  around ",
    "it's \"quoted\" `echo x` $(echo x) $HOME ${HOME} \\ \\n %s %% !x",
    "two\nlines\n",
    "\r\n\ttabs",
    "'; exit 9; echo '",
    "ä€\u{1F419}",
    "-n",
    "-e \\c",
    "* ? [a-z] ~ #{x} ##octopus[stdout-error]",
    "\u{1}\u{7f}\u{1b}[31m",
    "nul\0in % the \\ 'middle'\u{0}7",
];

fn outputs(report: &Report) -> Vec<(&str, &str, bool)> {
    report
        .variables
        .iter()
        .map(|v| (v.name.as_str(), v.value.as_str(), v.sensitive))
        .collect()
}

fn bench_with_nasty_values() -> Bench {
    let named = NASTY
        .iter()
        .enumerate()
        .map(|(index, value)| (format!("Value[{index}]"), *value));
    named.fold(Bench::new(), |bench, (name, value)| bench.set(&name, value))
}

#[test]
fn any_value_reaches_a_shell_script_unchanged() {
    let script = "for i in 0 1 2 3 4 5 6 7 8 9 10 11; do get_octopusvariable \"value[$i]\" > \"out $i\"; done";
    for interpreter in ["bash", "sh"] {
        let bench = bench_with_nasty_values();
        let file = bench.folder.path().join("Deploy.sh");
        fs::write(&file, script).unwrap();
        let interpreter = std::process::Command::new("which")
            .arg(interpreter)
            .output()
            .unwrap()
            .stdout;
        let interpreter = String::from_utf8(interpreter).unwrap();
        let bootstrap = Bootstrap::new(&bench.work_folder()).unwrap();
        let mut command = bootstrap
            .command(
                Language::Shell,
                interpreter.trim().as_ref(),
                &file,
                &bench.variables,
            )
            .unwrap();
        let output = command.current_dir(bench.folder.path()).output().unwrap();
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{output:?}"
        );
        for (index, value) in NASTY.iter().enumerate() {
            // Through files: a shell variable holds no NUL and no line break at the end.
            let seen =
                fs::read_to_string(bench.folder.path().join(format!("out {index}"))).unwrap();
            assert_eq!(seen, *value, "value {index}");
        }
    }
}

#[test]
fn any_value_reaches_a_python_script_unchanged() {
    let bench = bench_with_nasty_values();
    let script = "
for i in range(12):
    with open('out %d' % i, 'wb') as file:
        file.write(get_octopusvariable('VALUE[%d]' % i).encode())
    set_octopusvariable('Copy%d' % i, get_octopusvariable('value[%d]' % i))
";
    let report = bench.run("Deploy.py", script);
    assert_eq!(report.end, End::Code(0), "{}", bench.log.text());
    for (index, value) in NASTY.iter().enumerate() {
        let file = bench
            .folder
            .path()
            .join(format!("app's folder/out {index}"));
        assert_eq!(fs::read_to_string(file).unwrap(), *value, "value {index}");
        assert_eq!(report.variables[index].value, *value);
    }
}

#[test]
fn a_shell_script_sets_variables_and_more() {
    let bench = Bench::new().set("Octopus.Environment.Name", "Prod");
    let script = r#"
set -eu
set_octopusvariable "Env" "$(get_octopusvariable octopus.environment.NAME)"
set_octopusvariable "Nasty 'name'" "it's
two lines	\n %s"
set_octopusvariable Password hunter2 -sensitive
set_octopusvariable Empty ""
test -z "$(get_octopusvariable missing)"
echo "the password is hunter2"
write_verbose "a" b; write_highlight c; write_wait d; write_warning e
echo f
update_progress 50 "half
way"
echo content > kept.txt
new_octopusartifact kept.txt
new_octopusartifact "$PWD/kept.txt" "another name"
new_octopusartifact missing.txt 2>&1 || echo "no such file"
test "$0" = "$PWD/Deploy.sh" && test "$#" = 0
"#;
    let report = bench.run("Deploy.sh", script);
    assert_eq!(report.end, End::Code(0), "{}", bench.log.text());
    assert_eq!(
        outputs(&report),
        [
            ("Env", "Prod", false),
            ("Nasty 'name'", "it's\ntwo lines\t\\n %s", false),
            ("Password", "hunter2", true),
            ("Empty", "", false)
        ]
    );
    expect![[r#"
        Info: the password is ****
        Verbose: a b
        Highlight: c
        Wait: d
        Warning: e
        Info: f
        Info: new_octopusartifact: there is no file "missing.txt"
        Info: no such file
    "#]]
    .assert_eq(&bench.log.text());
    assert_eq!(
        *bench.log.progress.lock().unwrap(),
        [(50, "half\nway".to_owned())]
    );
    let path = bench.folder.path().join("app's folder/kept.txt");
    let names: Vec<_> = report
        .artifacts
        .iter()
        .map(|kept| (kept.path.clone(), kept.name.as_str()))
        .collect();
    assert_eq!(names, [(path.clone(), "kept.txt"), (path, "another name")]);
    assert!(!report.wrote_errors);
}

#[test]
fn a_python_script_sets_variables_and_more() {
    let bench = Bench::new().set("Name", "Prod");
    let script = r#"
import os, sys
set_octopusvariable("Env", octopusvariables["NAME"])
set_octopusvariable("Password", "hunter2", sensitive=True)
print("the password is hunter2")
printverbose("a"); printhighlight("c"); printwait("d"); printwarning("e")
updateprogress(50, "half")
open("kept.txt", "w").close()
createartifact("kept.txt")
assert __name__ == "__main__" and sys.argv == [__file__] and sys.path[0] == os.getcwd()
try:
    get_octopusvariable("missing")
except KeyError:
    print("missing")
def function_sees_helpers():
    failstep("cannot go on")
function_sees_helpers()
"#;
    let report = bench.run("Deploy.py", script);
    assert_eq!(report.end, End::Code(1));
    assert_eq!(report.result_message.as_deref(), Some("cannot go on"));
    assert_eq!(
        outputs(&report),
        [("Env", "Prod", false), ("Password", "hunter2", true)]
    );
    assert_eq!(report.artifacts.len(), 1);
    expect![[r#"
        Info: the password is ****
        Verbose: a
        Highlight: c
        Wait: d
        Warning: e
        Info: missing
    "#]]
    .assert_eq(&bench.log.text());
}

#[test]
fn values_are_only_for_the_own_user_and_never_in_arguments() {
    let bench = Bench::new().set("Password", "correct horse");
    let script = r#"
import os, stat
arguments = open("/proc/self/cmdline").read()
assert "correct horse" not in arguments and "correct horse" not in str(os.environ)
work = os.path.join(os.path.dirname(os.getcwd()), "work")
(run,) = os.listdir(work)
print(oct(stat.S_IMODE(os.stat(os.path.join(work, run)).st_mode)))
print(sorted(os.listdir(os.path.join(work, run))))
"#;
    let report = bench.run("Deploy.py", script);
    assert_eq!(report.end, End::Code(0), "{}", bench.log.text());
    expect![[r#"
        Info: 0o700
        Info: ['bootstrap.py']
    "#]]
    .assert_eq(&bench.log.text());

    let bootstrap = Bootstrap::new(&bench.work_folder()).unwrap();
    let script = bench.folder.path().join("app's folder/Deploy.sh");
    fs::write(&script, "").unwrap();
    let command = bootstrap.command(
        Language::Shell,
        "/bin/sh".as_ref(),
        &script,
        &bench.variables,
    );
    let command = command.unwrap();
    let changes: Vec<_> = command.get_envs().collect();
    assert_eq!(changes, [(layout::RUN_NONCE.as_ref(), None)]);
    let file = fs::read_dir(bench.work_folder())
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path()
        .join("bootstrap.sh");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_script_written_on_windows_runs() {
    let bench = Bench::new();
    let report = bench.run(
        "Deploy.sh",
        "\u{FEFF}if true; then\r\n  echo fine\r\nfi\r\n",
    );
    assert_eq!(report.end, End::Code(0));
    assert_eq!(bench.log.text(), "Info: fine\n");
}

#[test]
fn a_sensitive_variable_does_not_show_in_debug_output() {
    let variable = OutputVariable {
        name: "P".into(),
        value: "hunter2".into(),
        sensitive: true,
    };
    assert_eq!(format!("{variable:?}"), "P = \"****\"");
}

#[test]
fn a_missing_interpreter_is_told_with_a_way_out() {
    let missing =
        Language::Python.interpreter("Deploy.py".as_ref(), Some("/nowhere:relative".into()));
    expect!["Deploy.py cannot be run: there is no python3 in the PATH of Tentacle (/nowhere:relative); install it, or give the script in another language"]
        .assert_eq(&missing.unwrap_err().to_string());
    let error = Bench::new()
        .try_run("Deploy.fsx", "")
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with(
            "runs no FSharp scripts on this system; give it as a shell script (.sh), in Python (.py) or in PowerShell (.ps1)"
        ),
        "{error}"
    );
}
