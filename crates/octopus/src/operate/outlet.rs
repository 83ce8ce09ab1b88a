//! A connection in clear, on which the system sends by itself what it has in its cache of files:
//! to copy a package's bytes into a socket is a third of what a download costs.
//!
//! HTTP is written above by a library that knows memory alone. So what comes down is memory too;
//! where it is that of a content of the depot, its file is sent in its place.

use std::{
    fs::File,
    io::{self, ErrorKind, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use rustix::{
    fs::sendfile,
    net::{SendFlags, send},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, Interest, ReadBuf},
    net::TcpStream,
};

use crate::depot::Small;

/// Fewer bytes are copied sooner than they are looked up.
const WORTH_IT: usize = 64 << 10;

/// The connection.
pub(super) struct Outlet {
    stream: TcpStream,
    small: Small,
}

impl Outlet {
    pub(super) fn new(stream: TcpStream, small: Small) -> Self {
        Self { stream, small }
    }

    /// The pages of a file, or the same bytes from memory where they can't be sent that way.
    fn poll_send_file(
        &mut self,
        context: &mut Context<'_>,
        (file, at): (&File, u64),
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let sent = ready!(poll_try(&self.stream, context, |stream| {
            let mut at = at;
            Ok(sendfile(stream, file, Some(&mut at), bytes.len())?)
        }));
        match sent {
            Ok(1..) => Poll::Ready(sent),
            // The file has become shorter, or the disk fails; where the connection does, it says so
            // again.
            Ok(0) | Err(_) => Pin::new(&mut self.stream).poll_write(context, bytes),
        }
    }
}

/// Tries once the connection takes something.
fn poll_try(
    stream: &TcpStream,
    context: &mut Context<'_>,
    mut action: impl FnMut(&TcpStream) -> io::Result<usize>,
) -> Poll<io::Result<usize>> {
    loop {
        ready!(stream.poll_write_ready(context))?;
        match stream.try_io(Interest::WRITABLE, || action(stream)) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            done => return Poll::Ready(done),
        }
    }
}

impl AsyncWrite for Outlet {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let source = |slice: &IoSlice<'_>| match slice.len() {
            WORTH_IT.. => this.small.source(slice),
            _ => None,
        };
        let found = slices
            .iter()
            .enumerate()
            .find_map(|(at, slice)| Some((at, slice, source(slice)?)));
        match (found, slices) {
            (Some((0, bytes, (file, at))), _) => this.poll_send_file(context, (&file, at), bytes),
            // The head waits for the first of the pages, and goes with them.
            (Some(_), [first, ..]) if !first.is_empty() => {
                let flags = SendFlags::MORE | SendFlags::NOSIGNAL;
                poll_try(&this.stream, context, |stream| {
                    Ok(send(stream, first, flags)?)
                })
            }
            _ => Pin::new(&mut this.stream).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

impl AsyncRead for Outlet {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, into)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use bytes::{Buf, Bytes};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\n\r\n";

    fn content(seed: u8) -> Vec<u8> {
        let bytes = (0..2_000_000_u32).map(|n| (n / 7 % 251) as u8 ^ seed);
        bytes.collect()
    }

    fn file_with(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    /// What arrives of a head and of a part of what `small` keeps, three times in a row.
    async fn arrives(small: &Small, body: &Bytes) -> Vec<u8> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let reading = tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let mut arrived = Vec::new();
            stream.read_to_end(&mut arrived).await.unwrap();
            arrived
        });
        let (stream, _) = listener.accept().await.unwrap();
        let mut outlet = Outlet::new(stream, small.clone());
        for _ in 0..3 {
            let mut left = Buf::chain(HEAD, body.clone());
            while left.has_remaining() {
                outlet.write_buf(&mut left).await.unwrap();
            }
        }
        outlet.shutdown().await.unwrap();
        drop(outlet);
        reading.await.unwrap()
    }

    fn thrice(body: &[u8]) -> Vec<u8> {
        [HEAD, body].concat().repeat(3)
    }

    #[tokio::test]
    async fn a_kept_content_is_sent_from_its_file() {
        let small = Small::default();
        let (memory, on_disk) = (Bytes::from(content(0)), content(1));
        small.keep("kept", memory.clone(), Some(file_with(&on_disk)));
        // The file says something else here, so that it is seen which of both was sent.
        assert!(arrives(&small, &memory).await == thrice(&on_disk));
        let part = memory.slice(300_001..1_300_000);
        assert!(arrives(&small, &part).await == thrice(&on_disk[300_001..1_300_000]));
        let little = memory.slice(..WORTH_IT - 1);
        assert!(arrives(&small, &little).await == thrice(&little));
    }

    #[tokio::test]
    async fn what_no_file_has_is_sent_from_memory() {
        let small = Small::default();
        let memory = Bytes::from(content(0));
        assert!(arrives(&small, &memory).await == thrice(&memory));
        small.keep("kept", memory.clone(), None);
        assert!(arrives(&small, &memory).await == thrice(&memory));
        // The same content elsewhere in memory is not the kept one.
        let file = file_with(&content(1));
        small.keep("kept", memory.clone(), Some(file));
        let other = Bytes::from(content(0));
        assert!(arrives(&small, &other).await == thrice(&other));
    }

    #[tokio::test]
    async fn a_file_that_has_become_shorter_is_made_up_for() {
        let small = Small::default();
        let memory = Bytes::from(content(0));
        let file = file_with(&content(1)[..1_000_000]);
        small.keep("kept", memory.clone(), Some(file));
        let once = [HEAD, &content(1)[..1_000_000], &memory[1_000_000..]].concat();
        assert!(arrives(&small, &memory).await == once.repeat(3));
        // A folder can't be sent at all.
        small.keep(
            "kept",
            memory.clone(),
            Some(File::open(std::env::temp_dir()).unwrap()),
        );
        assert!(arrives(&small, &memory).await == thrice(&memory));
    }
}
