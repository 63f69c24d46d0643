/**
 * The dashboard in anybody's page: the custom element `<scheduled-runs>`, and a function that puts it somewhere.
 *
 * ```html
 * <script type="module">import "hatchet-scheduled/dashboard";</script>
 * <scheduled-runs server-url="/api/scheduled" theme="dark"></scheduled-runs>
 * ```
 *
 * It lives in a shadow root: the page's styles do not reach in, its own do not leak out. It needs a height, as the list scrolls
 * within; without one it is 720 px high, or as high as the window. It is laid out by its own width, whatever the window's. A page
 * with a Content-Security-Policy needs `'wasm-unsafe-eval'` in its `script-src` and no exception for styles.
 *
 * What the client's `access()` does not allow is not offered.
 *
 * | custom property | |
 * |---|---|
 * | `--scheduled-runs-accent` | of buttons, links, selected rows |
 * | `--scheduled-runs-ground`, `--scheduled-runs-surface` | behind everything; of rows, fields and panels |
 * | `--scheduled-runs-text`, `--scheduled-runs-muted`, `--scheduled-runs-border` | |
 * | `--scheduled-runs-font` | a `font-family` |
 * | `--scheduled-runs-radius` | of fields, buttons and boxes |
 *
 * Importing this on a server does nothing.
 *
 * @packageDocumentation
 */

import type { ScheduledClient } from "hatchet-scheduled";

/**
 * `<scheduled-runs>`. Its attributes count from when it is put into a page; one that is moved there keeps what it shows.
 *
 * | attribute | |
 * |---|---|
 * | `server-url` | a handler of `hatchet-scheduled/server`, also relative to the page. Without it and `client`, the user is asked for a token |
 * | `read-only` | offers nothing that changes something |
 * | `theme` | `light`, `dark`, or `auto`, which is the page's own. Without it the user chooses |
 * | `filters` | as after the `?` in the address of a dashboard that was filtered so, for example `workflow=send-email` |
 * | `run-url`, `workflow-url` | addresses of pages of runs and workflows, with `{tenant}`, `{run}` and `{workflow}` where those go, for links. With a token of Hatchet's they are Hatchet's own; else there are no links by default |
 * | `url` | `sync`: filters and the open run stand in the page's address, and its shortcuts work while the focus is nowhere. Default `none` |
 */
export class ScheduledRuns extends HTMLElement {
  /** Asks Hatchet, instead of one for `server-url`. Set it before the element is put into a page. */
  client: ScheduledClient | undefined;
}

/** Puts a dashboard into an element. The options are those of the element's attributes. */
export function mountDashboard(into: Element, options?: MountOptions): { unmount(): void };

export interface MountOptions {
  /** Default: one for `serverUrl`. */
  client?: ScheduledClient;
  serverUrl?: string;
  readOnly?: boolean;
  theme?: "auto" | "light" | "dark";
  filters?: string;
  runUrl?: string;
  workflowUrl?: string;
  url?: "sync" | "none";
}

declare global {
  interface HTMLElementTagNameMap {
    "scheduled-runs": ScheduledRuns;
  }
}
