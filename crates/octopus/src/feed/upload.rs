//! Forms with a file, also as Mono's `nuget` sends them: it ends the file with a bare line
//! feed, where RFC 2046 (section 5.1.1) asks for a carriage return before it.

use axum::{
    body::{Body, BodyDataStream},
    extract::{FromRequest, Multipart, Request},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};

/// A form in any of its spellings.
pub(crate) struct Upload(pub(crate) Multipart);

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let mender = Mender::new(boundary(&parts.headers).unwrap_or_default());
        let body = Body::from_stream(mended(body.into_data_stream(), mender));
        let form = Multipart::from_request(Request::from_parts(parts, body), state).await;
        form.map(Self).map_err(IntoResponse::into_response)
    }
}

fn boundary(headers: &HeaderMap) -> Option<&str> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let (_, after) = kind.split_once("boundary=")?;
    let value = after.split(';').next()?.trim();
    Some(value.trim_matches('"'))
}

fn mended(
    body: BodyDataStream,
    mender: Mender,
) -> impl Stream<Item = Result<Bytes, axum::Error>> + Send {
    stream::unfold(Some((body, mender)), async |state| {
        let (mut body, mut mender) = state?;
        match body.next().await {
            None => Some((Ok(mender.finish()), None)),
            Some(Err(error)) => Some((Err(error), None)),
            Some(Ok(chunk)) => Some((Ok(mender.take(&chunk)), Some((body, mender)))),
        }
    })
}

/// Puts a carriage return before each delimiter that lacks it.
struct Mender {
    /// A line feed, two dashes and the boundary.
    delimiter: Vec<u8>,
    /// What may be the beginning of a delimiter.
    held: Vec<u8>,
    /// The byte before `held`.
    before: u8,
}

impl Mender {
    fn new(boundary: &str) -> Self {
        Self {
            delimiter: format!("\n--{boundary}").into_bytes(),
            held: Vec::new(),
            before: 0,
        }
    }

    /// Takes a chunk; gives what can be passed on.
    fn take(&mut self, chunk: &[u8]) -> Bytes {
        let mut bytes = std::mem::take(&mut self.held);
        bytes.extend_from_slice(chunk);
        let mut passed = BytesMut::with_capacity(bytes.len() + 2);
        let mut rest = bytes.as_slice();
        while let Some(at) = rest.iter().position(|byte| *byte == b'\n') {
            let (head, tail) = rest.split_at(at);
            self.pass(&mut passed, head);
            if tail.starts_with(&self.delimiter) {
                if self.before != b'\r' {
                    self.pass(&mut passed, b"\r");
                }
            } else if self.delimiter.starts_with(tail) {
                self.held = tail.to_vec();
                return passed.freeze();
            }
            let (feed, after) = tail.split_at(1);
            self.pass(&mut passed, feed);
            rest = after;
        }
        self.pass(&mut passed, rest);
        passed.freeze()
    }

    /// No more comes.
    fn finish(&mut self) -> Bytes {
        std::mem::take(&mut self.held).into()
    }

    fn pass(&mut self, passed: &mut BytesMut, bytes: &[u8]) {
        self.before = bytes.last().copied().unwrap_or(self.before);
        passed.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mend(text: &str, chunk: usize) -> String {
        let mut mender = Mender::new("limit");
        let chunks = text.as_bytes().chunks(chunk);
        let mut bytes: Vec<u8> = chunks.flat_map(|chunk| mender.take(chunk)).collect();
        bytes.extend(mender.finish());
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_bare_line_feed_before_a_delimiter_gets_its_carriage_return() {
        for chunk in 1..40 {
            let sent = "--limit\r\n\r\none\ntwo\n--lim\n--limit\r\n\r\n\n\n--limit--";
            let meant = "--limit\r\n\r\none\ntwo\n--lim\r\n--limit\r\n\r\n\n\r\n--limit--";
            assert_eq!(mend(sent, chunk), meant);
        }
    }

    proptest! {
        #[test]
        fn a_form_as_the_standard_has_it_stays_as_it_is(
            content in "[\r\n\\-limt]{0,60}",
            chunk in 1_usize..20,
        ) {
            let content = content.replace("\n--limit", "");
            let form = format!("--limit\r\n\r\n{content}\r\n--limit--\r\n");
            prop_assert_eq!(mend(&form, chunk), form);
        }
    }

    #[test]
    fn the_boundary_may_be_quoted() {
        for kind in [
            "boundary=limit",
            "boundary=\"limit\"; x=y",
            "boundary=limit ; x",
        ] {
            let kind = format!("multipart/form-data; {kind}");
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]);
            assert_eq!(boundary(&headers), Some("limit"));
        }
    }
}
