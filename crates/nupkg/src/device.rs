//! The names that Windows keeps for devices, in every folder and with every extension.

/// Whether Windows would open a device instead of a file of this name.
///
/// Source: "Naming Files, Paths, and Namespaces", Microsoft. The superscript
/// digits count as digits there, and spaces before the dot are ignored.
pub(crate) fn is_device_name(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or_default();
    let stem = stem.trim_end_matches(' ').to_ascii_uppercase();
    if matches!(
        stem.as_str(),
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$"
    ) {
        return true;
    }
    let Some(number) = stem
        .strip_prefix("COM")
        .or_else(|| stem.strip_prefix("LPT"))
    else {
        return false;
    };
    let mut digits = number.chars();
    matches!(digits.next(), Some('1'..='9' | '¹' | '²' | '³')) && digits.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::is_device_name;

    #[test]
    fn devices_with_and_without_extension() {
        for name in [
            "CON",
            "con.txt",
            "Nul",
            "aux.tar.gz",
            "COM1",
            "lpt9.log",
            "com².x",
            "nul .txt",
            "CONOUT$",
        ] {
            assert!(is_device_name(name), "{name}");
        }
    }

    #[test]
    fn ordinary_names() {
        for name in [
            "console", "COM", "COM0", "COM10", "LPTX", "null.txt", "a.con", "",
        ] {
            assert!(!is_device_name(name), "{name}");
        }
    }
}
