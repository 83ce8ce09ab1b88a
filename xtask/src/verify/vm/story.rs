//! Install, register, deploy, upgrade, reboot, install over it, purge; and nothing is left behind.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::guest::{Guest, Setup};
use super::{NEW, OLD, READY};
use crate::demo::portal::Portal;
use crate::demo::rest::{Rest, string};

const PATIENCE: Duration = Duration::from_secs(900);
const PASSWORD: &str = "octopus-in-a-virtual-machine";
const HOME: &str = "/var/lib/octopus-tentacle";

/// How the portal is spoken to from outside.
pub(super) struct Access {
    address: String,
    key: String,
}

/// Tells the story, and gives access to the portal and how long the upgrade took. The disk keeps the state
/// from which it was upgraded.
pub(super) fn until_upgraded(
    guest: Guest<'_>,
    setup: &Setup<'_>,
    disk: &Path,
) -> anyhow::Result<(Access, Duration)> {
    say("booted; installing both packages");
    let before = installed_files(&guest)?;
    install(&guest)?;
    let access = register(&guest, setup)?;
    say("installed and registered; deploying a package");
    deploy(&guest)?;
    // An update of the server's package, which offers the new Tentacle.
    guest.shell(&format!("dpkg -i /mnt/octopus-server_{NEW}_amd64.deb"))?;
    access.offered()?;
    guest.save(READY)?;
    say("deployed; upgrading by the portal's button");
    let begun = Instant::now();
    let task = access.press_upgrade()?;
    access.ended(&task, "Success")?;
    let took = begun.elapsed();
    healthy(&guest, &access, NEW)?;
    say(&format!(
        "upgraded in {:.1} s; rebooting",
        took.as_secs_f64()
    ));
    guest.end("systemctl reboot")?;
    let guest = Guest::start(setup, disk, None)?;
    healthy(&guest, &access, NEW)?;
    say("healthy after the reboot; installing the old package over it");
    let package = format!("octopus-tentacle_{OLD}_amd64.deb");
    guest.shell(&format!(
        "mountpoint -q /mnt || mount -o ro /dev/vdb /mnt; dpkg -i /mnt/{package}"
    ))?;
    healthy(&guest, &access, NEW)?;
    service(&guest, &access)?;
    say("the newer one still runs; purging, and installing by the tarball");
    guest.shell("dpkg --purge octopus-tentacle")?;
    tarball(&guest, &access)?;
    purge(&guest, &before)?;
    guest.end("systemctl poweroff")?;
    say("purged, and nothing is left but what was deployed");
    Ok((access, took))
}

fn install(guest: &Guest<'_>) -> anyhow::Result<()> {
    guest.shell(&format!(
        "mount -o ro /dev/vdb /mnt
         echo OCTOPUS_ADMIN_PASSWORD={PASSWORD} > /run/first
         mkdir -p /run/systemd/system/octopus-server.service.d
         printf '[Service]\\nEnvironmentFile=/run/first\\n' > /run/systemd/system/octopus-server.service.d/first.conf
         dpkg -i /mnt/octopus-server_{OLD}_amd64.deb /mnt/octopus-tentacle_{OLD}_amd64.deb
         sed -i s/127.0.0.1:8080/0.0.0.0:8080/ /etc/default/octopus-server
         sed -i 's/OCTOPUS_OPTIONS=.*/OCTOPUS_OPTIONS=\"--health-interval 2\"/' /etc/default/octopus-server
         systemctl restart octopus-server"
    ))?;
    // Ready from the first moment on, whatever it still has to do.
    let state = guest.shell("systemctl is-active octopus-tentacle octopus-server")?;
    ensure!(state == "active\nactive", "{state}");
    Ok(())
}

fn register(guest: &Guest<'_>, setup: &Setup<'_>) -> anyhow::Result<Access> {
    let key = patiently("an API key", || {
        guest.shell(
            "runuser -u octopus-server -- octopus api-key create --data /var/lib/octopus-server --user admin",
        )
    })?;
    let key = key.lines().last().unwrap_or_default().trim().to_owned();
    let octo = octo(&key);
    patiently("an environment", || {
        guest.shell(&format!("{octo}; octo environment create --name Test"))
    })?;
    refused(guest, "http://127.0.0.1:8080", "API-WRONG", "refused (401)")?;
    refused(guest, "http://127.0.0.1:1", &key, "can't be reached")?;
    // Any program that listens on Tentacle's port (2AB5), and is at hand.
    guest.shell(
        "systemctl stop octopus-tentacle
         systemd-run --quiet --unit taker octopus serve --listen 0.0.0.0:10933 --data /tmp/taker
         until grep -q ':2AB5 00000000:0000 0A' /proc/net/tcp; do sleep 1; done",
    )?;
    refused(guest, "http://127.0.0.1:8080", &key, "can't be listened on")?;
    guest.shell("systemctl stop taker; rm -r /tmp/taker")?;
    guest.shell(&format!(
        "octopus-tentacle-register --server http://127.0.0.1:8080 --api-key {key} --environment Test --role web \
           --name guest --public-host-name 127.0.0.1 --wait 300"
    ))?;
    let access = Access {
        address: setup.portal(),
        key,
    };
    healthy(guest, &access, OLD)?;
    Ok(access)
}

/// A mistake at the registration is told in one plain message, and nothing of it stays.
fn refused(guest: &Guest<'_>, server: &str, key: &str, expected: &str) -> anyhow::Result<()> {
    let tried = guest.shell(&format!(
        "octopus-tentacle-register --server {server} --api-key {key} --environment Test --role web --wait 40"
    ));
    let said = format!("{:#}", tried.err().context("it was taken")?);
    ensure!(said.contains("is not registered"), "{said}");
    ensure!(said.contains(expected), "not `{expected}` but: {said}");
    guest.shell(&format!("test ! -e {HOME}/config/register.json"))?;
    Ok(())
}

fn deploy(guest: &Guest<'_>) -> anyhow::Result<()> {
    let key = guest.shell(
        "runuser -u octopus-server -- octopus api-key create --data /var/lib/octopus-server --user admin",
    )?;
    let octo = octo(key.lines().last().unwrap_or_default().trim());
    let said = guest.shell(&format!(
        "{octo}
         mkdir -p /tmp/app; printf '#!/bin/sh\\nuname -n > deployed-on\\n' > /tmp/app/Deploy.sh
         cd /tmp
         octo package nuget create --id Acme.Hello --version 1.0.0 --author Acme --description d \
           --base-path /tmp/app --out-folder /tmp
         octo package upload --package /tmp/Acme.Hello.1.0.0.nupkg
         octo package deploy Acme.Hello --version 1.0.0 --environment Test
         cat {HOME}/Applications/Test/Acme.Hello/1.0.0/deployed-on"
    ))?;
    ensure!(said.ends_with("guest"), "{said}");
    Ok(())
}

/// What systemd says of the service: reload, restart after a kill, its journal, and a stop in time.
fn service(guest: &Guest<'_>, access: &Access) -> anyhow::Result<()> {
    let pid = "systemctl show -P MainPID octopus-tentacle";
    // Debian's smallest system has no pgrep.
    let children = "cat /proc/[0-9]*/comm 2>/dev/null | grep -ix tentacle";
    guest.shell(&format!(
        "before=$({pid}); systemctl reload octopus-tentacle; test \"$({pid})\" = \"$before\"
         journalctl --quiet -u octopus-tentacle | grep -q 'started Tentacle {NEW}'
         {children}
         systemctl stop octopus-tentacle
         test \"$(systemctl show -P Result octopus-tentacle)\" = success
         if {children}; then exit 1; fi"
    ))?;
    // What every other step asks can be denied.
    let stopped = any_healthy(guest, access);
    ensure!(stopped.is_err(), "a stopped Tentacle is called healthy");
    guest.shell("systemctl start octopus-tentacle")?;
    Ok(())
}

/// The folder in the tarball, which is called like it.
pub(super) fn tarball_folder() -> String {
    format!("octopus-tentacle-{OLD}-linux-x64")
}

/// `install.sh` where systemd is: a mistake changes nothing, the next run installs, and nothing stays of it.
fn tarball(guest: &Guest<'_>, access: &Access) -> anyhow::Result<()> {
    let (folder, key) = (tarball_folder(), &access.key);
    let home = "/opt/web-tentacle";
    let unit = "/etc/systemd/system/web-tentacle.service";
    let install = |key: &str| {
        guest.shell(&format!(
            "/tmp/{folder}/install.sh --home {home} --server http://127.0.0.1:8080 --api-key {key} \
               --environment Test --role web --name again --public-host-name 127.0.0.1 --wait 300"
        ))
    };
    guest.shell(&format!("tar -xzf /mnt/{folder}.tar.gz -C /tmp"))?;
    let wrong = install("API-WRONG")
        .err()
        .context("a wrong key was taken")?;
    let said = format!("{wrong:#}");
    ensure!(said.contains("refused (401)"), "{said}");
    guest.shell(&format!("test ! -e {home}; test ! -e {unit}"))?;
    install(key)?;
    let said = guest.shell(&format!(
        "systemctl is-active web-tentacle; systemctl is-enabled web-tentacle
         systemctl restart web-tentacle; {home}/bin/suction-cup status --home {home}"
    ))?;
    ensure!(said.starts_with("active\nenabled\n"), "{said}");
    patiently("it runs again", || {
        let said = guest.shell(&format!("{home}/bin/suction-cup status --home {home}"))?;
        let runs = format!("Tentacle {OLD} is running");
        ensure!(said.starts_with(&runs) && said.contains("good"), "{said}");
        Ok(())
    })?;
    guest.shell(&format!(
        "{home}/bin/install.sh --uninstall --home {home}; test ! -e {home}; test ! -e {unit}; rm -r /tmp/{folder}"
    ))?;
    Ok(())
}

fn purge(guest: &Guest<'_>, before: &[String]) -> anyhow::Result<()> {
    guest.shell("dpkg --purge octopus-server; umount /mnt; rm -rf /tmp/app /tmp/Acme*")?;
    let after = installed_files(guest)?;
    let applications = format!("{HOME}/Applications");
    let left: Vec<&String> = after
        .iter()
        .filter(|path| !before.contains(path))
        .filter(|path| *path != HOME && !path.starts_with(&applications))
        .collect();
    ensure!(left.is_empty(), "left behind: {left:?}");
    let running =
        guest.shell("systemctl list-units --all --no-legend 'octopus*' '*tentacle*' | wc -l")?;
    ensure!(running == "0", "units are left: {running}");
    Ok(())
}

/// Every path but those in which the system itself keeps books.
fn installed_files(guest: &Guest<'_>) -> anyhow::Result<Vec<String>> {
    let said = guest.shell(
        "find / -xdev | grep -Ev '^/(tmp|root|var/(log|cache|tmp|lib/(dpkg|systemd|private)))(/|$)|^/etc/[a-z]+-$' || true",
    )?;
    Ok(said.lines().map(str::to_owned).collect())
}

/// Waits until this version runs there, its ledger calls it good, and the server finds it healthy.
pub(super) fn healthy(guest: &Guest<'_>, access: &Access, version: &str) -> anyhow::Result<()> {
    let found = patiently("a healthy Tentacle", || any_healthy(guest, access))?;
    ensure!(found == version, "{found} runs in place of {version}");
    Ok(())
}

/// The version that runs, is good, and is healthy to the server.
pub(super) fn any_healthy(guest: &Guest<'_>, access: &Access) -> anyhow::Result<String> {
    let status = guest.shell(&format!(
        "/usr/lib/octopus-tentacle/suction-cup status --json --home {HOME}"
    ))?;
    let status: Value = serde_json::from_str(&status).context("status is no JSON")?;
    let version = string(&status, "version").context("nothing runs")?;
    let versions = status.get("versions").and_then(Value::as_array);
    let mut versions = versions.into_iter().flatten();
    let good = versions.any(|one| {
        string(one, "version").as_ref() == Some(&version)
            && string(one, "standing").as_deref() == Some("good")
    });
    ensure!(good, "{version} is not good: {status}");
    let machines = access.rest().machines()?;
    let machine = machines.first().context("the server knows no machine")?;
    let health = string(machine, "HealthStatus");
    ensure!(health.as_deref() == Some("Healthy"), "{health:?}");
    let seen = string(machine, "Endpoint/TentacleVersionDetails/Version");
    ensure!(seen.as_ref() == Some(&version), "the server sees {seen:?}");
    Ok(version)
}

impl Access {
    pub(super) fn rest(&self) -> Rest {
        Rest::new(&self.address, &self.key)
    }

    /// Waits until the new version is offered.
    fn offered(&self) -> anyhow::Result<()> {
        patiently("the new version is offered", || {
            let machines = self.rest().machines()?;
            let machine = machines.first().context("no machine")?;
            let available = string(machine, "Endpoint/TentacleVersionDetails/AvailableVersion");
            ensure!(available.as_deref() == Some(NEW), "{available:?} is");
            let health = string(machine, "HealthStatus");
            ensure!(health.as_deref() == Some("Healthy"), "{health:?}");
            Ok(())
        })
    }

    /// Sends the form of the Environments page; gives the task.
    pub(super) fn press_upgrade(&self) -> anyhow::Result<String> {
        let portal = Portal::sign_in(&self.address, "admin", PASSWORD)?;
        let (location, endpoint) = portal.press("/environments/upgrade")?;
        ensure!(endpoint == "/api/Spaces-1/tasks", "{endpoint}");
        let task = location.rsplit('/').next().context("no task")?;
        Ok(task.to_owned())
    }

    /// Waits for the end of a task, which must be this.
    pub(super) fn ended(&self, task: &str, expected: &str) -> anyhow::Result<()> {
        let state = patiently("the end of the task", || {
            let state = string(&self.rest().task(task)?, "State").context("no state")?;
            ensure!(state != "Queued" && state != "Executing", "it is {state}");
            Ok(state)
        })?;
        if state != expected {
            bail!("{task} ended with {state}: {:?}", self.rest().log(task)?);
        }
        Ok(())
    }
}

fn octo(key: &str) -> String {
    format!("export OCTOPUS_URL=http://127.0.0.1:8080 OCTOPUS_API_KEY={key}")
}

/// Tries until it works, or for too long.
pub(super) fn patiently<T>(
    what: &str,
    mut attempt: impl FnMut() -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let until = Instant::now() + PATIENCE;
    loop {
        match attempt() {
            Ok(found) => return Ok(found),
            Err(error) if Instant::now() > until => {
                return Err(error.context(format!("waited in vain for {what}")));
            }
            Err(_) => thread::sleep(Duration::from_millis(500)),
        }
    }
}

pub(super) fn say(text: &str) {
    println!("virtual machine: {text}");
}
