//! Upload of a package: streamed, so that its size costs no memory.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::{self, Cursor, Read};
use std::time::Duration;

use api::Package;
use ureq::SendBody;

use super::{Client, ClientError};

/// The server hashes, reads and stores the package before it answers.
const STORE_TIMEOUT: Duration = Duration::from_secs(600);

/// What happens to a package that the feed already has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OverwriteMode {
    /// Refused when its content differs.
    FailIfExists,
    /// Replaced.
    OverwriteExisting,
    /// Left as it is.
    IgnoreIfExists,
}

impl OverwriteMode {
    /// As the server calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::FailIfExists => "FailIfExists",
            Self::OverwriteExisting => "OverwriteExisting",
            Self::IgnoreIfExists => "IgnoreIfExists",
        }
    }
}

/// What came of an upload.
#[derive(Debug)]
pub(crate) struct Uploaded {
    /// The package as the feed has it now.
    pub(crate) package: Package,
    /// False: the feed had it already and is unchanged.
    pub(crate) stored: bool,
}

impl Client {
    /// Sends `length` bytes of `content` as the package file `file_name`.
    ///
    /// # Errors
    /// As [`Client::get`]; also when `content` ends early.
    pub(crate) fn upload(
        &self,
        file_name: &str,
        length: u64,
        content: impl Read,
        mode: OverwriteMode,
    ) -> Result<Uploaded, ClientError> {
        self.send_file(&["packages", "raw"], file_name, (length, content), mode)
    }

    /// Posts a file to a path of the space that takes packages.
    pub(super) fn send_file(
        &self,
        path: &[&str],
        file_name: &str,
        (length, content): (u64, impl Read),
        mode: OverwriteMode,
    ) -> Result<Uploaded, ClientError> {
        let boundary = boundary();
        let head = format!(
            "--{boundary}\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            quote(file_name)
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        let total = (head.len() as u64)
            .saturating_add(length)
            .saturating_add(tail.len() as u64);
        let content = Exactly {
            content,
            missing: length,
        };
        let mut body = Cursor::new(head).chain(content).chain(Cursor::new(tail));
        let url = self.address.join(&self.in_space(path));
        let answer = self
            .with_key(self.agent.post(&url))?
            .query("overwriteMode", mode.name())
            .header(
                "Content-Type",
                format!("multipart/form-data; boundary={boundary}"),
            )
            .header("Content-Length", total.to_string())
            // A wrong key is told before the package travels.
            .header("Expect", "100-continue")
            .config()
            .timeout_recv_response(Some(STORE_TIMEOUT))
            .build()
            .send(SendBody::from_reader(&mut body));
        let (status, package) = self.read(&url, answer)?;
        Ok(Uploaded {
            package,
            stored: status == 201,
        })
    }
}

/// Gives exactly the announced number of bytes, or an error: a file that shrinks while it is
/// read would otherwise leave the server waiting.
struct Exactly<R> {
    content: R,
    missing: u64,
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.content.by_ref().take(self.missing).read(buffer)?;
        if count == 0 && self.missing > 0 && !buffer.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the file became shorter while it was read",
            ));
        }
        self.missing = self.missing.saturating_sub(count as u64);
        Ok(count)
    }
}

/// 128 random bits: no content holds it.
fn boundary() -> String {
    let random = || RandomState::new().hash_one(0_u8);
    format!("octo-{:016x}{:016x}", random(), random())
}

/// As browsers do it: <https://html.spec.whatwg.org/#multipart-form-data>.
fn quote(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_shrinks_is_an_error_and_one_that_grows_is_cut() {
        let mut text = String::new();
        let mut shorter = Exactly {
            content: &b"abc"[..],
            missing: 4,
        };
        assert!(shorter.read_to_string(&mut text).is_err());
        let mut longer = Exactly {
            content: &b"abcdef"[..],
            missing: 4,
        };
        text.clear();
        longer.read_to_string(&mut text).unwrap();
        assert_eq!(text, "abcd");
    }

    #[test]
    fn a_file_name_stays_inside_its_quotes() {
        assert_eq!(
            quote("a\"; name=\"x\r\n.nupkg"),
            "a%22; name=%22x%0D%0A.nupkg"
        );
    }
}
