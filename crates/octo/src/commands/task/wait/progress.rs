//! How far tasks are: bars on a terminal, elsewhere a line when there is news.

use std::collections::BTreeMap;

use api::{Task, TaskDetails, TaskState};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::client::Client;
use crate::error::Error;
use crate::follow::Patience;
use crate::session::Session;

/// What is told about the tasks that are waited for.
pub(super) enum Progress<'a> {
    /// Nothing.
    Silent,
    /// What was told last, by task.
    Lines(&'a Session<'a>, BTreeMap<String, String>),
    /// By task.
    Bars(MultiProgress, BTreeMap<String, ProgressBar>),
}

impl<'a> Progress<'a> {
    /// `wanted` for lines; bars need no wish.
    pub(super) fn new(wanted: bool, ids: &[String], session: &'a Session<'_>) -> Self {
        if !session.around.error_is_terminal {
            return match wanted {
                true => Self::Lines(session, BTreeMap::new()),
                false => Self::Silent,
            };
        }
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let width = ids.iter().map(String::len).max().unwrap_or_default();
        let template = format!("{{prefix:{width}}}  {{bar:30}} {{pos:>3}} %  {{wide_msg}}");
        let style = ProgressStyle::with_template(&template)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("━━ ");
        let bars = ids.iter().map(|id| {
            let bar = all.add(ProgressBar::new(100));
            bar.set_style(style.clone());
            bar.set_prefix(id.clone());
            (id.clone(), bar)
        });
        let bars = bars.collect();
        Self::Bars(all, bars)
    }

    /// Tells about a task as it is now.
    ///
    /// # Errors
    /// When the server cannot be asked how far it is.
    pub(super) fn tell(
        &mut self,
        client: &Client,
        task: &Task,
        patience: &mut Patience<'_>,
    ) -> Result<(), Error> {
        if matches!(self, Self::Silent) {
            return Ok(());
        }
        let mut percent = None;
        let mut activity = String::new();
        if !task.is_completed {
            let path = client.in_space(&["tasks", &task.id, "details"]);
            let details: TaskDetails = patience.ask(|| client.get(&path, &[]))?;
            percent = Some(details.progress.progress_percentage);
            activity = details.progress.current_activity;
        }
        match self {
            Self::Silent => {}
            Self::Lines(session, told) => {
                let mut news = format!("{}: {:?}", task.id, task.state);
                if let Some(percent) = percent {
                    news.push_str(&format!(", {percent} %"));
                }
                if !activity.is_empty() {
                    news.push_str(&format!(", {activity}"));
                }
                if told.get(&task.id) != Some(&news) {
                    session.output.note(&news);
                    told.insert(task.id.clone(), news);
                }
            }
            Self::Bars(_, bars) => {
                let Some(bar) = bars.get(&task.id) else {
                    return Ok(());
                };
                let message = match activity.as_str() {
                    "" => format!("{:?}", task.state),
                    activity => activity.to_owned(),
                };
                match (percent, task.state) {
                    (Some(percent), _) => bar.set_position(percent.into()),
                    (None, TaskState::Success) => bar.set_position(100),
                    (None, _) => {}
                }
                bar.set_message(crate::output::clean(&message).into_owned());
                bar.tick();
            }
        }
        Ok(())
    }

    /// The result comes next.
    pub(super) fn end(&self) {
        if let Self::Bars(all, bars) = self {
            bars.values().for_each(ProgressBar::finish_and_clear);
            // Where no bar can be drawn, there is none to clear.
            let _ = all.clear();
        }
    }
}
