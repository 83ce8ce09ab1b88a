//! What pure crates are, and what they may not have.

/// The crates that take values and give values.
pub(in crate::tidy) const CRATES: &[&str] = &["conductor", "nupkg", "transforms", "variables"];

/// Libraries that no pure crate may contain, by what they do.
pub(super) const DENIED: &[(&str, &[&str])] = &[
    (
        "runs tasks, so its callers wait",
        &[
            "async-executor",
            "async-io",
            "async-std",
            "futures-executor",
            "mio",
            "polling",
            "smol",
            "tokio",
            "tokio-util",
        ],
    ),
    (
        "runs threads",
        &["crossbeam-channel", "rayon", "rayon-core", "threadpool"],
    ),
    (
        "uses the network",
        &[
            "axum",
            "h2",
            "hyper",
            "hyper-util",
            "reqwest",
            "socket2",
            "tonic",
            "ureq",
        ],
    ),
    (
        "does TLS or cryptography with keys",
        &[
            "aws-lc-rs",
            "native-tls",
            "openssl",
            "rcgen",
            "ring",
            "rustls",
            "tokio-rustls",
        ],
    ),
    (
        "is random, so the same input gives different results",
        &[
            "fastrand",
            "getrandom",
            "oorandom",
            "rand",
            "rand_core",
            "uuid",
        ],
    ),
    (
        "reads the clock",
        &["chrono", "instant", "jiff", "quanta", "time", "web-time"],
    ),
    (
        "calls the operating system",
        &[
            "errno",
            "libc",
            "linux-raw-sys",
            "nix",
            "rustix",
            "signal-hook",
            "winapi",
            "windows",
            "windows-sys",
        ],
    ),
    (
        "touches files",
        &["fs-err", "memmap2", "notify", "tempfile", "walkdir"],
    ),
    (
        "reads the environment or the terminal",
        &[
            "console",
            "dirs",
            "dotenvy",
            "home",
            "is-terminal",
            "rpassword",
        ],
    ),
];

/// Edges to denied libraries that are harmless, and why.
pub(super) const EXCUSED: &[(&str, &str, &str)] = &[
    (
        "variables",
        "jiff",
        "dates are computed; its clock is banned by clippy.toml",
    ),
    (
        "zip",
        "getrandom",
        "encrypted archives, which nobody writes",
    ),
    ("zip", "libc", "extraction to folders, which nobody calls"),
    (
        "zip",
        "windows-sys",
        "extraction to folders, which nobody calls",
    ),
];

/// What `clippy.toml` of a pure crate bans at the least.
pub(super) const BANNED: &[&str] = &[
    "std::env::current_dir",
    "std::env::var",
    "std::fs::File::create",
    "std::fs::File::open",
    "std::fs::read",
    "std::fs::read_to_string",
    "std::fs::write",
    "std::net::TcpListener",
    "std::net::TcpStream",
    "std::process::Command::new",
    "std::process::exit",
    "std::thread::sleep",
    "std::thread::spawn",
    "std::time::Instant::now",
    "std::time::SystemTime::now",
];

/// What `clippy.toml` bans besides, where the library is excused.
pub(super) const BANNED_WITH: &[(&str, &[&str])] = &[(
    "jiff",
    &[
        "jiff::Timestamp::now",
        "jiff::ZonedDateTime::now",
        "jiff::tz::TimeZone::system",
    ],
)];
