// What a reader sees without doing anything, measured: where things stand, and what covers what.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { launch, open, serve } from "./site.mjs";

let server, browser;
before(async () => { server = await serve(); browser = await launch(); });
after(async () => { await browser?.close(); server?.close(); });

/** A site of one page, built in a folder of its own. */
function page(markdown, language = "en") {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "looks-"));
  fs.mkdirSync(path.join(folder, "content"));
  fs.writeFileSync(path.join(folder, "rigbook.toml"), `title = "Looks"\nlanguage = "${language}"\n`);
  fs.writeFileSync(path.join(folder, "content/_index.md"), `+++\ntitle = "Looks"\n+++\n\n${markdown}\n`);
  execFileSync(process.env.RIGBOOK, ["build", "--quiet", "--root", folder, "--output", path.join(folder, "out")]);
  return { address: pathToFileURL(path.join(folder, "out/index.html")).href, remove: () => fs.rmSync(folder, { recursive: true }) };
}

const GROUPS = `\`\`\`mermaid
flowchart TD
  subgraph one [First group with a title]
    A --> B
  end
  subgraph two [Second]
    C[(Wheels and tyres)] --> D
  end
  subgraph three [Third group]
    E --> F
  end
  B --> C
  B --> E
  X --> A
  A -->|label into| F
\`\`\``;

/** Runs in the page: titles of groups that a line runs through, words that reach out of their shape. */
function faultsOfDrawing() {
  const drawn = (svg, names) => [...svg.querySelectorAll(names)].filter((shape) => !shape.closest("defs"));
  const faults = [];
  for (const svg of document.querySelectorAll("svg.dg")) {
    const lines = drawn(svg, "path").filter((line) => getComputedStyle(line).fill === "none");
    const points = lines.flatMap((line) => {
      const matrix = line.getScreenCTM(), length = line.getTotalLength();
      return Array.from({ length: 101 }, (_, step) => line.getPointAtLength(length * step / 100).matrixTransform(matrix));
    });
    const shapes = drawn(svg, "rect:not(.dg-f-bg), path, polygon, circle").filter((shape) => getComputedStyle(shape).fill !== "none").map((shape) => shape.getBoundingClientRect());
    for (const text of svg.querySelectorAll("text")) {
      const box = text.getBoundingClientRect(), x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
      const around = shapes.filter((shape) => shape.left < x && shape.right > x && shape.top < y && shape.bottom > y).sort((a, b) => a.width - b.width)[0];
      if (around && (box.left < around.left + 2 || box.right > around.right - 2)) faults.push(`${text.textContent} reaches out`);
      const isTitle = text.classList.contains("dg-h-cluster");
      if (isTitle && points.some((point) => point.x > box.left && point.x < box.right && point.y > box.top && point.y < box.bottom)) faults.push(`${text.textContent} is crossed`);
    }
  }
  return faults;
}

test("no line runs through the title of a group, and words stay within their shapes", async () => {
  const { address, remove } = page(GROUPS);
  const { context, page: tab } = await open(browser, {}, "file:");
  await tab.goto(address);
  assert.equal(await tab.locator("text.dg-h-cluster").count(), 3);
  assert.deepEqual(await tab.locator("rect.dg-f-cluster, rect.dg-f-node").evaluateAll((all) => [...new Set(all.map((rect) => rect.getAttribute("rx")))].sort()), ["4", "8"]);
  assert.deepEqual(await tab.evaluate(faultsOfDrawing), []);
  for (const name of ["tune/storage-tiers/", "build/ai-stack/", "run/backup/"]) {
    await tab.goto(server.origin + name);
    assert.deepEqual(await tab.evaluate(faultsOfDrawing), [], name);
  }
  await context.close();
  remove();
});

test("on a phone a wide drawing shows where it starts", async () => {
  const { context, page: tab, faults } = await open(browser, { viewport: { width: 360, height: 740 } }, server.origin);
  await tab.goto(`${server.origin}choose/`);
  const frame = tab.locator(".diagram-scroll").first();
  assert.ok(await frame.evaluate((f) => f.scrollWidth > f.clientWidth + 100), "the drawing is wide");
  await tab.waitForFunction(() => document.querySelector(".diagram-scroll").scrollLeft > 0);
  const [first, box] = [await frame.getByText("Your model").boundingBox(), await frame.boundingBox()];
  assert.ok(first.x > box.x && first.x + first.width < box.x + box.width);
  assert.deepEqual(faults, []);
  await context.close();
});

/** Runs in the page: links and buttons in lists, tables and bars that are hard to hit with a finger. */
function smallTargets() {
  const lists = ".bar, .breadcrumbs, .link-list, .site-footer, .table-scroll, .table-data, .page-meta, .compare-tools, .calc-slots, .sidebar";
  const targets = [...document.querySelectorAll(`:is(${lists}) :is(a[href], button, summary)`)].filter((node) => node.checkVisibility());
  // Next to other words in a cell they are part of a sentence.
  const alone = targets.filter((node) => !node.closest("td, li") || node.closest("td, li").textContent.trim().length < node.textContent.trim().length + 12);
  return alone.filter((node) => node.getBoundingClientRect().height < 23.5).map((node) => `${node.className} in ${node.parentElement.className}: ${node.textContent.trim().slice(0, 30)}`);
}

for (const width of [360, 1280]) {
  test(`what stands in lists, tables and bars can be hit at ${width} px`, async () => {
    const { context, page: tab } = await open(browser, { viewport: { width, height: 800 } }, server.origin);
    for (const name of ["", "choose/", "choose/gpu/", "choose/gpu/rtx-4090/", "compare/gpu/", "plan/calculator/", "plan/presets/", "about/resources/", "1.0/choose/gpu/"]) {
      await tab.goto(server.origin + name);
      assert.deepEqual(await tab.evaluate(smallTargets), [], `/${name}`);
    }
    await context.close();
  });
}

test("on a tablet all blocks end at one edge, and what stands on a line is on one height", async () => {
  const { context, page: tab, faults } = await open(browser, { viewport: { width: 768, height: 900 } }, server.origin);
  await tab.goto(`${server.origin}run/alerts/`);
  const edges = await tab.locator(".prose > :is(.table-scroll, .code)").evaluateAll((blocks) => blocks.map((block) => Math.round(block.getBoundingClientRect().right)));
  assert.ok(edges.length >= 3 && new Set(edges).size === 1, edges.join());
  const middles = await tab.locator(".page-meta > *").evaluateAll((items) => items.map((item) => { const box = item.getBoundingClientRect(); return (box.top + box.bottom) / 2; }));
  assert.ok(Math.max(...middles) - Math.min(...middles) < 1, middles.join());
  assert.deepEqual(faults, []);
  await context.close();
});

test("a page in a language that runs from the right is set so, and its code is not", async () => {
  const { address, remove } = page("- one\n- two\n\n```bash\nls -l\n```\n\n```mermaid\nflowchart LR\n  A --> B\n```\n\n| a | b |\n|---|--:|\n| one | 2 |\n", "fa");
  const { context, page: tab, faults } = await open(browser, { viewport: { width: 1280, height: 800 } }, "file:");
  await tab.goto(address);
  assert.equal(await tab.locator("html").getAttribute("dir"), "rtl");
  const box = (selector) => tab.locator(selector).first().boundingBox();
  assert.ok((await box(".brand")).x > 640, "the bar starts at the right");
  const [item, list] = [await box(".prose li"), await box(".prose ul")];
  assert.ok(list.x + list.width > item.x + item.width + 10, "a list's marks stand at the right");
  assert.ok((await box(".prose td:first-child")).x > (await box(".prose td:last-child")).x, "a table's first column is at the right");
  for (const selector of [".code code", ".diagram-scroll"]) assert.equal(await tab.locator(selector).first().evaluate((node) => getComputedStyle(node).direction), "ltr", selector);
  assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), 1280);
  assert.deepEqual(faults, []);
  await context.close();
  remove();
});

test("on a desktop a table of nine columns shows all of them", async () => {
  const { context, page: tab, faults } = await open(browser, { viewport: { width: 1280, height: 800 } }, server.origin);
  for (const name of ["choose/gpu/", "choose/storage/"]) {
    await tab.goto(server.origin + name);
    const table = tab.locator(".compare .table-scroll").first();
    assert.ok(await table.locator("thead th").count() >= 9, name);
    assert.equal(await table.evaluate((frame) => frame.scrollWidth - frame.clientWidth), 0, name);
  }
  assert.deepEqual(faults, []);
  await context.close();
});

for (const width of [360, 768, 1280]) {
  test(`nothing moves while a page comes to life at ${width} px`, async () => {
    const { context, page: tab, faults } = await open(browser, { viewport: { width, height: 900 } }, server.origin);
    await tab.addInitScript(() => {
      window.moved = 0;
      new PerformanceObserver((list) => { for (const shift of list.getEntries()) window.moved += shift.value; }).observe({ type: "layout-shift", buffered: true });
    });
    // The script comes late, as over a slow line.
    await tab.route("**/site.*.js", async (route) => { await new Promise((done) => setTimeout(done, 400)); await route.continue(); });
    for (const name of ["choose/gpu/", "choose/fan/", "choose/special-cooling/", "tune/multi-gpu/", "compare/gpu/"]) {
      await tab.goto(server.origin + name);
      await tab.locator("[data-js] .compare").first().waitFor();
      await tab.waitForFunction(() => window.rigbook);
      await tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      assert.ok(await tab.evaluate(() => window.moved) < 0.02, `/${name}: ${await tab.evaluate(() => window.moved)}`);
    }
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("what stands in a row of a table is on one height", async () => {
  const { context, page: sheet } = await open(browser, { viewport: { width: 1280, height: 900 } }, server.origin);
  for (const address of ["", "choose/gpu/"]) {
    await sheet.goto(server.origin + address);
    const uneven = await sheet.$$eval(".table-scroll tbody tr", (rows) => rows.flatMap((row) => {
      const lines = [...row.cells].flatMap((cell) => {
        const words = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT, (node) => node.textContent.trim() ? 1 : 3).nextNode();
        const range = document.createRange();
        if (words) range.selectNodeContents(words);
        return [...range.getClientRects()].slice(0, 1).map((box) => box.bottom);
      });
      return Math.max(...lines) - Math.min(...lines) > 1 ? [row.innerText] : [];
    }));
    assert.deepEqual(uneven, [], address);
  }
  await context.close();
});
