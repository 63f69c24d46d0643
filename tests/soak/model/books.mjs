/**
 * What the server was brought to do, in order: kept from its own answers, before anything befalls them on their way. What a
 * client may say afterwards, and what may be true, is told from this.
 */
export class Books {
  #tick = 0;
  /** By id: when it was made and by which call, the times it had, and what ended it. */
  runs = new Map();
  /** By a workflow's id: whether it was paused, from when on. */
  pauses = new Map();
  /** The runs that started, by the id of their scheduled run; known at the end. */
  started = new Map();

  tick() {
    return ++this.#tick;
  }

  /** Notes what an answer says was done for a call; gives how many changes that were. */
  note({ call, operation, path, body }, status, text) {
    if (status >= 300) return 0;
    const by = { call, seq: this.tick() };
    const told = text ? JSON.parse(text) : undefined;
    const id = path.split("/").at(-1);
    const notes = {
      create: () => this.#made(told, by),
      update: () => this.#moved(id, body.triggerAt, by),
      delete: () => this.#ended(id, "deleted", by),
      trigger: () => this.#ended(id, "triggered", { ...by, run: told.externalId }),
      bulkDelete: () => told.deletedIds.reduce((count, one) => count + this.#ended(one, "deleted", by), 0),
      bulkUpdate: () => {
        const times = new Map(body.updates.map((update) => [update.id, update.triggerAt]));
        return told.updatedIds.reduce((count, one) => count + this.#moved(one, times.get(one), by), 0);
      },
      pause: () => this.#paused(id, told.isPaused === true, by),
    };
    return notes[operation]?.() ?? 0;
  }

  #made(run, by) {
    const { metadata, workflowName, input, additionalMetadata, priority } = run;
    const key = additionalMetadata?.idempotencyKey;
    this.runs.set(metadata.id, { id: metadata.id, workflowName, input, metadata: additionalMetadata, priority, key, made: by, times: [{ ...by, at: Date.parse(run.triggerAt) }] });
    return 1;
  }

  #moved(id, time, by) {
    this.runs.get(id).times.push({ ...by, at: Date.parse(time) });
    return 1;
  }

  #ended(id, how, by) {
    this.runs.get(id)[how] ??= by;
    return 1;
  }

  #paused(id, isPaused, by) {
    if (!this.pauses.has(id)) this.pauses.set(id, [{ seq: 0, isPaused: false }]);
    this.pauses.get(id).push({ ...by, isPaused });
    return 1;
  }

  /** The times that a run had at any moment of a call. */
  timesDuring(id, { start, end }) {
    return during(this.runs.get(id).times, start, end).map(({ at }) => at);
  }

  pausesDuring(id, { start, end }) {
    return during(this.pauses.get(id) ?? [{ seq: 0, isPaused: false }], start, end).map(({ isPaused }) => isPaused);
  }

  /** Whether a run had surely ended before a moment. */
  wasGone(id, { seq, at }) {
    const run = this.runs.get(id);
    return !run || run.deleted?.seq < seq || run.triggered?.seq < seq || this.#fired(run) < at;
  }

  /** Whether a run may have ended by a moment: what fires at the time of a moment may do so before it, or after. */
  isGone(id, { seq, at }) {
    const run = this.runs.get(id);
    return this.wasGone(id, { seq, at }) || this.#fired(run) <= at;
  }

  /** When the engine started it. */
  #fired(run) {
    return run.triggered ? undefined : this.started.get(run.id)?.at;
  }

  /** Whether a run was there from a call's start to its end. */
  wasThereThroughout(run, { start, end }) {
    return run.made.seq < start.seq && !this.isGone(run.id, end);
  }

  /** Whether a run was there at any moment of a call. */
  wasThereDuring(id, { start, end }) {
    const run = this.runs.get(id);
    return run !== undefined && run.made.seq <= end.seq && !this.wasGone(id, start);
  }

  /** The changes that a call made to a run, by what they are. */
  changesOf(id, call) {
    const run = this.runs.get(id);
    if (!run) return [];
    const moves = run.times.slice(1).filter((time) => time.call === call).map(({ at }) => `moved to ${at}`);
    return [...moves, ...(run.deleted?.call === call ? ["deleted"] : []), ...(run.triggered?.call === call ? ["triggered"] : [])];
  }

  /** Whether another call changed a run while this one went on. */
  isContested(id, { call, start, end }) {
    const run = this.runs.get(id);
    if (!run) return false;
    const others = [...run.times, run.deleted, run.triggered].filter((change) => change && change.call !== call);
    return others.some(({ seq }) => seq > start.seq && seq <= end.seq) || this.started.has(id);
  }
}

/** What was so at the start, and all that came until the end. */
function during(states, start, end) {
  const before = states.findLastIndex(({ seq }) => seq <= start.seq);
  return states.slice(Math.max(before, 0)).filter(({ seq }) => seq <= end.seq);
}

/** Whether a run is one of those that a query asks for. */
export function fits(run, { workflowName, additionalMetadata }) {
  return (workflowName === undefined || run.workflowName === workflowName) && (additionalMetadata === undefined || run.metadata?.tag === additionalMetadata.tag);
}
