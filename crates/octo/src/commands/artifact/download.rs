//! `octo artifact download`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use api::Artifact;
use clap::Args;

use crate::error::Error;
use crate::files;
use crate::output::{Cell, size};
use crate::session::Session;

/// Fetches the file of an artifact.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  octo artifact download Artifacts-7
  octo artifact download Artifacts-7 --out report.xml --overwrite
  octo artifact download Artifacts-7 --out - | less")]
pub(crate) struct Arguments {
    /// Its id.
    #[arg(value_name = "ID")]
    id: String,
    /// Where it goes; `-`: to standard output [default: its own name, in this folder].
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Put it in the place of a file that is there already.
    #[arg(long)]
    overwrite: bool,
}

/// Fetches it.
pub(crate) fn run(arguments: Arguments, session: &Session<'_>) -> Result<(), Error> {
    let client = session.client()?;
    let own = ["artifacts", &arguments.id];
    let artifact: Artifact = client.get(&client.in_space(&own), &[])?;
    let content = client.in_space(&[&own[..], &["content"]].concat());
    if arguments.out.as_deref() == Some(Path::new("-")) {
        let mut out = io::stdout().lock();
        client.download(&content, &mut |bytes| out.write_all(bytes))??;
        return Ok(out.flush()?);
    }
    // The name comes from a script: nothing but a name in this folder counts.
    let name = artifact.filename.rsplit(['/', '\\']).next();
    let name = name.filter(|name| !matches!(*name, "" | "." | ".."));
    let to = arguments.out;
    let to = to.unwrap_or_else(|| name.unwrap_or(&artifact.id).into());
    if to.exists() && !arguments.overwrite {
        return Err(Error::Files {
            message: format!("{} is there already.", to.display()),
            hint: "Give --overwrite to put the artifact in its place, or --out with another name.",
        });
    }
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    let failed = || files::failed("written", &to);
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
        .map_err(|error| failed()(error))?;
    client
        .download(&content, &mut |bytes| file.write_all(bytes))?
        .map_err(|error| failed()(error))?;
    let kept = match arguments.overwrite {
        true => file.persist(&to),
        false => file.persist_noclobber(&to),
    };
    kept.map_err(|error| failed()(error.error))?;
    let path = to.display().to_string();
    let fields = vec![
        ("Id", Cell::from(&artifact.id)),
        ("File", (&path).into()),
        ("Size", size(artifact.size).into()),
    ];
    session.output.record(&artifact, &path, fields)?;
    Ok(())
}
