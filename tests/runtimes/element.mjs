/**
 * Uses the dashboard's element as a page does, between styles that would spoil it. Gives "ok" for each of the four, as `calls`:
 * a run that is created shows, the list is laid out by itself, what is wrong is told, and taking it out ends its requests.
 *
 * Its text is put into the page, so it stands by itself.
 */
export async function elementCalls(ScheduledClient, token) {
  document.head.insertAdjacentHTML("beforeend", "<style>* { all: unset; letter-spacing: 9px } button { display: none !important }</style>");
  const requests = [];
  const client = new ScheduledClient({ token, onEvent: ({ type }) => type === "request" && requests.push(type) });
  const put = (given) => {
    const element = Object.assign(document.createElement("scheduled-runs"), { client: given });
    element.style.cssText = "display: block; width: 500px";
    document.body.append(element);
    return element;
  };
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const inside = async (element, selector) => {
    for (const end = performance.now() + 20_000; performance.now() < end; await pause(50)) {
      const found = element.shadowRoot?.querySelector(selector);
      if (found) return found;
    }
    throw new Error(`there is no ${selector}`);
  };
  const check = async (act) => {
    try {
      return (await act()) ?? "ok";
    } catch (error) {
      return String(error?.stack ?? error);
    }
  };
  let element;
  return {
    create: await check(async () => {
      const run = await client.create("simple", { triggerAt: { in: "1h" } });
      element = put(client);
      await inside(element, `[id="run-${run.metadata.id}"]`);
    }),
    list: await check(async () => {
      const row = await inside(element, ".rows [role=row]");
      const { fontSize, letterSpacing } = getComputedStyle(await inside(element, ".frame"));
      const button = getComputedStyle(await inside(element, "button.primary")).display;
      const looks = [row.getBoundingClientRect().height, element.getBoundingClientRect().width, fontSize, letterSpacing, button].join();
      if (looks !== "44,500,14px,normal,inline-flex" && looks !== "44,500,14px,normal,flex") return `it looks like ${looks}`;
    }),
    error: await check(async () => {
      const broken = put(new ScheduledClient({ token, maxRetries: 0, fetch: () => Promise.reject(new Error("nothing answers")) }));
      await inside(broken, "[role=alert]");
      broken.remove();
    }),
    abort: await check(async () => {
      element.remove();
      await pause(300);
      const before = requests.length;
      await pause(6_000);
      if (requests.length !== before) return `${requests.length - before} requests after it was taken out`;
    }),
  };
}
