//! Gap-free paging over a listing that moves while it is read.
//!
//! Hatchet pages by offset, so runs that fire or are deleted between two pages shift the rest and a plain loop skips
//! some. [`Pager`] reads pages that overlap what it has read. A page whose first run lies beyond the last one that was
//! read does not connect: runs before it were removed, and the pager steps back until pages connect again. A memory of
//! ids keeps every run from being yielded twice. So each run that exists throughout, and is not moved, is yielded
//! exactly once, in every order.
//!
//! In the order of their times a run that is moved while the pages are read may go where was read already. What went on
//! there shows: the next page does not begin where it should, or a run is met again at another time. Then, at the end, the
//! listing is read once more in the order of creation, in which nothing moves, for what was not yielded yet. What does not
//! show is a run that comes between two requests just when another one that was read is deleted.

use std::collections::{HashMap, HashSet};

use super::operation::{Client, Operation};
use crate::api::{Filter, List, ListQuery, OrderBy};
use crate::error::Error;
use crate::model::{OrderByDirection, OrderByField, Rows, RunId};
use crate::transport::{CallOptions, Platform};
use crate::value::Invalid;

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
    /// By how many runs a page begins before the end of the one before. Grows where more than that go between two pages.
    overlap: usize,
    step_back: usize,
    last: Option<Place>,
    /// The run that stood at `offset` when it was read.
    expected: Option<RunId>,
    seen: HashMap<RunId, Place>,
    /// The runs of a reading before this one.
    told: HashSet<RunId>,
    /// Whether something went on where was read already.
    disturbed: bool,
    /// How many runs were passed since the last one that had not been seen.
    barren: usize,
    done: bool,
}

impl Pager {
    /// Starts at the first page.
    pub fn new(order: OrderBy, size: usize) -> Self {
        let size = size.max(1);
        Self {
            order,
            size,
            offset: 0,
            // A page of one run could never both overlap and advance.
            overlap: (size / 10).clamp(1, 50),
            step_back: 0,
            last: None,
            expected: None,
            seen: HashMap::new(),
            told: HashSet::new(),
            disturbed: false,
            barren: 0,
            done: false,
        }
    }

    /// What looks for the runs that may have been moved past this reading, in the order in which none moves; `None` where
    /// none can have been.
    pub fn again(&self) -> Option<Self> {
        if !self.disturbed || self.order.field == Some(OrderByField::CreatedAt) {
            return None;
        }
        let order = OrderBy { field: Some(OrderByField::CreatedAt), direction: self.order.direction };
        let told = self.seen.keys().copied().collect();
        Some(Self { told, overlap: self.overlap, ..Self::new(order, self.size) })
    }

    /// The order that the pages are read in.
    pub fn order(&self) -> OrderBy {
        self.order
    }

    /// The offset and limit of the page to read; `None` at the end.
    pub fn next_page(&self) -> Option<(usize, usize)> {
        (!self.done).then_some((self.offset, self.size + self.overlap))
    }

    /// Takes the page that was asked for; answers the runs that are new.
    ///
    /// # Errors
    /// Says where an id or a time is none.
    pub fn accept(&mut self, rows: Rows) -> Result<Rows, Invalid> {
        let places = rows.places(self.order.field.unwrap_or(OrderByField::TriggerAt))?;
        self.disturbed |= self.expected.is_some_and(|expected| places.first().is_none_or(|(id, _)| *id != expected));
        if self.offset > 0 && !places.first().is_some_and(|first| self.connects(*first)) {
            self.step_back = (self.step_back * 2).max(self.size);
            self.offset = self.offset.saturating_sub(self.step_back);
            self.overlap = (self.overlap * 2).min(self.size.max(50));
            self.expected = None;
            return Ok(Rows::default());
        }
        self.step_back = 0;
        let mut fresh = Vec::with_capacity(places.len());
        let seen = self.seen.len();
        for (index, (id, place)) in (0..).zip(&places) {
            self.last = Some(*place);
            match self.seen.insert(*id, *place) {
                None if self.told.contains(id) => {}
                None => fresh.push(index),
                Some(before) => self.disturbed |= before != *place,
            }
        }
        self.done = places.len() < self.size + self.overlap;
        let next = places.len().saturating_sub(self.overlap);
        self.barren = if self.seen.len() > seen { 0 } else { self.barren + next };
        // A listing passes each run that was seen once, and a few again where others come before them.
        if !self.done && self.barren > 2 * seen + 10 * self.size {
            return Err(Invalid::new("", "hold the same runs at every offset: does the server read the query?"));
        }
        self.offset += next;
        self.expected = places.get(next).map(|(id, _)| *id);
        Ok(rows.pick(&fresh))
    }

    /// Whether nothing can have slipped between what was read and a page that begins with this run.
    fn connects(&self, (id, place): (RunId, Place)) -> bool {
        let descending = self.order.direction != Some(OrderByDirection::Asc);
        let before_last = self.last.is_some_and(|last| if descending { place > last } else { place < last });
        before_last || self.seen.get(&id) == Some(&place)
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
    /// Every matching run exactly once, also while runs fire, are deleted, are added and are moved. Where the order is by
    /// `triggerAt`, those that were moved or added where was read already come last. Nothing is sent before the first page
    /// is asked for.
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
    pub async fn next_page(&mut self) -> Result<Option<Rows>, Error> {
        let Self { client, query, options, workflow_id, pager } = self;
        let operation = client.operation("iterate", options)?;
        let next = async {
            if workflow_id.is_none() {
                query.check().map_err(|invalid| invalid.under("query"))?;
                *workflow_id = Some(operation.workflow_id(&query.filter).await?);
            }
            let workflow_id = workflow_id.as_ref().and_then(Option::as_deref);
            if let Some(runs) = operation.next_runs(query, workflow_id, pager).await? {
                return Ok(Some(runs));
            }
            let Some(again) = pager.again() else { return Ok(None) };
            *pager = again;
            operation.next_runs(query, workflow_id, pager).await
        };
        operation.told(next.await)
    }
}

impl<P: Platform> Operation<'_, P> {
    /// The next matching runs of a listing.
    pub(super) async fn next_runs(
        &self,
        query: &mut ListQuery,
        workflow_id: Option<&str>,
        pager: &mut Pager,
    ) -> Result<Option<Rows>, Error> {
        while let Some((offset, limit)) = pager.next_page() {
            (query.order, query.offset, query.limit) = (pager.order(), Some(offset), Some(limit));
            let page = self.call.send(&List { query, workflow_id }).await?;
            let fresh = pager.accept(page.rows).map_err(|invalid| Error::decode(invalid.under("rows")))?;
            let runs = fresh.matching(&query.filter.additional_metadata);
            self.remember_all(&runs);
            if !runs.is_empty() {
                return Ok(Some(runs));
            }
        }
        Ok(None)
    }

    /// Every matching run. In the order of their times a run that is moved meanwhile may be missed.
    pub(super) async fn every_run(&self, query: &mut ListQuery, workflow_id: Option<&str>) -> Result<Rows, Error> {
        let mut pager = Pager::new(query.order, DEFAULT_PAGE_SIZE);
        let mut all = Rows::default();
        while let Some(runs) = self.next_runs(query, workflow_id, &mut pager).await? {
            all.append(runs);
        }
        Ok(all)
    }
}
