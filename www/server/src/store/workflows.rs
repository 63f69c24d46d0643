//! Workflows: registered by name, never removed.

use chrono::{DateTime, Utc};
use rusqlite::params;
use uuid::Uuid;

use super::database::Store;
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
        if let Some(workflow) = self.workflows.iter_mut().find(|workflow| workflow.name == name) {
            let input_schema = input_schema.or_else(|| workflow.input_schema.clone());
            if workflow.is_paused != is_paused || workflow.input_schema != input_schema {
                self.connection.execute(
                    "UPDATE workflow SET is_paused = ?2, input_schema = ?3 WHERE id = ?1",
                    params![workflow.id, is_paused, input_schema],
                )?;
                (workflow.is_paused, workflow.input_schema) = (is_paused, input_schema);
            }
            return Ok(workflow.id);
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
        self.connection.execute(
            "INSERT INTO workflow (id, version_id, name, description, is_paused, created_at, input_schema)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                workflow.id,
                workflow.version_id,
                name,
                description,
                is_paused,
                workflow.created_at,
                workflow.input_schema
            ],
        )?;
        let id = workflow.id;
        self.workflows.insert(0, workflow);
        Ok(id)
    }

    pub(super) fn load_workflows(&mut self) -> Result<(), Error> {
        let mut statement = self.connection.prepare(
            "SELECT id, version_id, name, description, is_paused, created_at, input_schema FROM workflow ORDER BY created_at DESC",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(WorkflowRow {
                id: row.get(0)?,
                version_id: row.get(1)?,
                name: row.get(2)?,
                description: row.get(3)?,
                is_paused: row.get(4)?,
                created_at: row.get(5)?,
                input_schema: row.get(6)?,
            })
        })?;
        self.workflows = rows.collect::<Result<_, _>>()?;
        Ok(())
    }
}
