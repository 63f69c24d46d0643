/** The smallest apps that make the calls, by framework: their files, how they are built, and what then serves them. */
import { called, imported, sent } from "./calls.mjs";

export const env = { CI: "1", ASTRO_TELEMETRY_DISABLED: "1", NUXT_TELEMETRY_DISABLED: "1", NG_CLI_ANALYTICS: "false", NO_COLOR: "1" };

const MODULE = '{ "private": true, "type": "module" }';

/** Statements that send what the calls give to the address that a page was opened with. */
const sentByPage = (token) => sent(token, "INBOX").replace('"INBOX"', 'new URLSearchParams(location.search).get("inbox")');

const calling = (token) => `await ${called(token)}`;

export const ASTRO = {
  files: (token) => ({
    "package.json": MODULE,
    "astro.config.mjs": "export default { devToolbar: { enabled: false } };\n",
    // The frontmatter runs while the page is built, and the script in the page.
    "src/pages/index.astro": `---\n${imported()}const result = ${calling(token)};\n---\n<html lang="en"><body><pre>{btoa(JSON.stringify(result))}</pre>
      <script>\n${imported()}${sentByPage(token)}</script></body></html>`,
  }),
  build: ["astro/bin/astro.mjs", "build"],
  folder: "dist",
};

export const SVELTEKIT = {
  files: (token) => ({
    "package.json": MODULE,
    "vite.config.js": `import adapter from "@sveltejs/adapter-node";
      import { sveltekit } from "@sveltejs/kit/vite";
      export default { plugins: [sveltekit({ adapter: adapter() })] };\n`,
    "src/app.html": '<!doctype html><html lang="en"><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>',
    "src/routes/+page.svelte": `<script>\nimport { onMount } from "svelte";\n${imported()}onMount(() => {\n${sentByPage(token)}});\n</script>\n<p>The calls are made.</p>\n`,
    "src/routes/server/+server.js": `${imported()}export const GET = async () => Response.json(${calling(token)});\n`,
  }),
  build: ["vite/bin/vite.js", "build"],
  server: ["build/index.js"],
};

export const NUXT = {
  files: (token) => ({
    "package.json": MODULE,
    "nuxt.config.js": 'export default { compatibilityDate: "2026-11-01" };\n',
    "app/app.vue": `<script setup>\nimport { onMounted } from "vue";\n${imported()}onMounted(() => {\n${sentByPage(token)}});\n</script>\n<template><p>The calls are made.</p></template>\n`,
    "server/routes/server.js": `${imported()}export default defineEventHandler(async () => ${calling(token)});\n`,
  }),
  build: ["nuxt/bin/nuxt.mjs", "build"],
  server: [".output/server/index.mjs"],
};

export const REACT_ROUTER = {
  files: (token) => ({
    // What is not named here it installs by itself.
    "package.json": JSON.stringify({ private: true, type: "module", dependencies: { "@react-router/node": "8", isbot: "5" } }),
    "vite.config.js": 'import { reactRouter } from "@react-router/dev/vite";\nexport default { plugins: [reactRouter()] };\n',
    "app/root.jsx": `import { Outlet, Scripts } from "react-router";
      export default () => <html lang="en"><body><Outlet /><Scripts /></body></html>;\n`,
    "app/routes.js": 'import { index, route } from "@react-router/dev/routes";\nexport default [index("page.jsx"), route("server", "server.js")];\n',
    "app/page.jsx": `import { useEffect } from "react";\n${imported()}export default function Page() {
      useEffect(() => {\n${sentByPage(token)}}, []);
      return <p>The calls are made.</p>;
    }\n`,
    "app/server.js": `${imported()}export const loader = async () => Response.json(${calling(token)});\n`,
  }),
  build: ["@react-router/dev/bin.cjs", "build"],
  server: ["@react-router/serve/bin.cjs", "./build/server/index.js"],
};

export const ANGULAR = {
  files: (token) => ({
    "package.json": MODULE,
    "angular.json": JSON.stringify({
      version: 1,
      projects: {
        app: {
          projectType: "application",
          root: "",
          architect: {
            build: {
              builder: "@angular/build:application",
              options: { browser: "main.ts", index: "index.html", tsConfig: "tsconfig.json", outputPath: "dist", progress: false },
            },
          },
        },
      },
    }),
    "tsconfig.json": JSON.stringify({
      compilerOptions: { target: "ES2022", module: "preserve", moduleResolution: "bundler", allowJs: true, skipLibCheck: true, experimentalDecorators: true },
      files: ["main.ts"],
    }),
    "index.html": '<!doctype html><html lang="en"><body><calls-page></calls-page></body></html>',
    "calls.js": `${imported()}export function begin() {\n${sentByPage(token)}}\n`,
    "main.ts": `import { Component } from "@angular/core";
      import { bootstrapApplication } from "@angular/platform-browser";
      // @ts-ignore
      import { begin } from "./calls.js";
      @Component({ selector: "calls-page", template: "<p>The calls are made.</p>" })
      class Page {
        ngOnInit() { begin(); }
      }
      bootstrapApplication(Page);\n`,
  }),
  build: ["@angular-devkit/architect/bin/cli.js", "app:build"],
  folder: "dist/browser",
};
