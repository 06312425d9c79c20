// Each kind of page, both themes, phone and desktop: accessibility, errors, requests, overflow, weight;
// every page: links and their anchors.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import zlib from "node:zlib";
import { files, launch, open, serve, site } from "./site.mjs";

const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pages = ["", "choose/", "choose/gpu/", "choose/gpu/rtx-4090/", "compare/gpu/", "plan/calculator/", "plan/presets/recommended/", "plan/power-and-heat/", "about/what-1-0-got-wrong/", "about/changes/", "run/alerts/", "build/ai-stack/", "build/checklist/", "tune/multi-gpu/", "1.0/"];
let server, browser;
before(async () => { server = await serve(); browser = await launch(); });
after(async () => { await browser?.close(); server?.close(); });

for (const colorScheme of ["light", "dark"]) {
  for (const width of [360, 1280]) {
    test(`pages at ${width} px, ${colorScheme}`, async () => {
      const { context, page, faults } = await open(browser, { viewport: { width, height: 800 }, colorScheme, bypassCSP: true }, server.origin);
      const wrong = [];
      for (const name of pages) {
        await page.goto(server.origin + name);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) wrong.push(`/${name} is ${wide} px too wide`);
        // A line behind its label would strike it through.
        const grounds = await page.locator(".dg-f-bg").evaluateAll((rects) => rects.map((rect) => getComputedStyle(rect).fill));
        if (grounds.some((fill) => /^none|, 0\)$/.test(fill))) wrong.push(`/${name}: a label without ground`);
        await page.evaluate(axe);
        const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
        for (const violation of found.violations) {
          wrong.push(`/${name} ${violation.id}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
        }
      }
      await context.close();
      assert.deepEqual([...wrong, ...faults], []);
    });
  }
}

test("the content security policy is kept", async () => {
  const { context, page, faults } = await open(browser, {}, server.origin);
  for (const name of pages) await page.goto(server.origin + name);
  await context.close();
  assert.deepEqual(faults, []);
  for (const name of files(".html")) {
    const html = fs.readFileSync(path.join(site, name), "utf8");
    assert.match(html, /Content-Security-Policy|http-equiv="refresh"/i, name);
    assert.doesNotMatch(html, /unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')/, name);
    assert.doesNotMatch(html, /<[^>]+ style=/, `${name} has a style attribute`);
  }
});

test("every link leads to a file and an anchor that are there", () => {
  const anchors = new Map();
  const read = (name) => fs.readFileSync(path.join(site, name), "utf8");
  const ids = (name) => {
    if (!anchors.has(name)) anchors.set(name, new Set([...read(name).matchAll(/ id="([^"]*)"/g)].map((m) => m[1])));
    return anchors.get(name);
  };
  const broken = [];
  let count = 0;
  for (const name of files(".html").filter((name) => name !== "404.html")) {
    const html = read(name).replace(/<script[\s\S]*?<\/script>/g, "");
    const seen = ids(name);
    const all = [...html.matchAll(/ id="([^"]*)"/g)].map((m) => m[1]);
    assert.equal(all.length, seen.size, `${name} has an id twice: ${all.filter((id, i) => all.indexOf(id) !== i).slice(0, 3)}`);
    for (const [, href] of html.matchAll(/ (?:href|src)="([^"]*)"/g)) {
      if (/^[a-z]+:/i.test(href)) continue;
      count++;
      const url = new URL(href.replaceAll("&amp;", "&"), `http://x/${name}`);
      let target = decodeURIComponent(url.pathname.slice(1));
      if (target === "" || target.endsWith("/")) target += "index.html";
      if (!fs.existsSync(path.join(site, target))) broken.push(`${name}: ${href}`);
      else if (url.hash && !/[=&]/.test(url.hash) && target.endsWith(".html") && !ids(target).has(decodeURIComponent(url.hash.slice(1)))) broken.push(`${name}: ${href}`);
    }
  }
  assert.deepEqual(broken.slice(0, 20), []);
  assert.ok(count > 5000, `${count} links were walked`);
});

test("no page shows the name of an entity", () => {
  const shown = files(".html").filter((name) => /&amp;(nbsp|amp|lt|gt|quot);/.test(fs.readFileSync(path.join(site, name), "utf8").replace(/<(pre|code|script)[^>]*>[\s\S]*?<\/\1>/g, "")));
  assert.deepEqual(shown, []);
});

test("an old page side by side leads to the current one", () => {
  const old = fs.readFileSync(path.join(site, "1.0/compare/gpu/index.html"), "utf8");
  assert.match(old, /href="\.\.\/\.\.\/\.\.\/compare\/gpu\/">Go to the current edition/);
  assert.doesNotMatch(old, /rel="canonical" href="[^"]*\/1\.0\//);
});

test("every link of a Markdown twin leads to a file", () => {
  const broken = [];
  for (const name of files("index.md")) {
    const text = fs.readFileSync(path.join(site, name), "utf8").replace(/```[\s\S]*?```/g, "");
    for (const [, address] of text.matchAll(/\]\((\.[^)#\s]*)/g)) {
      if (!fs.existsSync(path.join(site, path.dirname(name), decodeURIComponent(address)))) broken.push(`${name}: ${address}`);
    }
  }
  assert.deepEqual(broken, []);
});

test("pages and scripts are light", () => {
  const gzip = (name) => zlib.gzipSync(fs.readFileSync(path.join(site, name)), { level: 9 }).length;
  const asset = (start) => files(".js").concat(files(".css")).filter((name) => path.basename(name).startsWith(start)).map(gzip)[0];
  assert.ok(asset("site.") < 15_000 && asset("calculator.") < 15_000);
  for (const name of files(".html").filter((name) => !name.includes("calculator"))) {
    const weight = gzip(name) + asset("style.") + asset("site.");
    assert.ok(weight < 60_000, `${name} weighs ${weight} bytes`);
  }
});

test("without JavaScript everything can be read", async () => {
  const { context, page } = await open(browser, { javaScriptEnabled: false }, server.origin);
  await page.goto(`${server.origin}choose/gpu/`);
  assert.ok(await page.locator(".compare tbody tr").count() >= 7);
  await page.goto(`${server.origin}plan/calculator/`);
  assert.ok(await page.locator(".calc-static .build").first().isVisible());
  await context.close();
});
