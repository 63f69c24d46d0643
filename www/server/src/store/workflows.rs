//! Workflows: registered by name, never removed.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Store;
use super::rows::{Registration, WorkflowRow, micros, new_id};
use crate::error::Error;
use crate::wire::pause::Pause;

impl Store {
    /// All workflows, the newest first.
    pub(crate) fn workflows(&self) -> &[WorkflowRow] {
        &self.workflows
    }

    /// A workflow by its exact name.
    pub(crate) fn workflow_named(&self, name: &str) -> Option<&WorkflowRow> {
        self.workflows.iter().find(|workflow| workflow.name == name)
    }

    /// A workflow by id.
    pub(crate) fn workflow(&self, id: Uuid) -> Option<&WorkflowRow> {
        self.workflows.iter().find(|workflow| workflow.id == id)
    }

    /// Registers a workflow, or changes what its input looks like; gives its id.
    pub(crate) fn register(&mut self, registration: Registration<'_>, now: DateTime<Utc>) -> Result<Uuid, Error> {
        let Registration { name, description, input_schema } = registration;
        if let Some(known) = self.workflow_named(name).cloned() {
            let id = known.id;
            if input_schema.is_some() && known.input_schema != input_schema {
                self.put(WorkflowRow { input_schema, ..known })?;
            }
            return Ok(id);
        }
        let newest = self.workflows.first().map_or(i64::MIN, |workflow| workflow.created_at.saturating_add(1));
        let workflow = WorkflowRow {
            id: new_id(),
            version_id: new_id(),
            name: name.to_owned(),
            description: description.to_owned(),
            pause: None,
            created_at: micros(now).max(newest),
            input_schema,
        };
        let id = workflow.id;
        self.put(workflow)?;
        Ok(id)
    }

    /// Pauses a workflow, or lets it go on, and with it what stands queued.
    pub(crate) fn pause(&mut self, id: Uuid, pause: Option<Pause>, now: DateTime<Utc>) -> Result<(), Error> {
        let Some(known) = self.workflow(id).cloned() else { return Ok(()) };
        if pause.is_none() && known.pause.is_some() {
            self.release(id, micros(now))?;
        }
        if known.pause == pause { Ok(()) } else { self.put(WorkflowRow { pause, ..known }) }
    }

    fn put(&mut self, workflow: WorkflowRow) -> Result<(), Error> {
        self.tables.put_workflow(&workflow)?;
        self.changes += 1;
        match self.workflows.iter_mut().find(|known| known.id == workflow.id) {
            Some(known) => *known = workflow,
            None => self.workflows.insert(0, workflow),
        }
        Ok(())
    }
}
