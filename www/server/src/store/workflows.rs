//! Workflows: registered by name, never removed.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Store;
use super::rows::{Registration, WorkflowRow, micros, new_id};
use crate::error::Error;

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

    /// Registers a workflow, or changes whether it is paused and what its input looks like; gives its id.
    pub(crate) fn register(&mut self, registration: Registration<'_>, now: DateTime<Utc>) -> Result<Uuid, Error> {
        let Registration { name, description, is_paused, input_schema } = registration;
        if let Some(known) = self.workflows.iter_mut().find(|workflow| workflow.name == name) {
            let input_schema = input_schema.or_else(|| known.input_schema.clone());
            if known.is_paused != is_paused || known.input_schema != input_schema {
                let changed = WorkflowRow { is_paused, input_schema, ..known.clone() };
                self.tables.put_workflow(&changed)?;
                *known = changed;
                self.changes += 1;
            }
            return Ok(known.id);
        }
        let newest = self.workflows.first().map_or(i64::MIN, |workflow| workflow.created_at.saturating_add(1));
        let workflow = WorkflowRow {
            id: new_id(),
            version_id: new_id(),
            name: name.to_owned(),
            description: description.to_owned(),
            is_paused,
            created_at: micros(now).max(newest),
            input_schema,
        };
        self.tables.put_workflow(&workflow)?;
        self.changes += 1;
        let id = workflow.id;
        self.workflows.insert(0, workflow);
        Ok(id)
    }
}
