// A server for the built guide and a browser, for the tests.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

export const site = process.env.SITE;
const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".json": "application/json", ".png": "image/png", ".txt": "text/plain", ".md": "text/markdown", ".csv": "text/csv", ".xml": "application/xml" };

/** Every file of the site with an ending, relative to it. */
export function files(ending) {
  const found = fs.readdirSync(site, { recursive: true }).map((name) => name.split(path.sep).join("/"));
  return found.filter((name) => name.endsWith(ending)).sort();
}

/** What the tests of the program wrote down for an engine: modules with runs and their answers. */
export function recorded(name) {
  const folder = process.env.CARGO_TARGET_DIR ?? new URL("../../target", import.meta.url).pathname;
  return JSON.parse(fs.readFileSync(path.join(folder, "tmp", `${name}.json`), "utf8"));
}

/** Serves the site on a free port of the loopback. */
export async function serve() {
  const server = http.createServer((request, response) => {
    let file = path.join(site, decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    if (file.endsWith(path.sep)) file += "index.html";
    fs.readFile(file, (error, bytes) => {
      response.writeHead(error ? 404 : 200, { "content-type": types[path.extname(file)] ?? "application/octet-stream" });
      response.end(bytes);
    });
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { origin: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** A headless Chromium that asks nobody for anything. */
export function launch(more = []) {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const found = names.flatMap((name) => {
    try { return [execFileSync("which", [name]).toString().trim()]; } catch { return []; }
  });
  if (!found.length) throw new Error("Chromium is not installed");
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", ...more];
  return chromium.launch({ executablePath: found[0], args, env: { ...process.env, HOME: os.tmpdir() } });
}

/** A page that notes errors, and requests to anywhere but the origin. */
export async function open(browser, options, origin) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => { if (message.type() === "error") faults.push(`console: ${message.text()}`); });
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith("data:")) faults.push(`request: ${url}`);
  });
  return { context, page, faults };
}
