//! Sensitive values reach scripts and files, and no log.

use super::bench::Bench;

#[test]
fn no_secret_is_ever_logged() {
    let bench = Bench::new(&[
        (
            "PreDeploy.sh",
            r#"p=$(get_octopusvariable Password)
            echo "whole: $p"; echo "whole: $p" >&2; write_highlight "whole: $p"
            i=0; while [ $i -lt ${#p} ]; do printf '%s' "${p:$i:1}"; printf '%s' "${p:$i:1}" >&2; sleep 0.002; i=$((i+1)); done
            echo; echo >&2
            get_octopusvariable Key; get_octopusvariable Key >&2; echo
            set_octopusvariable Token "token-of-script" -sensitive
            echo "$(get_octopusvariable Connection)""#,
        ),
        (
            "Deploy.py",
            r#"
import sys
for name in ["Password", "Connection", "Token", "Composed"]:
    print(name, get_octopusvariable(name), flush=True)
    sys.stderr.write(get_octopusvariable(name) + "\n")
updateprogress(50, get_octopusvariable("Token"))
printwarning(get_octopusvariable("Key"))
failstep("failed with " + get_octopusvariable("Composed"))
"#,
        ),
        ("app.txt", "#{Password} #{Token}"),
        ("correct horse.txt", "#{bad syntax here #{each"),
    ])
    .features(&["SubstituteInFiles"])
    .set("Octopus.Action.SubstituteInFiles.TargetFiles", "*.txt\ncorrect horse.none")
    .set_sensitive("Password", "correct horse")
    .set_sensitive("Key", "-----BEGIN KEY-----\nMIIBase64Line\nx\n-----END KEY-----\n")
    .set("Connection", "Server=db;Password=#{Password}")
    .set_sensitive("Composed", "a-#{Token}-#{Part}")
    .set("Part", "b");
    let message = bench.fails();
    let log = bench.log();
    for secret in [
        "correct",
        "horse",
        "BEGIN KEY",
        "MIIBase64Line",
        "END KEY",
        "token-of-script",
        "a-token",
    ] {
        assert!(!log.contains(secret), "{secret} is logged:\n{log}");
        assert!(!message.contains(secret), "{message}");
    }
    assert!(message.contains("and says: failed with ****"), "{message}");
    assert!(
        log.contains("Info PreDeploy: whole: ****\n")
            && log.contains("Error PreDeploy: whole: ****\n"),
        "{log}"
    );
    assert!(
        log.contains("Info PreDeploy: Server=db;Password=****\n"),
        "{log}"
    );
    assert_eq!(
        bench.read("Applications/Prod/Acme.Web/1.2.0/app.txt"),
        "correct horse token-of-script"
    );
}

/// Secrets that hold one another, short ones, in names of artifacts and variables, told in a message of
/// which each half comes by itself, and printed after a failure.
#[test]
fn no_secret_shows_in_whatever_way_it_is_said() {
    let bench = Bench::new(&[
        (
            "PreDeploy.sh",
            r###"outer=$(get_octopusvariable Outer); inner=$(get_octopusvariable Inner)
            echo "<$outer> <$inner> <${outer%-end}>"
            printf '%s' "${outer%end}"; sleep 0.05; echo "end!"
            echo x > f; new_octopusartifact f "of $inner.txt"; new_octopusartifact "no $inner" 2>&1
            set_octopusvariable "Key" "value of $inner"
            printf "##octopus[setVariable name='VG9r' value='dDBwLXMz"; sleep 0.05
            printf "Y3JldA==' sensitive='VHJ1ZQ==']\n"
            echo t0p-s3cret; echo t0p-s3cret >&2
            echo "pin $(get_octopusvariable Pin)"
            update_progress 10 "$outer"; echo "##octopus[$outer]"
            exit 3"###,
        ),
        (
            "DeployFailed.sh",
            r#"echo "sorry for $(get_octopusvariable Outer)" >&2
            echo "sorry for $(get_octopusvariable Octopus.Action[Web].Output.Tok)"
            fail_step "sorry for $(get_octopusvariable Inner)""#,
        ),
    ])
    .set("Octopus.Action.Name", "Web")
    .set_sensitive("Outer", "begin-battery-end")
    .set_sensitive("Inner", "battery")
    .set_sensitive("Pin", "123");
    let message = bench.fails();
    let log = bench.log();
    for secret in ["battery", "-end", "t0p", "s3cret"] {
        assert!(!log.contains(secret), "{secret} is logged:\n{log}");
        assert!(!message.contains(secret), "{message}");
    }
    for line in [
        // What is left of a secret is shown where another one begins or ends in it.
        "Info PreDeploy: <****> <****> <begin-****>\n",
        "Info PreDeploy: ****!\n",
        "Warning PreDeploy: The service message \"****\" is not known to this Tentacle, and was left out.\n",
        "Error DeployFailed: sorry for ****\n",
        // Anybody would find one of three characters by trying; hidden, it would spoil all texts.
        "Info PreDeploy: pin 123\n",
    ] {
        assert!(log.contains(line), "{line} is missing:\n{log}");
    }
}

#[test]
fn a_configured_script_with_secrets_is_private_and_does_not_stay() {
    let bench = Bench::new(&[])
        .features(&["CustomScripts"])
        .set_sensitive("Password", "correct horse")
        .set(
            "Octopus.Action.CustomScripts.Deploy.sh",
            "stat -c '%a %n' *; grep -c 'correct[ ]horse' \"$0\"; : '#{Password}'; exit 1",
        );
    bench.fails();
    let log = bench.log();
    assert!(
        log.contains("Info Deploy: 600 Octopus.Action.CustomScripts.Deploy.sh\nInfo Deploy: 1\n"),
        "{log}"
    );
    assert_eq!(bench.tree("Applications/Prod/Acme.Web"), "");
}
