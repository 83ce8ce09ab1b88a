//! Counts, for monitoring and for lists.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use api::TaskState;

use super::{Result, Store, from_word};

/// The newest tasks are counted anew each time: so many at least, so that one whose number was
/// given but is not there yet is not passed over.
const FRESH: i64 = 200;

/// How many tasks had ended in each state, up to a row: those stay as they are, and are never
/// removed.
#[derive(Debug, Default, Clone)]
pub(super) struct Settled(Arc<Mutex<Counted>>);

#[derive(Debug, Default, Clone)]
struct Counted {
    up_to: i64,
    states: BTreeMap<String, i64>,
}

/// Of some rows: state, how many, the newest, the oldest that has not ended.
type Row = (String, i64, i64, Option<i64>);

impl Settled {
    fn lock(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counted {
    fn add(&mut self, rows: &[Row]) {
        for (state, count, ..) in rows {
            *self.states.entry(state.clone()).or_default() += count;
        }
    }
}

impl Store {
    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("select 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Machines of each health, as it is stored.
    pub async fn count_machines(&self) -> Result<Vec<(String, i64)>> {
        let query = "select health, count(*) from machines group by health order by health";
        Ok(sqlx::query_as(query).fetch_all(&self.pool).await?)
    }

    /// Packages, and the sum of their sizes in bytes.
    pub async fn count_packages(&self) -> Result<(i64, i64)> {
        let query = "select count(*), cast(coalesce(sum(size), 0) as bigint) from packages";
        Ok(sqlx::query_as(query).fetch_one(&self.pool).await?)
    }

    /// How many tasks are in each state.
    pub async fn count_tasks(&self) -> Result<Vec<(TaskState, i64)>> {
        let settled = self.settled.lock().clone();
        let fresh = self.count_between(settled.up_to, i64::MAX).await?;
        if fresh.iter().map(|row| row.1).sum::<i64>() > FRESH * 2 {
            self.settle(&settled, &fresh).await?;
        }
        let mut all = settled;
        all.add(&fresh);
        let states = all.states.into_iter();
        states
            .map(|(state, count)| Ok((from_word(&state)?, count)))
            .collect()
    }

    /// Remembers the counts of what has ended among the rows that were counted anew.
    async fn settle(&self, settled: &Counted, fresh: &[Row]) -> Result<()> {
        let newest = fresh.iter().map(|row| row.2).max().unwrap_or(0);
        let open = fresh.iter().filter_map(|row| row.3).min();
        let up_to = (newest - FRESH).min(open.map_or(i64::MAX, |open| open - 1));
        if up_to <= settled.up_to {
            return Ok(());
        }
        let mut next = settled.clone();
        next.add(&self.count_between(settled.up_to, up_to).await?);
        next.up_to = up_to;
        let mut now = self.settled.lock();
        if now.up_to == settled.up_to {
            *now = next;
        }
        Ok(())
    }

    async fn count_between(&self, after: i64, up_to: i64) -> Result<Vec<Row>> {
        // Grouped by what has no index, or all of that would be read.
        let query = "select state || '', count(*), max(id), \
                     min(case when completed_at is null then id end) \
                     from tasks where id > $1 and id <= $2 group by state || ''";
        let query = sqlx::query_as(query).bind(after).bind(up_to);
        Ok(query.fetch_all(&self.pool).await?)
    }
}
