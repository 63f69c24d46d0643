//! `access`: what this client may do.

use super::operation::Operation;
use crate::api::Access;
use crate::error::Error;
use crate::transport::{NO_TENANT, Platform};
use crate::value::Value;

impl<P: Platform> Operation<'_, P> {
    pub(crate) async fn access(&self) -> Result<Value, Error> {
        // A token of Hatchet's names its tenant, and opens it whole.
        if self.call.tenant().await? == NO_TENANT { self.call.send(&Access).await } else { Ok(Access::everything()) }
    }
}
