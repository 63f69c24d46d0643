// As it is when the package is imported: tests put others in their place, which then stand still.
const { setImmediate, setTimeout, MessageChannel } = globalThis;

/** Waits until all that goes on by itself has gone on. */
export function turn() {
  if (setImmediate) return new Promise((resolve) => setImmediate(resolve));
  if (!MessageChannel) return new Promise((resolve) => setTimeout(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
