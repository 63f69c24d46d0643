//! `serverTime`: what this client knows of the server's clock.

use super::operation::Operation;
use crate::api::{List, ListQuery};
use crate::error::Error;
use crate::transport::{Platform, ServerTime};

impl<P: Platform> Operation<'_, P> {
    pub(crate) async fn server_time(&self) -> Result<Option<ServerTime>, Error> {
        if !self.call.server_time().seen {
            let query = ListQuery { limit: Some(1), ..ListQuery::default() };
            self.call.send(&List { query: &query, workflow_id: None }).await?;
        }
        Ok(Some(self.call.server_time()).filter(|time| time.seen))
    }
}
