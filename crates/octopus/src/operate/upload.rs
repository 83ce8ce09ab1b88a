//! Uploads that are answered before they have ended.

use std::{
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, BodyDataStream, Bytes, HttpBody as _},
    extract::Request,
    http::header,
    response::Response,
};
use futures_util::{Stream, StreamExt, stream};
use tokio::time::timeout;

/// Most bytes that are heard for nothing: of a package, not of a flood.
const LIMIT: usize = 128 << 20;
/// And for how long.
const PATIENCE: Duration = Duration::from_secs(10);

/// Takes an upload to its end, also when it was refused at its first byte: most clients send all
/// of it before they read the answer, and of a connection that is closed on them in the middle
/// they tell people nothing but that. Who asks first (RFC 9110, 10.1.1) need not send it.
pub async fn hear_out(request: Request, next: impl AsyncFnOnce(Request) -> Response) -> Response {
    if request.body().is_end_stream() || request.headers().contains_key(header::EXPECT) {
        return next(request).await;
    }
    let (parts, body) = request.into_parts();
    let upload = Upload(Arc::new(Mutex::new(Some(body.into_data_stream()))));
    let body = Body::from_stream(upload.stream());
    let answer = next(Request::from_parts(parts, body)).await;
    let mut left = LIMIT;
    let mut rest = upload.stream();
    let heard = async {
        while let Some(Ok(bytes)) = rest.next().await
            && let Some(fewer) = left.checked_sub(bytes.len())
        {
            left = fewer;
        }
    };
    // Whoever is slower, or sends more, is answered in the middle.
    let _ = timeout(PATIENCE, heard).await;
    answer
}

/// What comes; nothing once it has ended.
#[derive(Clone)]
struct Upload(Arc<Mutex<Option<BodyDataStream>>>);

impl Upload {
    fn stream(&self) -> impl Stream<Item = Result<Bytes, axum::Error>> + Send + 'static {
        let upload = self.clone();
        stream::poll_fn(move |context| upload.poll(context))
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, axum::Error>>> {
        let mut place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(body) = place.as_mut() else {
            return Poll::Ready(None);
        };
        let next = body.poll_next_unpin(context);
        if matches!(next, Poll::Ready(None | Some(Err(_)))) {
            *place = None;
        }
        next
    }
}
