// What a reader does: sorts, filters, searches, plans a build; from the web and from disk.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { launch, open, serve, site } from "./site.mjs";

let server, browser;
before(async () => { server = await serve(); browser = await launch(); });
after(async () => { await browser?.close(); server?.close(); });

test("a table sorts by value and keeps the unknown last", async () => {
  const { context, page, faults } = await open(browser, {}, server.origin);
  await page.goto(`${server.origin}choose/gpu/`);
  const table = page.locator(".compare").first();
  await table.locator("th[data-key=fp32] button").click();
  const values = () => table.locator("tbody tr").evaluateAll((rows) => rows.filter((row) => !row.hidden).map((row) => row.cells[3].dataset.v ?? ""));
  const sorted = await values();
  const known = sorted.filter((value) => value !== "").map(Number);
  assert.deepEqual(known, [...known].sort((a, b) => (known[0] <= known.at(-1) ? a - b : b - a)));
  assert.ok(sorted.slice(known.length).every((value) => value === ""), "unknown figures come last");
  assert.deepEqual(faults, []);
  await context.close();
});

test("on a phone each chart shows whole, as one drawing", async () => {
  const { context, page, faults } = await open(browser, { viewport: { width: 360, height: 780 } }, server.origin);
  let charts = 0;
  for (const address of ["tune/thermal/", "tune/benchmarks/", "tune/multi-gpu/", "plan/budget/"]) {
    await page.goto(server.origin + address);
    for (const frame of await page.locator(".chart-scroll").all()) {
      const [drawings, over] = await frame.evaluate((f) => [[...f.querySelectorAll("svg")].filter((svg) => svg.checkVisibility()).length, f.scrollWidth - f.clientWidth]);
      assert.deepEqual([drawings, over], [1, 0], address);
      charts++;
    }
  }
  assert.ok(charts >= 5, `${charts} charts`);
  assert.deepEqual(faults, []);
  await context.close();
});

test("search finds a component and leads to it", async () => {
  const { context, page, faults } = await open(browser, {}, server.origin);
  await page.goto(server.origin);
  await page.keyboard.press("/");
  await page.keyboard.type("radeon w79");
  await page.locator("dialog a, [role=option]").first().waitFor();
  assert.match(await page.locator("dialog").innerText(), /W7900/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/w7900|gpu/);
  assert.deepEqual(faults, []);
  await context.close();
});

test("what a reader is most likely to mean comes first", async () => {
  const { context, page, faults } = await open(browser, {}, server.origin);
  await page.goto(server.origin);
  await page.keyboard.press("/");
  await page.locator("dialog[open]").waitFor();
  const wanted = {
    memory: "Memory", gpu: "Graphics cards", psu: "Power supplies", cpu: "Processors", "graphics card": "Graphics cards", calc: "Calculator",
    "memory speed": "Memory speed", rtx4090: "NVIDIA RTX 4090", moterboard: "Motherboards", grahpics: "Graphics cards", backup: "Backup", cooling: "Coolers",
    // Words that no page has in its title: its keywords.
    ram: "Memory", ssd: "Storage", vram: "Graphics cards", mainboard: "Motherboards",
  };
  const found = {};
  for (const query of Object.keys(wanted)) {
    await page.locator("dialog input").fill(query);
    const first = page.locator(".search-page .search-title").first();
    await page.waitForFunction((title) => document.querySelector(".search-page .search-title")?.textContent === title, wanted[query], { timeout: 4000 }).catch(() => {});
    found[query] = await first.innerText();
  }
  assert.deepEqual(found, wanted);
  await page.locator("dialog input").fill("zzqqzz");
  await page.getByText("Nothing found").waitFor();
  // It does not end there: the parts of the guide are on offer, and none is opened by chance.
  assert.deepEqual(await page.locator("dialog .search-title").allInnerTexts(), ["Choose", "Plan", "Build", "Tune", "Run", "About"]);
  await page.keyboard.press("Enter");
  assert.equal(page.url(), server.origin);
  assert.deepEqual(faults, []);
  await context.close();
});

test("a result shows what it found, of the few texts that it needs", async () => {
  for (const from of [server.origin, pathToFileURL(path.join(site, "index.html")).href]) {
    const { context, page, faults } = await open(browser, {}, from === server.origin ? from : "file://");
    await page.goto(from);
    await page.keyboard.press("/");
    await page.locator("dialog input").fill("backup");
    await page.locator(".search-text mark").getByText("backup", { exact: true }).first().waitFor();
    const texts = () => page.$$eval('script[src*="search-index/texts-"]', (scripts) => scripts.map((script) => script.getAttribute("src")));
    const first = await texts();
    assert.ok(first.length > 0 && first.length <= (await page.locator(".search-page").count()), `${first}`);
    await page.locator("dialog input").fill("backup ");
    await page.locator(".search-text mark").first().waitFor();
    assert.deepEqual(await texts(), first, "none is loaded twice");
    assert.deepEqual(faults, []);
    await context.close();
  }
});

test("search does without texts that cannot be loaded", async () => {
  const { context, page } = await open(browser, {}, server.origin);
  await context.route("**/search-index/texts-*.js", (route) => route.abort());
  await page.goto(server.origin);
  await page.keyboard.press("/");
  await page.keyboard.type("radeon w79");
  const title = page.locator(".search-page .search-title").first();
  await title.waitFor();
  assert.match(await title.innerText(), /W7900/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/w7900/);
  await context.close();
});

test("a part of the index that could not be loaded is asked for again", async () => {
  const { context, page } = await open(browser, {}, server.origin);
  await context.route("**/search-index/terms-0.js", (route) => route.abort());
  await page.goto(server.origin);
  await page.keyboard.press("/");
  await page.locator(".search-hint").getByText("could not be loaded").waitFor();
  await context.unroute("**/search-index/terms-0.js");
  // At once: the field must not take the slash.
  await Promise.all([page.keyboard.press("Escape"), page.keyboard.press("/")]);
  await page.locator("dialog input").fill("radeon w79");
  const title = page.locator(".search-page .search-title").first();
  await title.waitFor();
  assert.match(await title.innerText(), /W7900/);
  await context.close();
});

test("what is typed before search has loaded is not lost", async () => {
  const { context, page, faults } = await open(browser, {}, server.origin);
  const late = [];
  for (const name of ["search*.js", "search-index*.js"]) await context.route(`**/${name}`, (route) => new Promise((done) => late.push(() => done(route.continue()))));
  await page.goto(server.origin);
  await page.keyboard.press("/");
  await page.keyboard.type("radeon x");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("w79");
  while (!late.length) await page.waitForTimeout(10);
  late.shift()();
  await page.locator("dialog[open]").waitFor();
  assert.equal(await page.locator("dialog input").inputValue(), "radeon w79");
  await page.keyboard.type("00");
  await page.keyboard.press("Enter");
  while (!late.length) await page.waitForTimeout(10);
  late.shift()();
  await page.waitForURL(/w7900/);
  assert.deepEqual(faults, []);
  await context.close();
});

for (const from of ["the web", "disk"]) {
  test(`the calculator works from ${from}`, async () => {
    const origin = from === "disk" ? pathToFileURL(site).href + "/" : server.origin;
    const address = `${origin}plan/calculator/${from === "disk" ? "index.html" : ""}`;
    const { context, page, faults } = await open(browser, {}, origin);
    await page.goto(`${address}#build=recommended-1`);
    const price = page.locator(".calc-price output");
    assert.equal(await price.innerText(), "$12,593.00");
    assert.match(await page.locator(".calc-summary .rules").first().innerText(), /Error/);
    // A hostile or stale link is data.
    await page.goto(`${address}?x#parts=gpu:rtx-4090*2,<img src=x onerror=alert(1)>,gone;nonsense:x&in=hours:-9e99&own=gpu:rtx-4090:1`);
    await page.reload();
    assert.match(await page.locator(".calc-notice").innerText(), /gone/);
    assert.equal(await page.locator("fieldset[data-slot=gpu] .stepper-value").first().inputValue(), "2");
    assert.equal(await page.locator("fieldset[data-slot=gpu] .slot-price").first().innerText(), "$0.02");
    // By keyboard: one more card.
    await page.locator("fieldset[data-slot=gpu] .stepper button").last().focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("fieldset[data-slot=gpu] .slot-price").first().innerText(), "$0.03");
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "One more");
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("the calculator shows the figures behind a number, and an old edition's build goes along to the current one", async () => {
  const { context, page, faults } = await open(browser, {}, server.origin);
  await page.goto(`${server.origin}1.0/plan/calculator/#parts=cpu:core-i9-14900k;gpu:rtx-4090*2&own=gpu:rtx-4090:150000`);
  const why = page.locator(".calc-summary .total", { hasText: "TDP" }).first();
  await why.locator("summary").click();
  const figures = await why.locator("dl").innerText();
  assert.match(figures, /2 × NVIDIA RTX 4090, .+ each\n450\sW/);
  const link = page.locator(".edition-banner a");
  assert.equal(await link.innerText(), "Price this build in the current edition");
  await link.click();
  await page.waitForURL(/\/plan\/calculator\/#/);
  assert.doesNotMatch(page.url(), /\/1\.0\//);
  assert.match(await page.locator(".calc-notice").innerText(), /from edition 1\.0/);
  assert.equal(await page.locator("fieldset[data-slot=gpu] .slot-price").first().innerText(), "$3,000.00");
  assert.deepEqual(faults, []);
  await context.close();
});

test("a link to a change opens its fold, and a phone shows all of it", async () => {
  const { context, page, faults } = await open(browser, { viewport: { width: 360, height: 800 } }, server.origin);
  await page.goto(`${server.origin}about/changes/`);
  const row = page.locator("tr[id^='changes.cpu.']").last();
  assert.equal(await row.isVisible(), false);
  await page.goto(`${server.origin}about/changes/#${await row.getAttribute("id")}`);
  await row.waitFor();
  const cells = await row.locator("th, td").evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().right));
  assert.ok(cells.every((right) => right <= 360), `${cells}`);
  assert.ok((await page.evaluate(() => document.documentElement.scrollHeight)) < 12_000, "the page can be taken in");
  // On paper everything is open.
  const seen = () => page.locator(".change-fold tr[id]").evaluateAll((rows) => rows.map((row) => row.checkVisibility({ contentVisibilityAuto: true }) && row.offsetHeight > 0));
  assert.ok((await seen()).includes(false), "folded on the screen");
  await page.emulateMedia({ media: "print" });
  // What is folded opens with the next frame.
  await page.waitForFunction(() => [...document.querySelectorAll(".change-fold tr[id]")].every((row) => row.checkVisibility({ contentVisibilityAuto: true }) && row.offsetHeight > 0));
  assert.deepEqual(faults, []);
  await context.close();
});

test("every preset comes to the same in the browser and in the program", async () => {
  const { context, page } = await open(browser, {}, server.origin);
  await page.goto(`${server.origin}plan/calculator/`);
  const presets = await page.evaluate(() => rigbookCalculator.model.presets.map((preset) => preset.id));
  assert.ok(presets.length >= 8);
  for (const id of presets) {
    const run = (() => {
      try { return execFileSync(process.env.RIGBOOK, ["calc", "--build", id, "--format", "json"]); }
      catch (error) { return error.stdout; }
    })();
    const native = JSON.parse(run);
    const shown = await page.evaluate((id) => {
      const { model, by, ofPreset, evaluate, show } = rigbookCalculator;
      const found = evaluate(ofPreset(by(model.presets, id)));
      return {
        totals: Object.fromEntries(model.totals.map((total, i) => [total.id, show(found.totals[i], total.out)])),
        rules: Object.fromEntries(found.rules.map((rule) => [rule.rule.id, rule.state === "none" ? "not-applicable" : rule.state])),
      };
    }, id);
    for (const [total, value] of Object.entries(native.totals)) assert.equal(shown.totals[total], value.text, `${id}: ${total}`);
    for (const [rule, value] of Object.entries(native.rules)) assert.equal(shown.rules[rule], value.state, `${id}: ${rule}`);
  }
  await context.close();
});

test("data files are there and whole", () => {
  const catalog = JSON.parse(fs.readFileSync(path.join(site, "data/catalog.json"), "utf8"));
  assert.ok(catalog.categories.find((category) => category.id === "gpu").components.length >= 7);
  assert.match(fs.readFileSync(path.join(site, "data/gpu.csv"), "utf8"), /vram \(GB\)/);
});
