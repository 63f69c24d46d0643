//! Gap-free paging over a listing that moves while it is read.
//!
//! Hatchet pages by offset, so runs that fire or are deleted between two pages shift the rest and a plain loop skips
//! some. [`Pager`] reads pages that overlap what it has read. A page whose first run lies beyond the last one that was
//! read does not connect: runs before it were removed, and the pager steps back until pages connect again. A memory of
//! ids keeps every run from being yielded twice. So each run that exists throughout, and is not moved, is yielded
//! exactly once, in every order.

use crate::call::{Call, CallOptions};
use crate::client::Client;
use crate::error::Error;
use crate::id::KeyMap;
use crate::model::ScheduledWorkflows;
use crate::operations::{Filter, List, ListQuery, OrderBy, OrderByDirection, OrderByField};
use crate::platform::Platform;

/// How many runs are asked for at once, unless told otherwise: a listing of 10,000 takes ten requests.
pub const DEFAULT_PAGE_SIZE: usize = 1000;

/// Where a run stands in the order: the time that it is ordered by, in microseconds.
type Place = i64;

/// Decides which page to read next. Pure.
#[derive(Debug)]
pub struct Pager {
    order: OrderBy,
    size: usize,
    offset: usize,
    step_back: usize,
    last: Option<Place>,
    seen: KeyMap,
    done: bool,
}

impl Pager {
    /// Starts at the first page.
    pub fn new(order: OrderBy, size: usize) -> Self {
        Self { order, size: size.max(1), offset: 0, step_back: 0, last: None, seen: KeyMap::default(), done: false }
    }

    /// The offset and limit of the page to read; `None` at the end.
    pub fn next_page(&self) -> Option<(usize, usize)> {
        // A page of one run could never both overlap and advance.
        (!self.done).then_some((self.offset, self.size + self.overlap()))
    }

    /// Takes the page that was asked for; answers the runs that are new.
    pub fn accept(&mut self, rows: Vec<ScheduledWorkflows>) -> Vec<ScheduledWorkflows> {
        let count = rows.len();
        if self.offset > 0 && !rows.first().is_some_and(|first| self.connects(first)) {
            self.step_back = (self.step_back * 2).max(self.size);
            self.offset = self.offset.saturating_sub(self.step_back);
            return Vec::new();
        }
        self.step_back = 0;
        let mut fresh = Vec::new();
        for run in rows {
            let place = self.place(&run);
            self.last = Some(place);
            if self.seen.insert(run.metadata.id, place).is_none() {
                fresh.push(run);
            }
        }
        self.done = count < self.size + self.overlap();
        self.offset = (self.offset + count).saturating_sub(self.overlap());
        fresh
    }

    fn overlap(&self) -> usize {
        (self.size / 10).clamp(1, 50)
    }

    /// Whether nothing can have slipped between what was read and a page that begins with this run.
    fn connects(&self, run: &ScheduledWorkflows) -> bool {
        let place = self.place(run);
        let descending = self.order.direction != Some(OrderByDirection::Asc);
        let before_last = self.last.is_some_and(|last| if descending { place > last } else { place < last });
        before_last || self.seen.get(run.metadata.id) == Some(place)
    }

    fn place(&self, run: &ScheduledWorkflows) -> Place {
        match self.order.field {
            Some(OrderByField::CreatedAt) => run.metadata.created_at,
            Some(OrderByField::TriggerAt) | None => run.trigger_at,
        }
        .timestamp_micros()
    }
}

/// What to iterate over.
#[derive(Debug, Clone, Default)]
pub struct IterateQuery {
    /// Which runs.
    pub filter: Filter,
    /// In which order.
    pub order: OrderBy,
    /// How many runs to ask for at once. Default [`DEFAULT_PAGE_SIZE`].
    pub page_size: Option<usize>,
}

/// Every matching run, page by page.
#[derive(Debug)]
pub struct Iterate<P> {
    client: Client<P>,
    query: ListQuery,
    options: CallOptions,
    workflow_id: Option<Option<String>>,
    pager: Pager,
}

impl<P: Platform> Client<P> {
    /// Every matching run exactly once, also while runs fire, are deleted and are added. A run that is moved meanwhile
    /// may be missed. Nothing is sent before the first page is asked for.
    pub fn iterate(&self, query: IterateQuery, options: CallOptions) -> Iterate<P> {
        let IterateQuery { filter, order, page_size } = query;
        Iterate {
            client: self.clone(),
            query: ListQuery { filter, order, ..ListQuery::default() },
            options,
            workflow_id: None,
            pager: Pager::new(order, page_size.unwrap_or(DEFAULT_PAGE_SIZE)),
        }
    }
}

impl<P: Platform> Iterate<P> {
    /// The next runs; `None` at the end. After an error, asking again goes on where it failed.
    ///
    /// # Errors
    /// As `list`.
    pub async fn next_page(&mut self) -> Result<Option<Vec<ScheduledWorkflows>>, Error> {
        let Self { client, query, options, workflow_id, pager } = self;
        let next = async |call: &Call<'_, P>| {
            if workflow_id.is_none() {
                query.check().map_err(|invalid| invalid.under("query"))?;
                *workflow_id = Some(call.workflow_id(&query.filter).await?);
            }
            let workflow_id = workflow_id.as_ref().and_then(Option::as_deref);
            call.next_runs(query, workflow_id, pager).await
        };
        client.call("iterate", options, next).await
    }
}

impl<P: Platform> Call<'_, P> {
    /// The next matching runs of a listing.
    async fn next_runs(
        &self,
        query: &mut ListQuery,
        workflow_id: Option<&str>,
        pager: &mut Pager,
    ) -> Result<Option<Vec<ScheduledWorkflows>>, Error> {
        while let Some((offset, limit)) = pager.next_page() {
            (query.offset, query.limit) = (Some(offset), Some(limit));
            let page = self.send(&List { query, workflow_id }).await?;
            let mut runs = Vec::new();
            for run in pager.accept(page.rows) {
                if query.filter.matches(&run) {
                    self.remember(&run);
                    runs.push(run);
                }
            }
            if !runs.is_empty() {
                return Ok(Some(runs));
            }
        }
        Ok(None)
    }

    /// Every matching run.
    pub(crate) async fn every_run(
        &self,
        query: &mut ListQuery,
        workflow_id: Option<&str>,
    ) -> Result<Vec<ScheduledWorkflows>, Error> {
        let mut pager = Pager::new(query.order, DEFAULT_PAGE_SIZE);
        let mut all = Vec::new();
        while let Some(runs) = self.next_runs(query, workflow_id, &mut pager).await? {
            all.extend(runs);
        }
        Ok(all)
    }
}
