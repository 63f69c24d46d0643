//! When runs are due, as far as a client has seen.

use std::collections::{HashMap, VecDeque};

use crate::model::{Due, Rows, RunId};

/// How many runs' times a client remembers at least; at most it is twice as many, and a listing.
const REMEMBERED: usize = 100_000;

/// When the runs are due that this client has seen last, in microseconds; [`GONE`] for one that it knows to be gone.
#[derive(Debug, Default)]
pub(super) struct DueTimes {
    recent: HashMap<RunId, i64>,
    older: HashMap<RunId, i64>,
    /// Of listings: read only when somebody asks, as most are never asked for.
    listed: VecDeque<(usize, Due)>,
}

/// No run is due then.
const GONE: i64 = i64::MIN;

impl DueTimes {
    pub(super) fn remember(&mut self, id: RunId, due: i64) {
        self.read();
        self.insert(id, due);
    }

    pub(super) fn remember_all(&mut self, rows: &Rows) {
        self.listed.push_back((rows.len(), rows.due()));
        let mut count: usize = self.listed.iter().map(|(count, _)| count).sum();
        while count > REMEMBERED
            && self.listed.len() > 1
            && let Some((oldest, _)) = self.listed.pop_front()
        {
            count -= oldest;
        }
    }

    pub(super) fn get(&mut self, id: RunId) -> Option<i64> {
        self.read();
        self.recent.get(&id).or_else(|| self.older.get(&id)).copied().filter(|due| *due != GONE)
    }

    /// The run is gone: it is due no more.
    pub(super) fn forget(&mut self, id: RunId) {
        self.remember(id, GONE);
    }

    fn read(&mut self) {
        for (_, due) in std::mem::take(&mut self.listed) {
            for (id, due) in due.runs() {
                self.insert(id, due);
            }
        }
    }

    fn insert(&mut self, id: RunId, due: i64) {
        if self.recent.len() >= REMEMBERED {
            self.older = std::mem::take(&mut self.recent);
        }
        self.recent.insert(id, due);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_of_due_times_is_bounded() {
        let id = |number: usize| RunId::parse(&format!("00000000-0000-4000-8000-{number:012x}")).unwrap();
        let mut due = DueTimes::default();
        for number in 0..2 * REMEMBERED + 10 {
            due.remember(id(number), 7);
            due.remember(id(number), 8);
        }
        assert!(due.recent.len() <= REMEMBERED && due.older.len() <= REMEMBERED);
        assert_eq!(due.get(id(0)), None);
        assert!((REMEMBERED + 10..2 * REMEMBERED + 10).all(|number| due.get(id(number)) == Some(8)));
        due.forget(id(2 * REMEMBERED));
        assert_eq!(due.get(id(2 * REMEMBERED)), None, "what is gone is not due");
    }
}
