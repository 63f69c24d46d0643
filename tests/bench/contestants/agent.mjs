/** What runs in the process, or the page, of a contestant in JavaScript. */

/** Makes the calls of a contestant; answers one message at a time. */
export function agentOf(calls) {
  let call;
  return async ({ prepare, repeat }) => {
    if (prepare) {
      call = () => calls[prepare.call](prepare.work);
      return {};
    }
    let did;
    const began = performance.now();
    for (let time = 0; time < repeat; time++) did = await call();
    return { ms: (performance.now() - began) / repeat, did };
  };
}
