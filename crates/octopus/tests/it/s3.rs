//! A store that speaks S3's language, for a test: PyPI's `moto`, in memory, on loopback.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// The bucket of every test.
const BUCKET: &str = "acme";

/// It asks who somebody is, and does not look at the signature.
const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, \
                      SignedHeaders=host, Signature=00";

/// A running store; ended when dropped.
pub(crate) struct S3 {
    child: Child,
    url: String,
}

impl S3 {
    /// Starts one with an empty bucket; `None`, said so, where `moto` is not installed.
    pub(crate) fn start() -> Option<Self> {
        let Some(program) = program() else {
            let text = "moto is not installed; `cargo xtask test` installs it";
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{text}");
            println!("SKIPPED: {text}");
            return None;
        };
        let mut child = Command::new(program)
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"])
            .env_remove("AWS_PROFILE")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let url = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, url) = line.split_once("Running on ")?;
            Some(url.trim().to_owned())
        });
        // It tells of each request; nobody reads it.
        std::thread::spawn(move || lines.for_each(drop));
        let store = Self {
            child,
            url: url.expect("moto says where it listens"),
        };
        store.put("", b"");
        Some(store)
    }

    /// Variables of a server that keeps its packages here.
    pub(crate) fn settings(&self, prefix: &str) -> Vec<(&'static str, String)> {
        [
            ("OCTOPUS_PACKAGES", format!("s3://{BUCKET}/{prefix}")),
            ("AWS_ENDPOINT_URL", self.url.clone()),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_ACCESS_KEY_ID", "octopus".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
        ]
        .into()
    }

    /// The keys of all objects below a prefix.
    pub(crate) fn keys(&self, prefix: &str) -> Vec<String> {
        let url = format!("{}/{BUCKET}?list-type=2&prefix={prefix}", self.url);
        let mut answer = ureq::get(url)
            .header("Authorization", SIGNED)
            .call()
            .unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        let keys = text.split("<Key>").skip(1);
        let keys = keys.filter_map(|rest| Some(rest.split_once('<')?.0.to_owned()));
        keys.collect()
    }

    /// How many uploads are under way, of which parts are kept.
    pub(crate) fn uploads(&self) -> usize {
        let url = format!("{}/{BUCKET}?uploads", self.url);
        let mut answer = ureq::get(url)
            .header("Authorization", SIGNED)
            .call()
            .unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        text.matches("<Upload>").count()
    }

    /// Puts other bytes under a key; without one, makes the bucket.
    pub(crate) fn put(&self, key: &str, bytes: &[u8]) {
        let url = format!("{}/{BUCKET}/{key}", self.url);
        ureq::put(url.trim_end_matches('/'))
            .header("Authorization", SIGNED)
            .send(bytes)
            .unwrap();
    }

    pub(crate) fn delete(&self, key: &str) {
        ureq::delete(format!("{}/{BUCKET}/{key}", self.url))
            .header("Authorization", SIGNED)
            .call()
            .unwrap();
    }
}

/// The secret key of every test.
pub(crate) const SECRET: &str = "the secret key of the bucket";

impl Drop for S3 {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _reaped_already = self.child.wait();
    }
}

/// The Python that has it.
fn program() -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent()?;
    let python = target.join("pip/bin/python");
    let libraries = python.parent()?.parent()?.join("lib");
    let mut versions = fs::read_dir(libraries).ok()?.map_while(Result::ok);
    let has_moto = versions.any(|one| one.path().join("site-packages/moto/server.py").is_file());
    (has_moto && python.is_file()).then_some(python)
}
