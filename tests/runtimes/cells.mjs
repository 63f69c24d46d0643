/** Where the package is tried: the one definition that the tests, and the table in the README, are made from. */
import { readFileSync } from "node:fs";

const { devDependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

/** A tool with the version that the tests install: its first number that is not 0, and what is before it. */
const tool = (name, dependency) => `${name} ${devDependencies[dependency].match(/[\d.]+$/)[0].match(/^(?:0\.)*\d+/)[0]}`;

const PAGES = ["a plain page with an import map", "a page with a strict policy", "the dashboard's element", "a dedicated worker", "a module service worker"];
const ROUTES = ["client component", "server component", "route handler", "edge route"];

/** By the test file that tries them: where, and how there. */
export const CELLS = {
  node: [
    [tool("Node", "node20"), ["import", "require"]],
    [tool("Node", "node22"), ["import", "require"]],
    [tool("Node", "node24"), ["import", "require"]],
    [tool("Node", "node26"), ["import", "require"]],
    [tool("Bun", "bun"), ["import", "require", "build"]],
  ],
  edge: [
    [tool("Deno", "deno"), ["with leave to reach the server alone"]],
    ["workerd", ["a worker"]],
  ],
  handlers: [
    ["Node", ["handler"]],
    [tool("Express", "express"), ["handler"]],
    [tool("Fastify", "fastify"), ["handler"]],
    [tool("Hono", "hono"), ["handler"]],
    [tool("Next", "next"), ["handler", "hooks in its pages"]],
    [tool("SvelteKit", "@sveltejs/kit"), ["handler"]],
    ["a Cloudflare worker", ["handler"]],
    [`a server of ${tool("Bun", "bun")}`, ["handler"]],
    [`a server of ${tool("Deno", "deno")}`, ["handler"]],
  ],
  bundlers: [
    [tool("Vite", "vite"), ["dev", "build", "SSR"]],
    [tool("webpack", "webpack"), ["web", "node"]],
    [tool("Rspack", "@rspack/core"), ["web", "node"]],
    [tool("Rsbuild", "@rsbuild/core"), ["dev", "build"]],
    [tool("Parcel", "parcel"), ["browser", "node"]],
    [tool("esbuild", "esbuild"), ["browser", "node"]],
    [tool("Rollup", "rollup"), ["es", "iife"]],
  ],
  next: [
    [`${tool("Next", "next")} with Turbopack`, ROUTES],
    [`${tool("Next", "next")} with webpack`, ROUTES],
  ],
  frameworks: [
    [tool("Astro", "astro"), ["a page's script", "a page while it is built"]],
    [tool("SvelteKit", "@sveltejs/kit"), ["page", "server route"]],
    [tool("Nuxt", "nuxt"), ["page", "server route"]],
    [tool("React Router", "@react-router/dev"), ["page", "loader"]],
    [tool("Angular", "@angular/core"), ["component"]],
  ],
  slim: [
    [`${tool("Vite", "vite")}, \`hatchet-scheduled/slim\``, ["dev", "build"]],
    [`${tool("webpack", "webpack")}, \`hatchet-scheduled/slim\``, ["web"]],
    [`${tool("Parcel", "parcel")}, \`hatchet-scheduled/slim\``, ["browser"]],
    ["workerd, `hatchet-scheduled/slim`", ["a worker"]],
  ],
  runners: [
    [tool("Jest", "jest"), ["node", "jsdom"]],
    [tool("Vitest", "vitest"), ["node", "jsdom", "happy-dom"]],
  ],
  browsers: [
    ["Chromium", PAGES],
    ["Firefox", PAGES],
  ],
  extensions: [["an extension of Chromium (Manifest V3)", ["service worker", "page"]]],
};

/** The table as the README has it. */
export function table() {
  const rows = Object.values(CELLS).flat().map(([where, how]) => `| ${where} | ${how.join(" · ")} |`);
  return ["| where | how |", "|---|---|", ...rows].join("\n");
}
