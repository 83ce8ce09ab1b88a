//! What a failed version printed last: written by Suction Cup, shown by the server.

use std::fs;
use std::io;

use nupkg::NuGetVersion;

use crate::durable::replace_file;
use crate::home::Home;

/// The last lines, oldest first, of the run for which this version was marked bad.
/// Empty when none were kept.
pub fn last_lines(home: &Home, version: &NuGetVersion) -> Vec<String> {
    fs::read(home.failed_run(version))
        .map(|bytes| {
            String::from_utf8_lossy(&bytes)
                .lines()
                .map(str::to_owned)
                .collect()
        })
        .unwrap_or_default()
}

/// Keeps the last lines of a failed run; lines of an earlier one are replaced.
///
/// # Errors
/// Those of the file system.
pub fn write_last_lines(home: &Home, version: &NuGetVersion, lines: &[String]) -> io::Result<()> {
    let text: String = lines
        .iter()
        .flat_map(|line| [line.as_str(), "\n"])
        .collect();
    replace_file(&home.failed_run(version), text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        let version: NuGetVersion = "2.1.0-rc.1".parse().unwrap();
        assert!(last_lines(&home, &version).is_empty());
        fs::create_dir(home.log()).unwrap();
        let lines = ["first".to_owned(), String::new(), "läst".to_owned()];
        write_last_lines(&home, &version, &lines).unwrap();
        assert_eq!(last_lines(&home, &version), lines);
        assert!(home.log().join("failed-2.1.0-rc.1.txt").is_file());
    }
}
