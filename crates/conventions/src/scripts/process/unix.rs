//! Unix: a process group of its own, and both pipes polled by one thread.

use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::{Ended, Linger, Stop, TERMINATION_GRACE, TICK, Watch};
use crate::scripts::service_message::Stream;

/// A pipe holds no more than this, so after reading that much of it, what was
/// written before a given moment has been read.
const PIPE_CAPACITY: usize = 1024 * 1024;

pub(super) fn run(
    mut command: Command,
    watch: &Watch<'_>,
    sink: &mut dyn FnMut(Stream, &[u8]),
) -> io::Result<Ended> {
    let mut group = Group::spawn(command.process_group(0))?;
    let (out, err) = (group.child.stdout.take(), group.child.stderr.take());
    let mut pipes = Pipes {
        out,
        err,
        buffers: Buffers::default(),
    };
    pipes.set_nonblocking()?;

    let mut stopping: Option<(Stop, Instant)> = None;
    let mut linger: Option<Linger> = None;
    loop {
        pipes.wait()?;
        let mut output_came = pipes.read(sink)?;
        if linger.is_none() && group.has_exited()? {
            linger = Some(Linger::new());
            // What came between the reading and the end.
            output_came |= pipes.read(sink)?;
        }
        match (&stopping, &mut linger) {
            (None, None) => {
                if let Some(stop) = watch.stop() {
                    group.signal(Signal::TERM);
                    stopping = Some((stop, Instant::now()));
                }
            }
            (None, Some(linger)) => {
                let closed = pipes.are_closed();
                if closed || linger.is_over(output_came) {
                    return Ok(Ended::Exited {
                        status: group.reap()?,
                        left_behind: !closed,
                    });
                }
                if watch.cancel.is_cancelled() {
                    group.signal(Signal::TERM);
                    stopping = Some((Stop::Cancelled, Instant::now()));
                }
            }
            (Some((stop, since)), linger) => {
                if (linger.is_some() && pipes.are_closed()) || since.elapsed() >= TERMINATION_GRACE
                {
                    let stop = *stop;
                    group.signal(Signal::KILL);
                    group.reap()?;
                    return Ok(stop.into());
                }
            }
        }
    }
}

/// A program and what it started. Killed as a whole when dropped before its end.
struct Group {
    child: Child,
    reaped: bool,
}

impl Group {
    fn spawn(command: &mut Command) -> io::Result<Self> {
        Ok(Self {
            child: command.spawn()?,
            reaped: false,
        })
    }

    /// Whether the program itself has ended. It stays unreaped, and so its number
    /// still means its group and nothing else.
    fn has_exited(&self) -> io::Result<bool> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        Ok(waitid(WaitId::Pid(Pid::from_child(&self.child)), options)?.is_some())
    }

    fn signal(&self, signal: Signal) {
        if !self.reaped {
            // It fails only where nobody is left.
            let _ = kill_process_group(Pid::from_child(&self.child), signal);
        }
    }

    fn reap(&mut self) -> io::Result<std::process::ExitStatus> {
        let status = self.child.wait()?;
        self.reaped = true;
        Ok(status)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.reaped {
            self.signal(Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

struct Pipes {
    out: Option<std::process::ChildStdout>,
    err: Option<std::process::ChildStderr>,
    buffers: Buffers,
}

struct Buffers {
    out: Box<[u8]>,
    err: Box<[u8]>,
}

impl Default for Buffers {
    fn default() -> Self {
        Self {
            out: vec![0; 64 * 1024].into(),
            err: vec![0; 64 * 1024].into(),
        }
    }
}

impl Pipes {
    fn set_nonblocking(&self) -> io::Result<()> {
        if let Some(out) = &self.out {
            rustix::io::ioctl_fionbio(out, true)?;
        }
        if let Some(err) = &self.err {
            rustix::io::ioctl_fionbio(err, true)?;
        }
        Ok(())
    }

    fn are_closed(&self) -> bool {
        self.out.is_none() && self.err.is_none()
    }

    /// Waits for output, one tick at most. Without pipes only the program's end is to come, and soon.
    fn wait(&self) -> io::Result<()> {
        let tick = if self.are_closed() { TICK / 10 } else { TICK };
        let mut fds = Vec::with_capacity(2);
        fds.extend(
            self.out
                .as_ref()
                .map(|pipe| PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::IN)),
        );
        fds.extend(
            self.err
                .as_ref()
                .map(|pipe| PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::IN)),
        );
        let tick = Timespec {
            tv_sec: 0,
            tv_nsec: tick.subsec_nanos().into(),
        };
        match poll(&mut fds, Some(&tick)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads what is there; `true` if there was anything.
    ///
    /// Standard output is drained between reading and passing on standard error: messages
    /// that a script sent before it wrote an error count for that error.
    fn read(&mut self, sink: &mut dyn FnMut(Stream, &[u8])) -> io::Result<bool> {
        let errors = read_some(&mut self.err, &mut self.buffers.err)?;
        let mut drained = 0;
        while drained < PIPE_CAPACITY {
            let read = read_some(&mut self.out, &mut self.buffers.out)?;
            if read.is_empty() {
                break;
            }
            drained += read.len();
            sink(Stream::Out, read);
        }
        if !errors.is_empty() {
            sink(Stream::Err, errors);
        }
        Ok(drained > 0 || !errors.is_empty())
    }
}

/// What can be read without waiting; closes the pipe at its end.
fn read_some<'a>(pipe: &mut Option<impl Read>, buffer: &'a mut [u8]) -> io::Result<&'a [u8]> {
    let Some(reader) = pipe else { return Ok(&[]) };
    loop {
        match reader.read(buffer) {
            Ok(0) => {
                *pipe = None;
                return Ok(&[]);
            }
            Ok(length) => return Ok(buffer.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(&[]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
