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
