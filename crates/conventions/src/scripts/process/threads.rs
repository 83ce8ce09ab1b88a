//! Where pipes cannot be polled (Windows): a thread for each pipe.
//!
//! Compiled for tests everywhere, so that it stays sound.

use std::io::{self, Read};
use std::process::ExitStatus;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Instant;

use super::{Ended, Linger, Stop, TERMINATION_GRACE, TICK, Watch};
use crate::scripts::service_message::Stream;

/// A program, and all that it started.
pub(super) trait Tree {
    /// Its standard output and standard error, once.
    fn pipes(&mut self) -> [(Stream, Option<Box<dyn Read + Send>>); 2];
    /// How the program ended, if it did.
    fn try_wait(&mut self) -> io::Result<Option<ExitStatus>>;
    /// Ends all of it.
    fn kill(&mut self);
}

/// Reads what the program writes until it ends, or ends it.
pub(super) fn run(
    mut tree: impl Tree,
    watch: &Watch<'_>,
    sink: &mut dyn FnMut(Stream, &[u8]),
) -> io::Result<Ended> {
    let (sender, receiver) = sync_channel::<(Stream, Vec<u8>)>(4);
    for (stream, pipe) in tree.pipes() {
        if let Some(pipe) = pipe {
            pump(pipe, stream, sender.clone());
        }
    }
    drop(sender);

    let mut open = true;
    let mut status = None;
    let mut linger: Option<Linger> = None;
    let mut stopping: Option<(Stop, Instant)> = None;
    loop {
        let output_came = match receiver.recv_timeout(TICK) {
            Ok((stream, bytes)) => {
                sink(stream, &bytes);
                true
            }
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => {
                open = false;
                // Nothing is left to wait for here but the program's end.
                if status.is_none() {
                    thread::sleep(TICK / 10);
                }
                false
            }
        };
        if status.is_none() {
            status = tree.try_wait()?;
            linger = status.map(|_| Linger::new());
        }
        let over = linger
            .as_mut()
            .is_some_and(|linger| linger.is_over(output_came) || !open);
        match (stopping, status) {
            (Some((stop, since)), _) => {
                let gone = status.is_some() && !open;
                if gone || since.elapsed() >= TERMINATION_GRACE {
                    return Ok(stop.into());
                }
            }
            (None, Some(status)) if over => {
                return Ok(Ended::Exited {
                    status,
                    left_behind: open,
                });
            }
            (None, _) => {
                let stop = watch.stop();
                if let Some(stop) = stop.filter(|_| status.is_none() || watch.cancel.is_cancelled())
                {
                    tree.kill();
                    stopping = Some((stop, Instant::now()));
                }
            }
        }
    }
}

fn pump(
    mut pipe: impl Read + Send + 'static,
    stream: Stream,
    sender: SyncSender<(Stream, Vec<u8>)>,
) {
    // Not joined: a process left behind may hold the pipe open for ever.
    thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let length = match pipe.read(&mut buffer) {
                Ok(0) => return,
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return,
            };
            let bytes = buffer.get(..length).unwrap_or_default().to_vec();
            if sender.send((stream, bytes)).is_err() {
                return;
            }
        }
    });
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::process::{Child, Command, Stdio};

    use super::*;
    use crate::scripts::CancelToken;

    impl Tree for Child {
        fn pipes(&mut self) -> [(Stream, Option<Box<dyn Read + Send>>); 2] {
            [
                (Stream::Out, Some(Box::new(self.stdout.take().unwrap()))),
                (Stream::Err, Some(Box::new(self.stderr.take().unwrap()))),
            ]
        }

        fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
            Child::try_wait(self)
        }

        fn kill(&mut self) {
            Child::kill(self).unwrap();
        }
    }

    fn run_shell(script: &str, cancel: &CancelToken, seen: &mut Vec<(Stream, Vec<u8>)>) -> Ended {
        let mut command = Command::new("sh");
        command
            .args(["-c", script])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let watch = Watch {
            cancel,
            deadline: None,
        };
        let mut sink = |stream, bytes: &[u8]| {
            seen.push((stream, bytes.to_vec()));
            if bytes.starts_with(b"now") {
                cancel.cancel();
            }
        };
        run(command.spawn().unwrap(), &watch, &mut sink).unwrap()
    }

    #[test]
    fn both_outputs_and_the_exit_code_arrive() {
        let mut seen = Vec::new();
        let ended = run_shell(
            "echo out; echo err >&2; exit 3",
            &CancelToken::new(),
            &mut seen,
        );
        assert!(
            matches!(ended, Ended::Exited { status, left_behind: false } if status.code() == Some(3)),
            "{ended:?}"
        );
        seen.sort_by_key(|(stream, _)| *stream == Stream::Err);
        assert_eq!(
            seen,
            vec![
                (Stream::Out, b"out\n".to_vec()),
                (Stream::Err, b"err\n".to_vec())
            ]
        );
    }

    #[test]
    fn cancelling_ends_the_program() {
        let ended = run_shell(
            "echo now; exec sleep 600",
            &CancelToken::new(),
            &mut Vec::new(),
        );
        assert!(matches!(ended, Ended::Cancelled), "{ended:?}");
    }
}
