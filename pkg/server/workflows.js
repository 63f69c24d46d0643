/** Workflows by id and by name: neither changes, so what was seen is kept. */
export class Workflows {
  #client;
  #names = new Map();

  constructor(client) {
    this.#client = client;
  }

  /** The names that these ids stand for; `undefined` where there is no such workflow. */
  async nameOf(id, options) {
    if (!this.#names.has(id)) await this.all(options);
    return this.#names.get(id);
  }

  /** The ids of the workflows with these names that are there. */
  async idsOf(names, options) {
    const ids = () => new Map([...this.#names].map(([id, name]) => [name, id]));
    let known = ids();
    if ([...names].some((name) => !known.has(name))) {
      await this.all(options);
      known = ids();
    }
    return [...names].flatMap((name) => known.get(name) ?? []);
  }

  /** Every workflow, as it is now. */
  async all(options, name) {
    const workflows = await this.#client.workflows(name === undefined ? {} : { name }, options);
    for (const workflow of workflows) this.#names.set(workflow.metadata.id, workflow.name);
    return workflows;
  }
}
