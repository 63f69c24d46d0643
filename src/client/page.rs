//! Gap-free paging over a listing that moves while it is read.
//!
//! Hatchet pages by offset, so runs that fire or are deleted between two pages shift the rest and a plain loop skips
//! some. [`Pager`] reads pages that overlap what it has read. A page whose first run lies beyond the last one that was
//! read does not connect: runs before it were removed, and the pager steps back until pages connect again. A memory of
//! ids keeps every run from being yielded twice. So each run that exists throughout, and is not moved, is yielded
//! exactly once, in every order.

use std::collections::HashMap;

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
    step_back: usize,
    last: Option<Place>,
    seen: HashMap<RunId, Place>,
    done: bool,
}

impl Pager {
    /// Starts at the first page.
    pub fn new(order: OrderBy, size: usize) -> Self {
        Self { order, size: size.max(1), offset: 0, step_back: 0, last: None, seen: HashMap::new(), done: false }
    }

    /// The offset and limit of the page to read; `None` at the end.
    pub fn next_page(&self) -> Option<(usize, usize)> {
        // A page of one run could never both overlap and advance.
        (!self.done).then_some((self.offset, self.size + self.overlap()))
    }

    /// Takes the page that was asked for; answers the runs that are new.
    ///
    /// # Errors
    /// Says where an id or a time is none.
    pub fn accept(&mut self, rows: Rows) -> Result<Rows, Invalid> {
        let places = rows.places(self.order.field.unwrap_or(OrderByField::TriggerAt))?;
        if self.offset > 0 && !places.first().is_some_and(|first| self.connects(*first)) {
            self.step_back = (self.step_back * 2).max(self.size);
            self.offset = self.offset.saturating_sub(self.step_back);
            return Ok(Rows::default());
        }
        self.step_back = 0;
        let mut fresh = Vec::with_capacity(places.len());
        for (index, (id, place)) in (0..).zip(&places) {
            self.last = Some(*place);
            if self.seen.insert(*id, *place).is_none() {
                fresh.push(index);
            }
        }
        self.done = places.len() < self.size + self.overlap();
        self.offset = (self.offset + places.len()).saturating_sub(self.overlap());
        Ok(rows.pick(&fresh))
    }

    fn overlap(&self) -> usize {
        (self.size / 10).clamp(1, 50)
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
    pub async fn next_page(&mut self) -> Result<Option<Rows>, Error> {
        let Self { client, query, options, workflow_id, pager } = self;
        let operation = client.operation("iterate", options)?;
        let next = async {
            if workflow_id.is_none() {
                query.check().map_err(|invalid| invalid.under("query"))?;
                *workflow_id = Some(operation.workflow_id(&query.filter).await?);
            }
            let workflow_id = workflow_id.as_ref().and_then(Option::as_deref);
            operation.next_runs(query, workflow_id, pager).await
        };
        operation.told(next.await)
    }
}

impl<P: Platform> Operation<'_, P> {
    /// The next matching runs of a listing.
    async fn next_runs(
        &self,
        query: &mut ListQuery,
        workflow_id: Option<&str>,
        pager: &mut Pager,
    ) -> Result<Option<Rows>, Error> {
        while let Some((offset, limit)) = pager.next_page() {
            (query.offset, query.limit) = (Some(offset), Some(limit));
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

    /// Every matching run.
    pub(super) async fn every_run(&self, query: &mut ListQuery, workflow_id: Option<&str>) -> Result<Rows, Error> {
        let mut pager = Pager::new(query.order, DEFAULT_PAGE_SIZE);
        let mut all = Rows::default();
        while let Some(runs) = self.next_runs(query, workflow_id, &mut pager).await? {
            all.append(runs);
        }
        Ok(all)
    }
}
