//! Workflows: by their names, and how they are now.

use super::operation::Operation;
use super::workflow_ref::WorkflowRef;
use crate::api::{Filter, WorkflowVersion, Workflows, check_workflow_name};
use crate::error::{Error, Refusal};
use crate::model::Workflow;
use crate::transport::Platform;
use crate::value::{Invalid, Value, lower_case, quoted};

/// How many workflows are asked for at once.
const WORKFLOWS_PAGE: usize = 200;

impl<P: Platform> Operation<'_, P> {
    /// The id of the workflow that a filter names.
    pub(super) async fn workflow_id(&self, filter: &Filter) -> Result<Option<String>, Error> {
        let Some(name) = &filter.workflow_name else { return Ok(None) };
        let name = self.call.namespace.apply(name);
        let found = self.workflows(Some(&name), &|workflow| workflow.name == name).await?;
        match found.into_iter().next() {
            Some(workflow) => Ok(Some(workflow.id)),
            None => {
                Err(self.hint_at_similar(Error::refused(Refusal::unknown_workflow(&name, "workflowName")), &name).await)
            }
        }
    }

    /// The id of a workflow, however it is named.
    pub(super) async fn id_of(&self, workflow: WorkflowRef) -> Result<String, Error> {
        match workflow {
            WorkflowRef::Id(id) => Ok(id.to_string()),
            WorkflowRef::Name(name) => {
                check_workflow_name(&name).map_err(|invalid| Invalid::new("workflow", invalid.reason.clone()))?;
                let filter = Filter { workflow_name: Some(name), ..Filter::default() };
                Ok(self.workflow_id(&filter).await?.unwrap_or_default())
            }
        }
    }

    /// The workflows whose name holds `name` anywhere. The server takes `_` and `%` in it for any characters, so what it
    /// finds is looked at again.
    pub(crate) async fn workflows_named(&self, name: Option<&str>) -> Result<Vec<Workflow>, Error> {
        let wanted = lower_case(name.unwrap_or_default());
        self.workflows(name, &|workflow| lower_case(&workflow.name).contains(&wanted)).await
    }

    pub(crate) async fn workflow_version(&self, workflow: WorkflowRef) -> Result<Value, Error> {
        let workflow = self.id_of(workflow).await?;
        self.call.send(&WorkflowVersion { workflow: &workflow }).await
    }

    /// The workflows that pass, of those whose name holds `name`.
    pub(super) async fn workflows(
        &self,
        name: Option<&str>,
        passes: &dyn Fn(&Workflow) -> bool,
    ) -> Result<Vec<Workflow>, Error> {
        let mut found = Vec::new();
        let mut offset = 0;
        loop {
            let page = self.call.send(&Workflows { name, offset, limit: WORKFLOWS_PAGE }).await?;
            let count = page.len();
            for workflow in page {
                if passes(&workflow) {
                    found.push(workflow);
                }
            }
            offset += count;
            if count < WORKFLOWS_PAGE {
                return Ok(found);
            }
        }
    }

    /// The error, with a hint at workflows whose name differs from this one only in case or by the namespace.
    pub(super) async fn hint_at_similar(&self, error: Error, name: &str) -> Error {
        let bare = |name: &str| {
            let name = lower_case(name);
            name.strip_prefix(self.call.namespace.as_str()).map_or_else(|| name.clone(), str::to_owned)
        };
        let wanted = bare(name);
        let similar = |workflow: &Workflow| {
            let known = bare(&workflow.name);
            known == wanted || known.strip_suffix(&wanted).is_some_and(|namespace| namespace.ends_with('_'))
        };
        let found = self.workflows(None, &similar).await.unwrap_or_default();
        let mut names = String::new();
        for workflow in found.iter().take(5) {
            names.push_str(if names.is_empty() { "" } else { ", " });
            names.push_str(&quoted(&workflow.name));
        }
        if names.is_empty() {
            return error;
        }
        error.with_hint(
            ["Workflow names are case-sensitive and carry their namespace: did you mean ", &names, "?"].concat(),
        )
    }
}
