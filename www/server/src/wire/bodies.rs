//! The bodies of requests, field by field as the real server declares them.

use uuid::Uuid;

use crate::go::{Decoder, Instant, Object, decode};

/// The body of a create.
#[derive(Debug)]
pub(crate) struct Create {
    pub(crate) trigger_at: Instant,
    pub(crate) input: Option<Object>,
    pub(crate) additional_metadata: Option<Object>,
    pub(crate) priority: Option<i32>,
}

/// The body of an update.
#[derive(Debug)]
pub(crate) struct Update {
    pub(crate) trigger_at: Instant,
}

/// The body of a bulk delete.
#[derive(Debug, Default)]
pub(crate) struct BulkDelete {
    pub(crate) ids: Option<Vec<Uuid>>,
    pub(crate) filter: Option<BulkFilter>,
}

/// The filter of a bulk delete. The real server knows no statuses here.
#[derive(Debug, Default)]
pub(crate) struct BulkFilter {
    pub(crate) workflow_id: Option<Uuid>,
    pub(crate) parent_workflow_run_id: Option<Uuid>,
    pub(crate) parent_step_run_id: Option<Uuid>,
    pub(crate) additional_metadata: Option<Vec<String>>,
}

/// The body of a bulk update.
#[derive(Debug, Default)]
pub(crate) struct BulkUpdate {
    pub(crate) updates: Vec<BulkUpdateItem>,
}

/// One run's new time.
#[derive(Debug)]
pub(crate) struct BulkUpdateItem {
    pub(crate) id: Uuid,
    pub(crate) trigger_at: Instant,
}

impl Default for Create {
    fn default() -> Self {
        Self { trigger_at: Instant::zero(), input: None, additional_metadata: None, priority: None }
    }
}

impl Default for Update {
    fn default() -> Self {
        Self { trigger_at: Instant::zero() }
    }
}

impl Default for BulkUpdateItem {
    fn default() -> Self {
        Self { id: Uuid::nil(), trigger_at: Instant::zero() }
    }
}

/// A body that can be read from JSON; without any body it is its default.
pub(crate) trait Body: Default + Send {
    /// Reads it, or says why not in the real server's words.
    fn read(json: &[u8]) -> Result<Self, String>;
}

impl Body for Create {
    fn read(json: &[u8]) -> Result<Self, String> {
        decode(json, |decoder, body: &mut Self| {
            let names = ["additionalMetadata", "input", "priority", "triggerAt"];
            decoder.structure("gen.ScheduleWorkflowRunRequest", &names, |decoder, field| match field {
                0 => decoder.object(&mut body.additional_metadata),
                1 => decoder.object(&mut body.input),
                2 => decoder.pointer(&mut body.priority, Decoder::int32),
                _ => decoder.time(&mut body.trigger_at),
            })
        })
    }
}

impl Body for Update {
    fn read(json: &[u8]) -> Result<Self, String> {
        decode(json, |decoder, body: &mut Self| {
            decoder.structure("gen.UpdateScheduledWorkflowRunRequest", &["triggerAt"], |decoder, _| {
                decoder.time(&mut body.trigger_at)
            })
        })
    }
}

impl Body for BulkDelete {
    fn read(json: &[u8]) -> Result<Self, String> {
        decode(json, |decoder, body: &mut Self| {
            let names = ["filter", "scheduledWorkflowRunIds"];
            decoder.structure("gen.ScheduledWorkflowsBulkDeleteRequest", &names, |decoder, field| match field {
                0 => decoder.pointer(&mut body.filter, read_filter),
                _ => decoder.pointer(&mut body.ids, |decoder, ids| {
                    decoder.slice("[]uuid.UUID", ids, |decoder, id| decoder.uuid("uuid.UUID", id))
                }),
            })
        })
    }
}

fn read_filter(decoder: &mut Decoder<'_>, filter: &mut BulkFilter) -> Result<(), String> {
    let names = ["additionalMetadata", "parentStepRunId", "parentWorkflowRunId", "workflowId"];
    decoder.structure("gen.ScheduledWorkflowsBulkDeleteFilter", &names, |decoder, field| {
        let id = |decoder: &mut Decoder<'_>, target: &mut Option<Uuid>| {
            decoder.pointer(target, |decoder, id| decoder.uuid("*uuid.UUID", id))
        };
        match field {
            0 => decoder.pointer(&mut filter.additional_metadata, |decoder, pairs| {
                decoder.slice("[]string", pairs, Decoder::string)
            }),
            1 => id(decoder, &mut filter.parent_step_run_id),
            2 => id(decoder, &mut filter.parent_workflow_run_id),
            _ => id(decoder, &mut filter.workflow_id),
        }
    })
}

impl Body for BulkUpdate {
    fn read(json: &[u8]) -> Result<Self, String> {
        decode(json, |decoder, body: &mut Self| {
            decoder.structure("gen.ScheduledWorkflowsBulkUpdateRequest", &["updates"], |decoder, _| {
                decoder.slice("[]gen.ScheduledWorkflowsBulkUpdateItem", &mut body.updates, |decoder, item| {
                    let names = ["id", "triggerAt"];
                    decoder.structure("gen.ScheduledWorkflowsBulkUpdateItem", &names, |decoder, field| match field {
                        0 => decoder.uuid("uuid.UUID", &mut item.id),
                        _ => decoder.time(&mut item.trigger_at),
                    })
                })
            })
        })
    }
}
