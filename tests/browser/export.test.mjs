// The offline file, opened from disk: pages, search, tables, calculator, links, print.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { launch, open } from "./site.mjs";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "export-"));
const file = path.join(folder, "guide.html");
const address = pathToFileURL(file).href;
let browser, html;
before(async () => {
  execFileSync(process.env.RIGBOOK, ["export", "--quiet", "--output", file]);
  html = fs.readFileSync(file, "utf8");
  browser = await launch();
});
after(async () => { await browser?.close(); fs.rmSync(folder, { recursive: true }); });

test("the file is small, its ids are unique, and each link within it leads somewhere", () => {
  assert.ok(Buffer.byteLength(html) < 1_500_000, `${Buffer.byteLength(html)} bytes`);
  const markup = html.replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, "");
  const ids = [...markup.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1]);
  assert.equal(new Set(ids).size, ids.length);
  const known = new Set(ids);
  const links = [...markup.matchAll(/\shref="#([^"]*)"/g)].map((match) => match[1].replace(/&amp;/g, "&").split("?")[0]);
  assert.ok(links.length > 1000);
  assert.deepEqual(links.filter((link) => !known.has(decodeURIComponent(link))), []);
  const named = [...markup.matchAll(/\s(?:for|aria-labelledby|aria-describedby|aria-controls|popovertarget)="([^"]*)"/g)].flatMap((match) => match[1].split(" "));
  assert.deepEqual(named.filter((id) => !known.has(id)), []);
  assert.doesNotMatch(markup, /\s(src|srcset|data-url)="(?!data:|#)/);
});

test("pages, back, search and tables work from disk", async () => {
  const { context, page, faults } = await open(browser, {}, address);
  await page.goto(address);
  assert.match(await page.locator("h1").innerText(), /AI Workstation/);
  assert.equal(await page.locator(".bundle-page").count(), 1);
  await page.goto(`${address}#/choose/gpu/`);
  const table = page.locator(".compare").first();
  await table.locator("th[data-key=bandwidth] button").click();
  const bandwidth = () => table.locator("tbody tr").evaluateAll((rows) => rows.map((row) => Number(row.cells[2].dataset.v)));
  const sorted = await bandwidth();
  assert.deepEqual(sorted, [...sorted].sort((a, b) => b - a));
  // What the reader did can be sent on: the address holds page and state.
  const shared = await page.evaluate(() => location.href);
  assert.match(shared, /#\/choose\/gpu\/\?compare-1\?sort=bandwidth/);
  await page.goto("about:blank");
  await page.goto(shared);
  assert.deepEqual(await bandwidth(), sorted);

  await page.keyboard.press("/");
  await page.keyboard.type("radeon w79");
  await page.locator("[role=option]").first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator("h1", { hasText: "W7900" }).waitFor();
  assert.match(await page.title(), /W7900/);
  assert.equal(await page.locator("#site-nav [aria-current=page]").count(), 1);
  await page.goBack();
  await page.locator("h1", { hasText: "Graphics cards" }).waitFor();
  assert.deepEqual(await bandwidth(), sorted);

  await page.locator(".theme-toggle").click();
  await page.locator(".theme-toggle").click();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  assert.deepEqual(faults, []);
  await context.close();
});

test("an address that names no page shows the first", async () => {
  for (const fragment of ["#__proto__", "#constructor", "#/constructor/", "#%zz", "#//example.org", "#/choose/gpu", "#javascript:alert(1)"]) {
    const { context, page, faults } = await open(browser, {}, address);
    await page.goto(address + fragment);
    assert.match(await page.locator("h1").innerText(), /AI Workstation/, fragment);
    assert.deepEqual(faults, [], fragment);
    await context.close();
  }
});

test("what leads on from a page is made when it is shown", async () => {
  const { context, page, faults } = await open(browser, {}, address);
  await page.goto(`${address}#/choose/gpu/rtx-4090/`);
  const texts = (selector) => page.locator(selector).allInnerTexts();
  assert.deepEqual(await texts(".breadcrumbs a"), ["Guide", "Choose", "Graphics cards"]);
  assert.deepEqual(await texts(".toc-column a"), ["Strengths and weaknesses", "Specifications", "Where it is used", "History"]);
  const next = await page.locator(".pager-next .pager-title").innerText();
  await page.locator(".pager-next").click();
  await page.locator("h1", { hasText: next }).waitFor();
  await page.locator(".pager-prev").click();
  await page.locator("h1", { hasText: "RTX 4090" }).waitFor();
  assert.equal(await page.locator(".pager").count(), 1, "made once");
  // A result shows the text around what was found, which stands in the page alone.
  await page.keyboard.press("/");
  await page.keyboard.type("warranty");
  await page.locator(".search-text mark", { hasText: /warranty/i }).first().waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("tables are saved as the site's own files", async () => {
  const { context, page } = await open(browser, { acceptDownloads: true }, address);
  await page.goto(`${address}#/choose/gpu/`);
  const links = page.locator("a[data-file]");
  for (const number of [0, 1]) {
    const [download] = await Promise.all([page.waitForEvent("download"), links.nth(number).click()]);
    const name = download.suggestedFilename();
    assert.match(name, /^compare-1\.(csv|json)$/);
    assert.deepEqual(fs.readFileSync(await download.path()), fs.readFileSync(path.join(process.env.SITE, "choose/gpu", name)));
  }
  await context.close();
});

test("components are compared side by side from disk", async () => {
  const { context, page, faults } = await open(browser, {}, address);
  await page.goto(`${address}#/choose/gpu/`);
  for (const row of [0, 1]) await page.locator(".compare tbody tr").nth(row).locator("input").check();
  await page.locator(".tray a").click();
  await page.locator(".sbs").waitFor();
  assert.equal(await page.locator(".sbs thead th:visible").count(), 2);
  assert.match(await page.evaluate(() => location.hash), /^#\/compare\/gpu\/\?c=[a-z0-9-]+,[a-z0-9-]+$/);
  assert.deepEqual(faults, []);
  await context.close();
});

test("the calculator agrees with the program", async () => {
  const { context, page, faults } = await open(browser, {}, address);
  await page.goto(`${address}#/plan/calculator/?build=recommended-1`);
  await page.locator(".calc-app").waitFor();
  const native = JSON.parse((() => {
    try { return execFileSync(process.env.RIGBOOK, ["calc", "--build", "recommended-1", "--format", "json"]); }
    catch (error) { return error.stdout; }
  })());
  assert.equal(await page.locator(".calc-price output").innerText(), native.totals.price.text);
  await page.goto(`${address}#/plan/calculator/?parts=gpu:rtx-4090*3`);
  assert.equal(await page.locator("fieldset[data-slot=gpu] .stepper-value").first().inputValue(), "3");
  // A page that is left and shown again is not set up twice.
  await page.goto(`${address}#/choose/gpu/`);
  await page.locator("h1", { hasText: "Graphics cards" }).waitFor();
  assert.equal(await page.locator(".compare-tools").count(), await page.locator(".compare:not(.sbs)").count());
  await page.goto(`${address}#/plan/calculator/`);
  await page.locator("h1", { hasText: "Calculator" }).waitFor();
  assert.equal(await page.locator(".calc-bar").count(), 1);
  await page.goto(`${address}#/choose/gpu/`);
  await page.locator("h1", { hasText: "Graphics cards" }).waitFor();
  assert.equal(await page.locator(".compare-tools").count(), await page.locator(".compare:not(.sbs)").count());
  assert.deepEqual(faults, []);
  await context.close();
});

test("without JavaScript it is one readable document that prints whole", async () => {
  const { context, page, faults } = await open(browser, { javaScriptEnabled: false }, address);
  await page.goto(address);
  const pages = await page.locator(".bundle-page").count();
  assert.ok(pages > 100, `${pages} pages`);
  assert.equal(await page.locator(".bundle-page:visible").count(), pages);
  assert.equal(await page.locator(".bundle-contents a").count(), pages);
  await page.locator(".bundle-contents a", { hasText: "NVIDIA RTX 4090" }).first().click();
  assert.match(await page.evaluate(() => location.hash).catch(() => page.url()), /rtx-4090/);
  const sheets = (await page.pdf()).toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  assert.ok(sheets >= pages, `${sheets} sheets for ${pages} pages`);
  assert.deepEqual(faults, []);
  await context.close();
});

for (const width of [360, 1280]) {
  test(`nothing overflows at ${width} px`, async () => {
    const { context, page, faults } = await open(browser, { viewport: { width, height: 800 } }, address);
    for (const place of ["", "choose/gpu/", "choose/gpu/rtx-4090/", "plan/calculator/", "compare/gpu/"]) {
      await page.goto(`${address}#/${place}`);
      await page.waitForTimeout(50);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), place);
    }
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("on a phone a chart of the file fits, as on the site", async () => {
  const { context, page, faults } = await open(browser, { viewport: { width: 360, height: 780 } }, address);
  await page.goto(`${address}#/tune/thermal/`);
  await page.locator(".chart-narrow").first().waitFor();
  for (const frame of await page.locator(".chart-scroll").all()) {
    const [drawings, over] = await frame.evaluate((f) => [[...f.querySelectorAll("svg")].filter((svg) => svg.checkVisibility()).length, f.scrollWidth - f.clientWidth]);
    assert.deepEqual([drawings, over], [1, 0]);
  }
  assert.deepEqual(faults, []);
  await context.close();
});

test("a folder opens from disk, and its links name files", async () => {
  const dir = path.join(folder, "site");
  execFileSync(process.env.RIGBOOK, ["export", "--quiet", "--dir", dir]);
  const { context, page, faults } = await open(browser, {}, pathToFileURL(dir).href);
  await page.goto(pathToFileURL(path.join(dir, "index.html")).href);
  await page.locator("#site-nav a").first().evaluate((link) => link.click());
  await page.locator(".breadcrumbs").waitFor();
  assert.match(page.url(), /index\.html$/);
  const links = await page.locator("a[href]").evaluateAll((all) => all.map((link) => link.href).filter((href) => href.startsWith("file:")));
  assert.deepEqual(links.filter((href) => !fs.statSync(new URL(href)).isFile()), []);
  await page.keyboard.press("/");
  await page.keyboard.type("radeon w79");
  await page.locator("[role=option]").first().waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("an old edition in a file that knows no address says so without a way to the current one", async () => {
  const site = path.join(folder, "bicycles"), old = path.join(folder, "old.html");
  const run = (...words) => execFileSync(process.env.RIGBOOK, words, { stdio: "pipe" });
  run("init", site);
  fs.writeFileSync(path.join(site, "content/plan.md"), '+++\ntitle = "Plan"\n[calculator]\n[[calculator.slots]]\nid = "bike"\ncategory = "bike"\n[[calculator.totals]]\nid = "price"\nlabel = "Price"\nformula = "bike.price"\n+++\n\n```calculator\n```\n');
  run("version", "cut", "1", "--next", "2", "--root", site);
  run("export", "--quiet", "--root", site, "--edition", "1", "--output", old);
  assert.doesNotMatch(fs.readFileSync(path.join(site, "rigbook.toml"), "utf8"), /^base_url/m);
  const { context, page, faults } = await open(browser, {}, pathToFileURL(old).href);
  await page.goto(pathToFileURL(old).href);
  const banner = page.locator(".edition-banner").first();
  assert.match(await banner.innerText(), /^You are reading 1\.\s*$/);
  await page.goto(`${pathToFileURL(old).href}#/plan/`);
  await page.locator("fieldset[data-slot]").first().waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("a link to components side by side goes on when one has another id", async () => {
  const site = path.join(folder, "renamed"), bikes = path.join(site, "content/bikes"), file = path.join(folder, "renamed.html");
  const run = (...words) => execFileSync(process.env.RIGBOOK, words, { stdio: "pipe" });
  run("init", site);
  const coast = path.join(bikes, "coast.md");
  fs.writeFileSync(coast, fs.readFileSync(coast, "utf8").replace("[component]\n", '[component]\nformer = ["shore"]\n'));
  run("export", "--quiet", "--root", site, "--output", file);
  const { context, page, faults } = await open(browser, {}, pathToFileURL(file).href);
  await page.goto(`${pathToFileURL(file).href}#/compare/bike/?c=shore,norden`);
  const shown = page.locator(".sbs thead th:not([hidden])");
  await page.locator(".sbs-tools").waitFor();
  assert.deepEqual(await shown.evaluateAll((heads) => heads.map((head) => head.dataset.id).sort()), ["coast", "norden"]);
  assert.deepEqual(faults, []);
  await context.close();
});
