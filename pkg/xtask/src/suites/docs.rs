//! The references of both packages, without a warning.

use anyhow::Result;

use super::context::Context;
use super::counts::Counts;
use super::rust;
use crate::docs;
use crate::run::say;

pub(super) fn check(context: &Context) -> Result<Counts> {
    let mut counts = rust::check(context, &[("RUSTDOCFLAGS", "-D warnings")], &["doc", "--workspace", "--no-deps"]);
    let made = docs::of_npm(&context.workspace);
    if let Err(error) = &made {
        say(error.to_string());
    }
    counts += Counts::one(made.is_ok());
    Ok(counts)
}
