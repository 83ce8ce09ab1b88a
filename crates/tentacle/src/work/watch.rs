//! Following a ticket: its log from the disk, then its outcome.

use tokio::{
    fs::File,
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    sync::mpsc,
};
use tonic::Status;
use wire::v1::{WorkEvent, WorkState, work_event::Event, work_state::Phase};

use super::{
    Work, missing,
    ticket::{StoredLine, Told},
};

type Events = mpsc::Sender<Result<WorkEvent, Status>>;

impl Work {
    /// Sends the lines after a sequence number as they come, and at last the outcome.
    /// Ends early when nobody listens any more.
    pub async fn watch(&self, id: &str, after: u64, events: &Events) {
        let Some(ticket) = self.find(id) else {
            return ended(events, missing(id)).await;
        };
        let mut told = ticket.watch();
        let file = match File::open(ticket.log_file()).await {
            Ok(file) => file,
            Err(error) => {
                let text = format!("the log of {id} can't be read: {error}");
                let _gone = events.send(Err(Status::internal(text))).await;
                return;
            }
        };
        // Never read further than told: what comes there may be half a line, and go again.
        let mut reader = BufReader::new(file.take(0));
        let mut line = Vec::new();
        let (mut sent, mut readable) = (0, 0);
        loop {
            let Told {
                state: now,
                log_bytes,
            } = told.borrow_and_update().clone();
            let file = reader.get_mut();
            file.set_limit(file.limit() + log_bytes.saturating_sub(readable));
            readable = log_bytes;
            while sent < now.last_sequence {
                line.clear();
                let read = reader.read_until(b'\n', &mut line).await;
                let parsed = serde_json::from_slice::<StoredLine>(&line);
                let (Ok(1..), Ok(parsed)) = (read, parsed) else {
                    let text = format!("the log of {id} is damaged");
                    let _gone = events.send(Err(Status::data_loss(text))).await;
                    return;
                };
                let parsed = parsed.into_wire();
                sent = parsed.sequence;
                if sent > after {
                    let event = Some(Event::Line(parsed));
                    if events.send(Ok(WorkEvent { event })).await.is_err() {
                        return;
                    }
                }
            }
            if now.phase() != Phase::Running {
                return ended(events, now).await;
            }
            tokio::select! {
                changed = told.changed() => if changed.is_err() { return },
                () = events.closed() => return,
            }
        }
    }
}

async fn ended(events: &Events, state: WorkState) {
    let event = Some(Event::Ended(state));
    // A caller that has gone asks again.
    let _gone = events.send(Ok(WorkEvent { event })).await;
}
