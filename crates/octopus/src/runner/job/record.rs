//! What is written down of a job, before it counts.

use std::sync::atomic::Ordering;

use api::{LogCategory, TaskState};
use wire::v1::Variable;

use super::{Job, server_line};
use crate::{
    app::Change,
    store::{
        Result, now_ms,
        targets::{Ending, Verdict},
        task_log::NewLine,
    },
};

impl Job {
    /// A line of the server about this machine.
    pub(in crate::runner) async fn log(
        &self,
        level: LogCategory,
        step: &str,
        text: &str,
    ) -> Result<()> {
        let line = self.line(level, step, text);
        self.app.store.append_log(self.task.id, &[line]).await?;
        self.app.changed(Change::Task(self.task.id));
        Ok(())
    }

    pub(in crate::runner) fn line(&self, level: LogCategory, step: &str, text: &str) -> NewLine {
        NewLine {
            machine_id: self.target.machine_id,
            step: self.target.place(step),
            ..server_line(level, text)
        }
    }

    /// The action's place in the process, and the machine.
    pub(in crate::runner) fn part(&self) -> (i64, i64) {
        (self.target.action, self.target.machine_id)
    }

    /// Writes down variables for later parts.
    pub(in crate::runner) async fn set_outputs(&self, variables: &[Variable]) -> Result<()> {
        let (task, part) = (self.task.id, self.part());
        self.app.store.set_outputs(task, part, variables).await?;
        self.has_outputs();
        Ok(())
    }

    fn has_outputs(&self) {
        if let Some(content) = &self.content {
            content.has_more_outputs.store(true, Ordering::Relaxed);
        }
    }

    /// Writes down what was kept for the end of this part, which is not yet.
    pub(in crate::runner) async fn write_down(&mut self) -> Result<()> {
        let lines = std::mem::take(&mut self.last_lines);
        if let Some(last) = lines.last() {
            let (task, part) = (self.task.id, self.part());
            let taken = u64::try_from(self.target.agent_sequence).unwrap_or(0);
            let store = &self.app.store;
            store
                .append_agent_log(task, part, taken, &lines, Some(&last.step))
                .await?;
            self.app.changed(Change::Task(task));
        }
        let outputs = std::mem::take(&mut self.outputs);
        if !outputs.is_empty() {
            self.set_outputs(&outputs).await?;
        }
        Ok(())
    }

    /// What is happening now.
    pub(in crate::runner) async fn activity(&mut self, activity: &str, percent: i64) -> Result<()> {
        self.activity_after(&[], activity, percent).await
    }

    /// The same, with lines about what was before.
    pub(in crate::runner) async fn activity_after(
        &mut self,
        lines: &[NewLine],
        activity: &str,
        percent: i64,
    ) -> Result<()> {
        self.target.percent = percent;
        let (task, part) = (self.task.id, self.part());
        let store = &self.app.store;
        store
            .update_target(task, part, activity, percent, lines)
            .await?;
        self.begins();
        self.app.changed(Change::Task(task));
        Ok(())
    }

    /// From now on the time of this attempt counts.
    pub(in crate::runner) fn begins(&mut self) {
        self.target.begun_at.get_or_insert_with(now_ms);
    }

    /// Where the target stands for good, with a last line this loud.
    pub(in crate::runner) async fn end(
        &mut self,
        (state, verdict): (TaskState, Verdict),
        level: LogCategory,
        message: &str,
    ) -> Result<()> {
        let mut lines = std::mem::take(&mut self.last_lines);
        lines.push(self.line(level, "", message));
        let (task, part) = (self.task.id, self.part());
        let ending = Ending {
            state,
            verdict,
            lines: &lines,
            agent_sequence: self.target.agent_sequence,
            outputs: &self.outputs,
        };
        self.app.store.end_target(task, part, &ending).await?;
        self.target.state = state;
        self.target.verdict = verdict;
        message.clone_into(&mut self.target.message);
        self.target.completed_at = Some(now_ms());
        if !self.outputs.is_empty() {
            self.has_outputs();
        }
        self.app.changed(Change::Task(task));
        Ok(())
    }
}
