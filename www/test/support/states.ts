/** The page's main states, each as the steps that lead to it; the accessibility checks and the screenshots visit them all. */

import type { Page } from "playwright-core";
import { rows, waitForList } from "./browser.ts";
import type { Server } from "./server.ts";

export interface PageState {
  name: string;
  /** Which server it needs: one full of runs, one without any, or one that asks for a token. */
  on: "full" | "empty" | "closed";
  query?: string;
  before?: (server: Server) => Promise<void>;
  reach: (page: Page, server: Server) => Promise<void>;
}

const list = async (page: Page) => waitForList(page);
const selectAll = async (page: Page) => {
  await list(page);
  await page.getByRole("checkbox", { name: /^Select all/ }).check();
};
const openMove = async (page: Page) => {
  await selectAll(page);
  await page.getByRole("button", { name: /^Move .* runs…$/ }).click();
  await page.getByRole("heading", { name: /^Move / }).waitFor();
};

export const states: readonly PageState[] = [
  {
    name: "connect", on: "closed",
    reach: async (page) => page.getByRole("heading", { name: "Connect to Hatchet" }).waitFor(),
  },
  {
    name: "connect refused", on: "closed",
    reach: async (page, server) => {
      await page.getByLabel("API token").fill(`${server.ready.token.slice(0, -8)}AAAAAAAA`);
      await page.getByRole("button", { name: "Connect" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  {
    name: "loading", on: "full",
    before: (server) => server.faults({ match: { pathContains: "/scheduled" }, then: { delayMs: 6_000 } }),
    reach: async (page) => page.getByText("Loading the scheduled runs").waitFor(),
  },
  { name: "empty", on: "empty", reach: async (page) => page.getByRole("heading", { name: "Nothing is scheduled" }).waitFor() },
  { name: "no match", on: "full", query: "?q=nothing-has-this-in-it", reach: async (page) => page.getByRole("heading", { name: "Nothing matches" }).waitFor() },
  { name: "list", on: "full", reach: list },
  { name: "week", on: "full", query: "?view=week", reach: list },
  {
    name: "timeline as table", on: "full",
    reach: async (page) => {
      await list(page);
      await page.getByRole("button", { name: "View as table" }).click();
    },
  },
  {
    name: "filter open", on: "full", query: "?workflow=send-email&meta.env=prod",
    reach: async (page) => {
      await list(page);
      await page.locator(".filters summary", { hasText: "Workflow" }).click();
    },
  },
  {
    name: "detail", on: "full",
    reach: async (page) => {
      await list(page);
      await rows(page).nth(1).locator(".workflow, .when").first().click();
      await page.locator("dialog.detail h2").waitFor();
    },
  },
  {
    name: "create", on: "full",
    reach: async (page) => {
      await list(page);
      await page.getByRole("button", { name: "Schedule a run" }).click();
      await page.getByRole("heading", { name: "Schedule a run" }).waitFor();
    },
  },
  {
    name: "create error", on: "full",
    reach: async (page) => {
      await list(page);
      await page.getByRole("button", { name: "Schedule a run" }).click();
      await page.locator("textarea[name=input]").fill('{\n  "id": 9007199254740993\n}');
      await page.getByRole("button", { name: "Schedule", exact: true }).click();
      await page.getByText("A workflow is needed").waitFor();
    },
  },
  { name: "selected", on: "full", reach: selectAll },
  {
    name: "move by shift", on: "full",
    reach: async (page) => {
      await openMove(page);
      await page.getByRole("button", { name: "+2h" }).click();
      await page.getByLabel("Preview").waitFor();
    },
  },
  {
    name: "move to one time", on: "full",
    reach: async (page) => {
      await openMove(page);
      await page.getByRole("button", { name: "Set one time" }).click();
      await page.getByLabel("New time", { exact: true }).fill("2026-10-25 02:30");
    },
  },
  {
    name: "move spread", on: "full",
    reach: async (page) => {
      await openMove(page);
      await page.getByRole("button", { name: "Spread" }).click();
      await page.getByLabel("Preview").waitFor();
    },
  },
  {
    name: "delete confirmation", on: "full",
    reach: async (page) => {
      await selectAll(page);
      await page.getByRole("button", { name: /^Delete .* runs$/ }).click();
      await page.getByRole("heading", { name: /^Delete / }).waitFor();
    },
  },
  {
    name: "partial failure", on: "full",
    before: (server) => server.faults({ match: { pathContains: "bulk-update", from: 2 }, then: { status: 400, body: { message: "something about this chunk" } } }),
    reach: async (page) => {
      await openMove(page);
      await page.getByRole("button", { name: "+2h" }).click();
      const move = page.getByRole("button", { name: /^Move .* by \+2 h$/ });
      await page.getByLabel("to confirm").fill((await move.innerText()).replace(/by.*|\D/g, ""));
      await move.click();
      await page.getByRole("heading", { name: /Moving/ }).waitFor();
    },
  },
  {
    name: "help", on: "full",
    reach: async (page) => {
      await list(page);
      await page.keyboard.press("?");
      await page.getByRole("heading", { name: "Keyboard" }).waitFor();
    },
  },
  {
    name: "offline", on: "full",
    reach: async (page) => {
      await list(page);
      await page.context().setOffline(true);
      await page.getByRole("alert").waitFor();
    },
  },
];
