//! The feed as NuGet clients meet it: the real ones, and each address by itself.

mod exe;
mod mono;
mod protocol;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::world::World;

/// Whether something can't be had here: said aloud, and an error where all must be there.
fn is_missing(what: &str, is_there: bool) -> bool {
    if !is_there {
        println!("SKIPPED: {what} is not installed; `cargo xtask test` installs it");
        let is_ci = std::env::var("CI").as_deref() == Ok("true");
        assert!(!is_ci, "{what} must be installed where CI=true");
    }
    !is_there
}

fn is_on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// A folder with what is to be packed, and the settings of a client.
struct Desk {
    folder: PathBuf,
    /// The words that start the client.
    client: Vec<String>,
    url: String,
    key: String,
}

impl Desk {
    fn new(world: &World, client: &[&str]) -> Self {
        let folder = world.folder().join("desk");
        let settings = folder.join(".config/NuGet");
        fs::create_dir_all(&settings).unwrap();
        let (url, key) = (world.server.as_ref().unwrap().url.clone(), &world.key);
        let config = format!(
            r#"<?xml version="1.0" encoding="utf-8"?>
<configuration>
<packageSources>
<add key="v2" value="{url}/nuget/v2/" /><add key="v3" value="{url}/nuget/v3/index.json" />
</packageSources>
<packageSourceCredentials>
<v2><add key="Username" value="any" /><add key="ClearTextPassword" value="{key}" /></v2>
<v3><add key="Username" value="any" /><add key="ClearTextPassword" value="{key}" /></v3>
</packageSourceCredentials>
</configuration>"#
        );
        for name in ["NuGet.Config", "nuget.config"] {
            fs::write(settings.join(name), &config).unwrap();
        }
        let desk = Self {
            folder,
            client: client.iter().map(|word| (*word).to_owned()).collect(),
            url,
            key: key.clone(),
        };
        desk.nuspec("Acme.Lib", "");
        desk.nuspec(
            "Acme.Web",
            r#"<dependency id="Acme.Lib" version="[1.0,2.0)" />"#,
        );
        desk.content("first");
        desk
    }

    /// What goes into every package.
    fn content(&self, text: &str) {
        fs::write(self.folder.join("content.txt"), text).unwrap();
    }

    fn nuspec(&self, id: &str, dependencies: &str) {
        let text = format!(
            "<?xml version=\"1.0\"?><package><metadata><id>{id}</id><version>1.0.0</version>\
             <authors>Acme</authors><description>For tests of clients.</description>\
             <dependencies>{dependencies}</dependencies></metadata>\
             <files><file src=\"content.txt\" target=\"content/content.txt\" /></files></package>"
        );
        fs::write(self.folder.join(format!("{id}.nuspec")), text).unwrap();
    }

    /// Runs the client; whether it succeeded, and all that it said.
    fn run(&self, arguments: &[&str]) -> (bool, String) {
        let words: Vec<&str> = self.client.iter().map(String::as_str).collect();
        let words = [&words, arguments, &["-NonInteractive"]].concat();
        // Without a terminal that has a width, lists of Mono's client never end.
        // In the background, where `timeout` alone would put it, its first word to the terminal
        // would stop it.
        let line = format!(
            "stty columns 200 rows 50; timeout --foreground 100 {}",
            words.join(" ")
        );
        let mut command = Command::new("script");
        command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
        let output = command
            .env("HOME", &self.folder)
            .env("SHELL", "/bin/sh")
            .env("TERM", "xterm")
            .env_remove("XDG_CONFIG_HOME")
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).replace('\r', "");
        (output.status.success(), text)
    }

    /// Runs it; it must succeed.
    #[track_caller]
    fn does(&self, arguments: &[&str]) -> String {
        let (succeeded, text) = self.run(arguments);
        assert!(succeeded, "{arguments:?}: {text}");
        text
    }

    /// Runs it; it must fail and say these words.
    #[track_caller]
    fn fails(&self, arguments: &[&str], words: &str) {
        let (succeeded, text) = self.run(arguments);
        assert!(!succeeded && text.contains(words), "{arguments:?}: {text}");
    }

    #[track_caller]
    fn packs(&self, id: &str, version: &str) {
        let text = self.does(&["pack", &format!("{id}.nuspec"), "-Version", version]);
        assert!(text.contains("Successfully created"), "{text}");
    }

    /// The packages that a list names.
    #[track_caller]
    fn lists(&self, arguments: &[&str]) -> Vec<String> {
        let text = self.does(arguments);
        // The first line has the terminal's own signs before it.
        let names = text
            .lines()
            .filter_map(|line| Some(line.split_at(line.find("Acme.")?).1));
        names.map(|name| name.trim().to_owned()).collect()
    }

    /// The folders of what was installed.
    fn installed(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.folder.join(folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| name.starts_with("Acme.")).collect();
        names.sort();
        names
    }
}

/// What was installed below the build's folder by `cargo xtask test`.
fn npm(file: &str) -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent()?;
    Some(target.join("npm/node_modules").join(file)).filter(|path| path.is_file())
}
