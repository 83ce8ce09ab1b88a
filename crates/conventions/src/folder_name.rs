//! Names of folders out of names that people chose.

/// The longest name in bytes. File systems allow 255; a suffix must fit, too.
const MAX_BYTES: usize = 100;

/// A name that is one folder on every system, whatever `text` is. Different texts may give
/// the same name: it is for people to find their way, and identifies nothing.
pub(super) fn folder_name(text: &str) -> String {
    let mut name = String::new();
    for c in text.trim().chars() {
        // What Windows forbids, so that the same environment has the same folder everywhere.
        let c = if c.is_control() || r#"<>:"/\|?*"#.contains(c) {
            '_'
        } else {
            c
        };
        if name.len() + c.len_utf8() > MAX_BYTES {
            break;
        }
        name.push(c);
    }
    // Windows drops these at the end; at the start, a dot hides the folder and is for staging.
    let name = name.trim_end_matches(['.', ' ']);
    if name.is_empty() || name.starts_with('.') || is_device(name) {
        format!("_{name}")
    } else {
        name.to_owned()
    }
}

/// Whether Windows takes the name for a device, with any extension.
fn is_device(name: &str) -> bool {
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_ascii_uppercase();
    let numbered = |prefix: &str| {
        let number = stem.strip_prefix(prefix).unwrap_or_default();
        matches!(
            number,
            "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
        )
    };
    matches!(
        stem.as_str(),
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$"
    ) || numbered("COM")
        || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::folder_name;

    #[test]
    fn any_text_is_one_safe_folder() {
        for (text, name) in [
            ("Production", "Production"),
            ("Dev / Test", "Dev _ Test"),
            ("1.0.0-beta.1", "1.0.0-beta.1"),
            ("Zürich 🐙", "Zürich 🐙"),
            ("", "_"),
            (".", "_"),
            ("..", "_"),
            ("../../etc", "_.._.._etc"),
            ("/etc/passwd", "_etc_passwd"),
            (r"C:\Windows", "C__Windows"),
            ("a\0b\nc", "a_b_c"),
            (" trailing. . ", "trailing"),
            ("nul", "_nul"),
            ("COM1.txt", "_COM1.txt"),
            ("LPT¹", "_LPT¹"),
            ("company", "company"),
            (".staging-1", "_.staging-1"),
        ] {
            assert_eq!(folder_name(text), name, "{text:?}");
        }
        let long = folder_name(&"ü".repeat(300));
        assert_eq!(long, "ü".repeat(50));
    }
}
