//! Content on its way out: streamed, whole or in part, from a folder or a bucket.

use std::{
    fs::File,
    io::{self, Seek, Write},
    ops::Range,
};

use bytes::{Bytes, BytesMut};
use futures_util::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use object_store::{GetOptions, GetResult, GetResultPayload, ObjectStoreExt};
use sha2::{Digest, Sha256};

use super::{Depot, DepotError, chunks::chunks_of, hex, small::SMALL};

/// Content that is being read.
pub struct Reading {
    /// Of all of it, whatever part is read.
    pub size: u64,
    /// The part.
    pub part: Part,
}

/// Where the bytes come from.
pub enum Part {
    /// They are here.
    Memory(Bytes),
    /// They are read one after the other.
    Stream(BoxStream<'static, io::Result<Bytes>>),
}

impl Part {
    /// One after the other, wherever they come from.
    pub fn into_stream(self) -> BoxStream<'static, io::Result<Bytes>> {
        match self {
            Self::Memory(bytes) => stream::once(async { Ok(bytes) }).boxed(),
            Self::Stream(stream) => stream,
        }
    }
}

impl Reading {
    /// A part of what is in memory.
    fn of(mut all: Bytes, range: Option<Range<u64>>) -> Self {
        let size = all.len() as u64;
        if let Some(range) = range {
            let place = |at: u64| usize::try_from(at.min(size)).unwrap_or_default();
            all.truncate(place(range.end));
            all = all.split_off(place(range.start).min(all.len()));
        }
        let part = Part::Memory(all);
        Self { size, part }
    }
}

/// What was found, from where it is kept.
fn reading(found: GetResult) -> Reading {
    let (start, length) = (found.range.start, found.range.end - found.range.start);
    let bytes = match found.payload {
        GetResultPayload::File(file, _) => chunks_of(file, start, length).boxed(),
        GetResultPayload::Stream(bytes) => bytes.map_err(io::Error::from).boxed(),
    };
    let (size, part) = (found.meta.size, Part::Stream(bytes));
    Reading { size, part }
}

impl Depot {
    /// Reads a part of a content; without a range, all of it.
    pub async fn read(
        &self,
        sha256: &str,
        range: Option<Range<u64>>,
    ) -> Result<Reading, DepotError> {
        if let Some(all) = self.small.get(sha256) {
            return Ok(Reading::of(all, range));
        }
        let is_whole = range.is_none();
        let found = self.find(sha256, range).await?;
        let size = found.meta.size;
        if !is_whole || size > SMALL {
            return Ok(reading(found));
        }
        let file = match &found.payload {
            // Elsewhere a file that is open can't be removed, and nobody sends it.
            GetResultPayload::File(file, _) if cfg!(target_os = "linux") => file.try_clone().ok(),
            _ => None,
        };
        let room = usize::try_from(size).unwrap_or_default();
        let mut all = BytesMut::with_capacity(room);
        let mut bytes = reading(found).part.into_stream();
        while let Some(chunk) = bytes.try_next().await? {
            all.extend_from_slice(&chunk);
        }
        let all = all.freeze();
        // Many may have asked at once: one of them looks. What is damaged may be mended, by another
        // server too.
        if self.small.get(sha256).is_none() && hex(&Sha256::digest(&all)) == sha256 {
            self.small.keep(sha256, all.clone(), file);
        }
        Ok(Reading::of(all, None))
    }

    async fn find(&self, sha256: &str, range: Option<Range<u64>>) -> Result<GetResult, DepotError> {
        let options = GetOptions::new().with_range(range);
        Ok(self.store.get_opts(&self.key(sha256), options).await?)
    }

    /// How large a content is; `None` where it is not.
    pub async fn size(&self, sha256: &str) -> Result<Option<u64>, DepotError> {
        match self.store.head(&self.key(sha256)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The content as a file to look around in; that of a bucket is fetched.
    pub async fn file(&self, sha256: &str) -> Result<File, DepotError> {
        let found = self.store.get(&self.key(sha256)).await?;
        match found.payload {
            GetResultPayload::File(file, _) => Ok(file),
            GetResultPayload::Stream(mut bytes) => {
                let mut file = tempfile::tempfile_in(self.incoming()?)?;
                while let Some(chunk) = bytes.try_next().await? {
                    file.write_all(&chunk)?;
                }
                file.rewind()?;
                Ok(file)
            }
        }
    }

    /// Copies the content to `to`, and gives the SHA-256 of what there was.
    pub async fn copy(&self, sha256: &str, to: &mut dyn Write) -> Result<String, DepotError> {
        let mut bytes = reading(self.find(sha256, None).await?).part.into_stream();
        let mut hash = Sha256::new();
        while let Some(chunk) = bytes.try_next().await? {
            hash.update(&chunk);
            to.write_all(&chunk)?;
        }
        Ok(hex(&hash.finalize()))
    }
}
