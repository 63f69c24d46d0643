const END = { done: true, value: undefined };

/**
 * Iterates over what a source gives in batches. As with a generator, calls to `next()` are answered in turn, and a
 * failure is the end; other than with a generator, `return()` ends it at once, also while a batch is awaited.
 *
 * The source's `next()` gives an array, or undefined at the end. Its `stop()` is called once, at the end, and lets the
 * batch that is awaited settle soon.
 */
export class BatchIterator {
  #source;
  #batch = [];
  #position = 0;
  #turn = Promise.resolve();

  constructor(source) {
    this.#source = source;
  }

  next() {
    const turn = this.#turn.then(() => this.#advance());
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async return(value) {
    this.#end();
    return { done: true, value };
  }

  async throw(error) {
    this.#end();
    throw error;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async #advance() {
    while (this.#position === this.#batch.length) {
      if (!this.#source) return END;
      const batch = await this.#next();
      if (!batch) return END;
      this.#batch = batch;
      this.#position = 0;
    }
    return { done: false, value: this.#batch[this.#position++] };
  }

  async #next() {
    try {
      const batch = await this.#source.next();
      if (batch && this.#source) return batch;
    } catch (error) {
      // What is awaited when it is ended fails because of that.
      if (this.#source) {
        this.#end();
        throw error;
      }
    }
    this.#end();
    return undefined;
  }

  #end() {
    this.#source?.stop();
    this.#source = undefined;
    this.#batch = [];
    this.#position = 0;
  }
}
