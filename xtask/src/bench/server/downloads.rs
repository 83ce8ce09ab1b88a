//! Downloads of packages beside nginx's of the same files, by the same client.

use std::{fs, process::Command, thread, time::Duration};

use anyhow::{Context, ensure};

use super::{
    report::{Figure, Report},
    stage::{self, Stage},
};
use crate::bench::{figures::median, process::Process};

/// Each of both is measured so often, in turns.
const TURNS: usize = 3;

/// Name and size of what is downloaded.
const SIZES: [(&str, usize); 2] = [("1 MB", 1 << 20), ("20 MB", 20 << 20)];

pub(super) fn measure(stage: &Stage, seconds: u32, report: &mut Report) -> anyhow::Result<()> {
    let root = stage.folder.join("files");
    fs::create_dir_all(&root)?;
    let port = stage::free_port()?;
    let _nginx = nginx(stage, port)?;
    for (name, size) in SIZES {
        eprintln!("downloads of {name}");
        let version = format!("1.0.{size}");
        let package = stage::package("Acme.Download", &version, size)?;
        stage.push(&package)?;
        fs::write(root.join(&version), &package)?;
        let ours = format!(
            "{}/nuget/v3/flat/acme.download/{version}/acme.download.{version}.nupkg",
            stage.url
        );
        let theirs = format!("http://127.0.0.1:{port}/{version}");
        let (mut our_rates, mut their_rates) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            our_rates.push(wrk(&ours, &stage.key, seconds)?);
            their_rates.push(wrk(&theirs, &stage.key, seconds)?);
        }
        let (ours, theirs) = (median(our_rates), median(their_rates));
        let (ours, theirs) = ours.zip(theirs).context("nothing was measured")?;
        let of = |what: &str| format!("downloads of {name}, {what}");
        report.add(Figure::anchor(&of("nginx"), "MB/s", theirs));
        report.add(Figure::anchor(&of("octopus"), "MB/s", ours));
        report.add(Figure::at_least(&of("ratio"), "", ours / theirs, 0.8));
    }
    Ok(())
}

/// As Debian sets it up, but for the folders.
fn nginx(stage: &Stage, port: u16) -> anyhow::Result<Process> {
    let folder = stage.folder.join("nginx");
    fs::create_dir_all(&folder)?;
    let (here, root) = (folder.display(), stage.folder.join("files"));
    let config = format!(
        "daemon off;\nworker_processes auto;\npid {here}/pid;\nerror_log {here}/error.log;\n\
         events {{ worker_connections 768; }}\n\
         http {{\n access_log off; sendfile on; tcp_nopush on;\n\
         client_body_temp_path {here}/1; proxy_temp_path {here}/2; fastcgi_temp_path {here}/3;\n\
         uwsgi_temp_path {here}/4; scgi_temp_path {here}/5;\n\
         server {{ listen 127.0.0.1:{port}; root {}; }}\n}}\n",
        root.display()
    );
    let file = folder.join("nginx.conf");
    fs::write(&file, config)?;
    // Files of root are read by nobody else.
    fs::set_permissions(&root, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    let program = "/usr/sbin/nginx".as_ref();
    let mut command = Command::new(program);
    command.arg("-c").arg(&file).args(["-g", "user root;"]);
    let process = Process::start(&command, &folder.join("log"), program)?;
    for _ in 0..500 {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok(process);
        }
        thread::sleep(Duration::from_millis(10));
    }
    anyhow::bail!("nginx did not start; see {}", folder.display())
}

/// Megabytes that arrive each second, over 8 connections.
fn wrk(url: &str, key: &str, seconds: u32) -> anyhow::Result<f64> {
    let output = Command::new("wrk")
        .args(["--threads", "1", "--connections", "8", "--timeout", "30s"])
        .args(["--duration", &format!("{seconds}s")])
        .args(["--header", &format!("X-Octopus-ApiKey: {key}"), url])
        .output()
        .context("wrk can't be started")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(!text.contains("Non-2xx"), "{url}: {text}");
    parse_rate(&text).with_context(|| format!("wrk says: {text}"))
}

fn parse_rate(text: &str) -> Option<f64> {
    let mut lines = text.lines();
    let rate = lines.find_map(|line| line.trim().strip_prefix("Transfer/sec:"))?;
    let rate = rate.trim();
    let (number, factor) = [("GB", 1024.0), ("MB", 1.0), ("KB", 1.0 / 1024.0)]
        .into_iter()
        .find_map(|(unit, factor)| Some((rate.strip_suffix(unit)?, factor)))?;
    Some(number.parse::<f64>().ok()? * factor)
}

#[cfg(test)]
mod tests {
    use super::parse_rate;

    #[test]
    fn the_rate_is_read() {
        for (text, expected) in [
            (
                "Requests/sec:  1\nTransfer/sec:      1.50GB\n",
                Some(1536.0),
            ),
            ("Transfer/sec:    512.00KB", Some(0.5)),
            ("Transfer/sec:    7B", None),
            ("", None),
        ] {
            assert_eq!(parse_rate(text), expected, "{text}");
        }
    }
}
