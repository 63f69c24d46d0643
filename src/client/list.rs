//! `list`: a page as the server has it, or of rows that are filtered here.

use super::operation::Operation;
use crate::api::{List, ListQuery};
use crate::error::Error;
use crate::model::{Pagination, Rows, ScheduledWorkflowsList};
use crate::transport::Platform;

/// What the server pages by when nothing is said.
const DEFAULT_LIMIT: usize = 50;

impl<P: Platform> Operation<'_, P> {
    pub(crate) async fn list(&self, mut query: ListQuery) -> Result<ScheduledWorkflowsList, Error> {
        query.check().map_err(|invalid| invalid.under("query"))?;
        let workflow_id = self.workflow_id(&query.filter).await?;
        if query.filter.is_servers() {
            let page = self.call.send(&List { query: &query, workflow_id: workflow_id.as_deref() }).await?;
            self.remember_all(&page.rows);
            return Ok(page);
        }
        let (offset, limit) = (query.offset.unwrap_or(0), query.limit.unwrap_or(DEFAULT_LIMIT));
        let rows = self.every_run(&mut query, workflow_id.as_deref()).await?;
        Ok(page_of(rows, offset, limit))
    }
}

/// The page of rows that were filtered here.
fn page_of(rows: Rows, offset: usize, limit: usize) -> ScheduledWorkflowsList {
    let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let num_pages = rows.len().div_ceil(limit);
    let current_page = offset / limit + 1;
    let pagination = Pagination {
        current_page: whole(current_page),
        next_page: whole((current_page + 1).min(num_pages.max(1))),
        num_pages: whole(num_pages),
    };
    let places: Vec<u32> = (0..rows.len() as u32).skip(offset).take(limit).collect();
    ScheduledWorkflowsList { rows: rows.pick(&places), pagination }
}
