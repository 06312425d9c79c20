// The Nu HTML checker over every page of the guide and over the offline file.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { files, site } from "./site.mjs";

const jar = new URL("node_modules/vnu-jar/build/dist/vnu.jar", import.meta.url).pathname;

/** Standard CSS that the checker does not know yet: the offline file holds its style sheet. */
const newer = /^CSS: .*(:popover-open|::details-content|“position-area”|“position-try-fallbacks”|“paint-order”)/;

test("every page is valid HTML", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rigbook-html-"));
  try {
    const guide = path.join(folder, "guide.html");
    execFileSync(process.env.RIGBOOK, ["export", "--quiet", "--output", guide]);
    const pages = files(".html").map((name) => path.join(site, name));
    assert.ok(pages.length > 200, `${pages.length} pages`);
    const wrong = path.join(folder, "wrong.html");
    fs.writeFileSync(wrong, "<!doctype html><html lang=en><title>x</title><p><div></p>");
    const run = promisify(execFile)("java", ["-Xss16m", "-jar", jar, "--errors-only", "--format", "json", "--exit-zero-always", ...pages, guide, wrong], { maxBuffer: 1 << 28 });
    const { stderr } = await run;
    const { messages } = JSON.parse(stderr.slice(stderr.indexOf("{")));
    const errors = messages.filter((message) => message.type === "error" || message.type === "non-document-error");
    const own = errors.filter((error) => error.url.endsWith("wrong.html"));
    assert.ok(own.length > 0, "the checker finds errors at all");
    const others = errors.filter((error) => !error.url.endsWith("wrong.html") && !newer.test(error.message));
    assert.deepEqual(others.slice(0, 10).map((error) => `${error.url}: ${error.message} ${error.extract ?? ""}`), []);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
