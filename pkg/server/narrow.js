/** The queries, one a workflow, that together find what is both asked for and within the scope. */
export async function narrow({ scope, workflows, options }, filter) {
  const additionalMetadata = { ...filter.additionalMetadata };
  for (const [key, value] of Object.entries(scope.metadata)) {
    if (Object.hasOwn(additionalMetadata, key) && additionalMetadata[key] !== value) return [];
    additionalMetadata[key] = value;
  }
  const query = { ...filter, additionalMetadata };
  if (!scope.workflows) return [query];
  if (filter.workflowId !== undefined) {
    const name = await workflows.nameOf(filter.workflowId, options);
    return name !== undefined && scope.hasWorkflow(name) ? [query] : [];
  }
  const ids = await workflows.idsOf(scope.workflows, options);
  return ids.map((workflowId) => ({ ...query, workflowId }));
}
