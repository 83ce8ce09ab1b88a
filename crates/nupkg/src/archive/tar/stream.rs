//! The unpacked bytes of a tar, in which one can go forwards cheaply and back at a price.

use super::super::format::Format;
use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// Reads the unpacked stream, and knows where in it it is.
pub(in crate::archive) struct Stream<R> {
    /// None only after [`rewind`](Self::rewind) failed halfway.
    decoder: Option<Decoder<R>>,
    format: Format,
    /// Of the file, packed.
    length: u64,
    position: u64,
}

enum Decoder<R> {
    Plain(BufReader<R>),
    Gz(Box<MultiGzDecoder<BufReader<R>>>),
    Bz2(MultiBzDecoder<BufReader<R>>),
}

impl<R: Read + Seek> Stream<R> {
    /// # Errors
    /// When the reader fails.
    pub(super) fn new(mut reader: R, format: Format) -> io::Result<Self> {
        let length = reader.seek(SeekFrom::End(0))?;
        reader.seek(SeekFrom::Start(0))?;
        Ok(Self {
            length,
            decoder: Some(Decoder::new(BufReader::new(reader), format)),
            format,
            position: 0,
        })
    }

    /// Bytes of the file, packed.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// As it was found to be.
    pub(in crate::archive) fn format(&self) -> Format {
        self.format
    }

    /// Where the next byte comes from.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Goes to a place in the unpacked stream. Going back in a compressed one means
    /// to unpack it from the start.
    ///
    /// # Errors
    /// When the reader fails, or the stream ends before that place.
    pub(in crate::archive) fn go_to(&mut self, position: u64) -> io::Result<()> {
        if let Some(Decoder::Plain(reader)) = &mut self.decoder {
            if position > self.length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            // What is in the buffer already is not read again.
            match i64::try_from(i128::from(position) - i128::from(self.position)) {
                Ok(distance) => reader.seek_relative(distance)?,
                Err(_) => reader.seek(SeekFrom::Start(position)).map(drop)?,
            }
            self.position = position;
            return Ok(());
        }
        if position < self.position {
            self.rewind()?;
        }
        let distance = position.saturating_sub(self.position);
        let skipped = io::copy(&mut self.by_ref().take(distance), &mut io::sink())?;
        match skipped == distance {
            true => Ok(()),
            false => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    fn rewind(&mut self) -> io::Result<()> {
        let decoder = self.decoder.take().ok_or_else(lost)?;
        let mut reader = match decoder {
            Decoder::Plain(reader) => reader,
            Decoder::Gz(decoder) => decoder.into_inner(),
            Decoder::Bz2(decoder) => decoder.into_inner(),
        };
        reader.seek(SeekFrom::Start(0))?;
        self.decoder = Some(Decoder::new(reader, self.format));
        self.position = 0;
        Ok(())
    }
}

fn lost() -> io::Error {
    io::Error::other("an earlier attempt to go back in it failed")
}

impl<R: Read> Decoder<R> {
    fn new(reader: BufReader<R>, format: Format) -> Self {
        match format {
            Format::TarGz => Self::Gz(Box::new(MultiGzDecoder::new(reader))),
            Format::TarBz2 => Self::Bz2(MultiBzDecoder::new(reader)),
            Format::Tar | Format::Zip => Self::Plain(reader),
        }
    }
}

impl<R: Read> Read for Stream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match self.decoder.as_mut().ok_or_else(lost)? {
            Decoder::Plain(reader) => reader.read(buffer),
            Decoder::Gz(decoder) => decoder.read(buffer),
            Decoder::Bz2(decoder) => decoder.read(buffer),
        }?;
        self.position = self.position.saturating_add(count as u64);
        Ok(count)
    }
}
