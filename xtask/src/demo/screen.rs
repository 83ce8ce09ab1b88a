//! What people see while the demo runs: live progress in a terminal, plain lines elsewhere.

use std::{
    io::IsTerminal,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};

/// Between two looks at something that is waited for.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The terminal or the log.
pub(super) struct Screen {
    begun: Instant,
    bar: Option<ProgressBar>,
    interrupted: Arc<AtomicBool>,
}

impl Screen {
    /// From now on Ctrl-C ends the demo in order.
    pub(super) fn new() -> anyhow::Result<Self> {
        let interrupted = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&interrupted);
        ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))
            .context("Ctrl-C can't be handled")?;
        let bar = std::io::stdout().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Ok(Self {
            begun: Instant::now(),
            bar,
            interrupted,
        })
    }

    /// What begins now.
    pub(super) fn step(&self, text: &str) {
        match &self.bar {
            Some(bar) => {
                bar.set_message(text.to_owned());
                bar.reset_elapsed();
            }
            None => self.say(&format!("{text} …")),
        }
    }

    /// What has happened.
    pub(super) fn say(&self, text: &str) {
        let seconds = self.begun.elapsed().as_secs_f64();
        let line = format!("{seconds:7.1} s  {text}");
        match &self.bar {
            Some(bar) if !bar.is_finished() => bar.println(line),
            _ => println!("{line}"),
        }
    }

    /// Whether Ctrl-C was pressed.
    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// The last step is done: nothing moves any more.
    pub(super) fn rest(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    pub(super) fn wait_for_interrupt(&self) {
        while !self.is_interrupted() {
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// Looks until something is there; `look` gives it, or what it sees instead.
    pub(super) fn wait_for<T>(
        &self,
        what: &str,
        patience: Duration,
        mut look: impl FnMut() -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let begun = Instant::now();
        loop {
            let seen = match look() {
                Ok(found) => return Ok(found),
                Err(seen) => seen,
            };
            if self.is_interrupted() {
                bail!("interrupted");
            }
            if begun.elapsed() > patience {
                let seconds = patience.as_secs();
                return Err(seen.context(format!("{what}: not within {seconds} s")));
            }
            thread::sleep(LOOK_AGAIN);
        }
    }
}
