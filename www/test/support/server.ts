/** The embedded Hatchet, serving the built page, for one test file. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const binary = process.env.HATCHET_EMBEDDED_BIN ?? `${root}../target/debug/hatchet-embedded`;
const dist = process.env.HATCHET_DASHBOARD_DIR ?? `${root}dist`;

export interface Ready {
  url: string;
  token: string;
  tenantId: string;
}

export interface FaultRule {
  match: { method?: string; pathContains?: string; nth?: number; from?: number; to?: number; times?: number };
  then: { delayMs?: number; status?: number; body?: unknown; headers?: Record<string, string>; cutBody?: boolean; drop?: "before" | "after" };
}

export interface SeenRequest {
  method: string;
  path: string;
  at: string;
}

/** Which part of the page's first minutes a test is about decides the options. */
export interface ServerOptions {
  seed?: number;
  /** Hands the token over to the page; without it the page asks for one. */
  demo?: boolean;
  allowedOrigins?: string;
  /** Stands still at this time. */
  clock?: Date;
}

export class Server {
  readonly ready: Ready;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, ready: Ready) {
    this.#process = process;
    this.ready = ready;
  }

  static async start({ seed, demo = true, allowedOrigins, clock }: ServerOptions = {}): Promise<Server> {
    if (!existsSync(binary)) throw new Error(`The embedded server is not built: ${binary} is missing. Run "cargo build -p hatchet-embedded".`);
    if (!existsSync(`${dist}/index.html`)) throw new Error(`The page is not built: ${dist}/index.html is missing. Run "npm run build" in www.`);
    const child = spawn(
      binary,
      [
        "--port", "0", "--static", dist, "--test-controls",
        ...(demo ? ["--demo"] : []),
        ...(seed ? ["--seed", String(seed)] : []),
        ...(clock ? ["--clock", clock.toISOString()] : []),
        ...(allowedOrigins ? ["--allowed-origins", allowedOrigins] : []),
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    let errors = "";
    child.stderr?.on("data", (chunk: Buffer) => (errors += chunk));
    const line = await new Promise<string>((resolve, reject) => {
      let text = "";
      child.stdout?.on("data", (chunk: Buffer) => {
        text += chunk;
        if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
      });
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`The embedded server ended with ${code} before it was ready.\n${errors}`)));
    });
    return new Server(child, JSON.parse(line) as Ready);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await ended;
  }

  /** Calls Hatchet's own API below the tenant's workflows. */
  async api(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.#send(method, `/api/v1/tenants/${this.ready.tenantId}/workflows${path}`, body);
  }

  async create(workflow: string, triggerAt: Date, more: object = {}): Promise<string> {
    const run = (await this.api("POST", `/${encodeURIComponent(workflow)}/scheduled`, { triggerAt: triggerAt.toISOString(), input: {}, ...more })) as {
      metadata: { id: string };
    };
    return run.metadata.id;
  }

  /** Every scheduled run there is, by id. */
  async truth(): Promise<Map<string, { at: number; workflow: string }>> {
    const { rows } = (await this.api("GET", "/scheduled?limit=1000000")) as {
      rows: { metadata: { id: string }; triggerAt: string; workflowName: string }[];
    };
    return new Map(rows.map((row) => [row.metadata.id, { at: Date.parse(row.triggerAt), workflow: row.workflowName }]));
  }

  /** Runs made fast; their ids, in the order of their times. */
  async makeRuns(count: number, options: { workflow?: string; triggerAt?: Date; spacingMs?: number; method?: "API" | "DEFAULT"; additionalMetadata?: object } = {}): Promise<string[]> {
    const { ids } = (await this.#send("POST", "/test/runs", { count, ...options })) as { ids: string[] };
    return ids;
  }

  /** Registers a workflow of any name. */
  async makeWorkflow(name: string, inputJsonSchema?: object): Promise<void> {
    await this.#send("POST", "/test/workflows", { name, inputJsonSchema });
  }

  /** Stops the server's clock at another time; the engine then does what was due until there. */
  async moveClock(move: { advanceMs: number } | { set: string } | { system: true }): Promise<void> {
    await this.#send("POST", "/test/clock", move);
  }

  async faults(...rules: FaultRule[]): Promise<void> {
    await this.#send("DELETE", "/test/faults");
    if (rules.length) await this.#send("POST", "/test/faults", rules);
  }

  async requests(): Promise<SeenRequest[]> {
    return (await this.#send("GET", "/test/requests")) as SeenRequest[];
  }

  async forgetRequests(): Promise<void> {
    await this.#send("DELETE", "/test/requests");
  }

  async #send(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.ready.url + path, {
      method,
      headers: { authorization: `Bearer ${this.ready.token}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text ? JSON.parse(text) : undefined;
  }
}
