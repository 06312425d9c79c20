// Small things that a reader meets on the way: an emptied table, components side by side, the
// calculator on a phone and by keyboard, closing search.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, serve } from "./site.mjs";

let server, browser;
before(async () => { server = await serve(); browser = await launch(); });
after(async () => { await browser?.close(); server?.close(); });

test("one press of Escape closes search, whatever is typed", async () => {
  const { context, page, faults } = await open(browser, {}, server.origin);
  await page.goto(server.origin);
  await page.keyboard.press("/");
  await page.keyboard.type("radeon");
  await page.locator("[role=option]").first().waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("dialog[open]").count(), 0);
  assert.deepEqual(faults, []);
  await context.close();
});

test("a table that nothing in it fits says so and shows all rows again", async () => {
  const { context, page, faults } = await open(browser, {}, server.origin);
  await page.goto(`${server.origin}choose/gpu/`);
  const block = page.locator(".compare").first(), rows = block.locator("tbody tr[data-id]:visible");
  const all = await rows.count();
  await block.locator("input[type=search]").fill("no such card");
  assert.equal(await rows.count(), 0);
  const none = block.locator("tr.none");
  assert.match(await none.innerText(), /No row fits/);
  await none.locator("button").click();
  assert.equal(await rows.count(), all);
  assert.equal(await none.count(), 0);
  assert.deepEqual(faults, []);
  await context.close();
});

test("a small table has no tools that nobody needs, and a filter says what it can't judge", async () => {
  const { context, page, faults } = await open(browser, {}, server.origin);
  await page.goto(`${server.origin}choose/gpu/`);
  const tables = await page.locator(".compare").evaluateAll((blocks) => blocks.map((block) => [block.querySelectorAll("tbody tr[data-id]").length, !!block.querySelector("input[type=search]"), !!block.querySelector(".tool-filter")]));
  for (const [rows, finds, filters] of tables) assert.deepEqual([finds, filters], [rows > 5, rows > 3], `${rows} rows`);
  assert.ok(tables.some(([rows]) => rows <= 3) && tables.some(([rows]) => rows > 5));
  const block = page.locator(".compare").first();
  await block.locator(".tool-filter summary").click();
  await block.getByLabel("FP32, at least (TFLOPS)").fill("80");
  assert.match(await block.locator(".compare-count").innerText(), /^3 of 7 shown; 2 left out, a figure is unknown$/);
  assert.deepEqual(faults, []);
  await context.close();
});

test("what is ticked off in a list stays ticked", async () => {
  const { context, page, faults } = await open(browser, {}, server.origin);
  await page.goto(`${server.origin}build/checklist/`);
  const boxes = page.locator(".prose li input[type=checkbox]");
  await boxes.nth(1).check();
  await page.goto(`${server.origin}build/assembly/`);
  await page.goto(`${server.origin}build/checklist/`);
  assert.deepEqual([await boxes.nth(0).isChecked(), await boxes.nth(1).isChecked()], [false, true]);
  assert.match(await boxes.nth(1).getAttribute("aria-label"), /^Board on the processor's support list/);
  await boxes.nth(1).uncheck();
  await page.reload();
  assert.equal(await boxes.nth(1).isChecked(), false);
  // What the device keeps may be anything: it is no reason to stop.
  await page.evaluate(() => { for (const key of Object.keys(localStorage)) localStorage.setItem(key, "1"); });
  await page.reload();
  await boxes.nth(1).check();
  await page.reload();
  assert.equal(await boxes.nth(1).isChecked(), true);
  assert.deepEqual(faults, []);
  await context.close();
});

test("where there are no rules, none is said to be met", async () => {
  const { context, page, faults } = await open(browser, {}, server.origin);
  await page.goto(`${server.origin}1.0/plan/calculator/`);
  await page.locator(".calc-price output").waitFor();
  assert.equal(await page.locator(".calc-verdict").count(), 0);
  await page.goto(`${server.origin}plan/calculator/#build=entry`);
  assert.ok(await page.locator(".calc-verdict").count() > 0);
  assert.deepEqual(faults, []);
  await context.close();
});

test("on a phone the tray leaves the page to be read, down to its end", async () => {
  const { context, page, faults } = await open(browser, { viewport: { width: 360, height: 740 } }, server.origin);
  await page.goto(`${server.origin}choose/gpu/`);
  const boxes = page.locator(".compare").first().locator("tbody .pick input");
  for (const n of [0, 1, 2, 3]) await boxes.nth(n).check();
  const tray = await page.locator(".tray").boundingBox();
  assert.ok(tray.height < 110, `${tray.height} px`);
  await page.evaluate(() => scrollTo({ top: 1e6, behavior: "instant" }));
  const end = await page.locator(".site-footer-links").boundingBox();
  assert.ok(end.y + end.height <= tray.y, "the footer's links are above it");
  assert.deepEqual(faults, []);
  await context.close();
});

test("a build's parts with quantity and price fit a phone", async () => {
  const { context, page, faults } = await open(browser, { viewport: { width: 360, height: 740 } }, server.origin);
  for (const name of ["budget", "maximum", "edition-1-0"]) {
    await page.goto(`${server.origin}plan/presets/${name}/`);
    const over = await page.locator(".build .table-scroll").evaluateAll((all) => all.map((frame) => frame.scrollWidth - frame.clientWidth));
    assert.ok(over.length && over.every((wide) => wide <= 0), `${name}: ${over}`);
  }
  assert.deepEqual(faults, []);
  await context.close();
});

test("side by side, components stand in the order of the choice", async () => {
  const { context, page, faults } = await open(browser, {}, server.origin);
  await page.goto(`${server.origin}compare/gpu/#c=rtx-6000-ada,rtx-4090`);
  const heads = page.locator(".sbs thead th:visible");
  const cells = () => page.locator(".sbs tr[data-key=vram] td:visible").allInnerTexts();
  assert.deepEqual(await heads.allInnerTexts(), ["NVIDIA RTX 6000 Ada Generation", "NVIDIA RTX 4090"]);
  assert.match((await cells()).join(), /48[^]+24/);
  assert.match(await page.title(), /^NVIDIA RTX 6000 Ada Generation, NVIDIA RTX 4090/);
  await page.locator(".sbs-slot select").first().selectOption("rtx-4080-super");
  assert.deepEqual(await heads.allInnerTexts(), ["NVIDIA RTX 4080 SUPER", "NVIDIA RTX 4090"]);
  // Which is best is said where there is something to win: not of equals, not of one that is alone.
  for (const row of await page.locator(".sbs tbody tr[data-better]").all()) {
    const shown = row.locator("td:visible"), values = (await shown.evaluateAll((all) => all.map((cell) => cell.dataset.v))).filter((value) => value !== undefined);
    const best = await shown.locator("xpath=self::*[contains(concat(' ', @class, ' '), ' best ')]").count();
    assert.equal(best, values.length === 2 && values[0] !== values[1] ? 1 : 0, await row.innerText());
  }
  // A group that has nothing different to show has no heading either.
  await page.locator(".sbs-tools .check input").check();
  assert.ok(await page.locator(".sbs tr.group").evaluateAll((groups) => groups.every((group) => group.hidden || (group.nextElementSibling && !group.nextElementSibling.classList.contains("group")))));
  assert.deepEqual(faults, []);
  await context.close();
});

test("the calculator says first what is wrong, then what is known", async () => {
  const { context, page, faults } = await open(browser, { viewport: { width: 360, height: 700 }, reducedMotion: "reduce" }, server.origin);
  await page.goto(`${server.origin}plan/calculator/#parts=board:proart-z790-creator-wifi;gpu:rtx-4090*2`);
  const summary = page.locator(".calc-summary");
  assert.equal(await summary.locator(".calc-price output").innerText(), "from $3,198.00");
  assert.match(await summary.locator(".calc-price-note").innerText(), /ASUS ProArt Z790-CREATOR WIFI, which has no price/);
  await summary.locator(".calc-price .why summary").click();
  assert.match(await summary.locator(".calc-price .why").innerText(), /2 × NVIDIA RTX 4090, Price each\s+\$1,599\.00/);
  const tops = await summary.locator(":scope > :is(.rules, .rules-met, .totals)").evaluateAll((all) => all.map((box) => box.classList[0]));
  assert.deepEqual(tops, ["rules", "rules-met", "totals"]);
  assert.match(await summary.locator(".rule-unknown").first().innerText(), /is not given|are not given/);
  // On a phone the dock goes where the summary can be seen; elsewhere it is two lines at most: the worst, and that there is more.
  await page.locator(".calc-dock").waitFor({ state: "hidden" });
  await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
  await page.locator("fieldset[data-slot=cpu]").scrollIntoViewIfNeeded();
  await page.locator(".calc-dock").waitFor();
  assert.match(await page.locator(".calc-dock").innerText(), /from \$3,198\.00\s+\d+ (errors?|warnings?|parts? missing), …/);
  assert.ok((await page.locator(".calc-dock").boundingBox()).height < 64);
  assert.equal(await page.locator("fieldset[data-slot=cpu] option").first().innerText(), "Choose\u2026");
  // What is asked to be changed is there, and an empty slot is not blamed.
  assert.match(await page.locator("fieldset[data-slot=gpu] .slot-name").innerText(), /Graphics cards/);
  assert.doesNotMatch(await page.locator("fieldset[data-slot=network]").innerText(), /Warning|Error/);
  assert.ok((await summary.locator(".rule-fix").allInnerTexts()).every((text) => !/Network card/.test(text)));
  assert.match(await page.locator("fieldset[data-slot=memory] .slot-help").innerText(), /Kits, not modules/);
  // Compared with a build, too, a price says what is known.
  await page.locator(".calc-start select").nth(1).selectOption("budget");
  assert.match(await page.locator(".calc-compare tbody tr").first().innerText(), /Price\s+from \$3,198\.00\s+from \$3,873\.00\s+\u2014/);
  await page.locator(".calc-start select").nth(1).selectOption("");
  // A price of the reader's own completes the sum.
  const board = page.locator("fieldset[data-slot=board]");
  await board.locator(".own-price summary").click();
  await board.locator(".own-price input").fill("500");
  await board.locator(".own-price input").press("Tab");
  assert.equal(await summary.locator(".calc-price output").innerText(), "$3,698.00");
  assert.equal(await summary.locator(".calc-price-note").count(), 0);
  // By keyboard alone: nothing that has the focus is behind the bar or the dock.
  await page.locator("fieldset[data-slot=cpu] select").focus();
  for (let n = 0; n < 40; n++) {
    await page.keyboard.press("Tab");
    const hidden = await page.evaluate(() => {
      const node = document.activeElement;
      if (!node.closest(".calc-slots")) return "";
      const box = node.getBoundingClientRect(), at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      return node.contains(at) || (at && at.closest("label, summary, select, .slot-part") && !at.closest(".calc-dock, .bar")) ? "" : node.outerHTML.slice(0, 120);
    });
    assert.equal(hidden, "");
  }
  // A part's name is not cut: the choice has the line for itself.
  for (const width of [360, 800, 1100, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const narrow = await page.locator(".slot-select").evaluateAll((all) => all.filter((select) => select.offsetWidth < 270).length);
    assert.equal(narrow, 0, `at ${width} px`);
  }
  assert.deepEqual(faults, []);
  await context.close();
});

test("the calculator takes back, says where a choice comes from, and shows that it copied", async () => {
  const { context, page, faults } = await open(browser, { viewport: { width: 360, height: 740 } }, server.origin);
  await page.goto(`${server.origin}plan/calculator/#build=recommended`);
  const start = page.locator(".calc-start select").first(), undo = page.getByRole("button", { name: "Undo" });
  const price = page.locator(".calc-price output"), before = await price.innerText();
  const chosen = () => start.evaluate((select) => select.selectedOptions[0].text);
  assert.equal(await start.inputValue(), "recommended");
  assert.equal(await undo.getAttribute("aria-disabled"), "true");
  // The buttons stand on one line of a phone.
  assert.ok((await page.locator(".calc-actions").boundingBox()).height < 48);
  const gpu = page.locator("fieldset[data-slot=gpu]");
  await gpu.getByRole("button", { name: "One more" }).click();
  assert.equal(await chosen(), "Your choice");
  await start.selectOption("-");
  assert.equal(await page.locator(".slot-more").count(), 0);
  // Nothing is blamed for not being there yet, nor praised.
  assert.match(await page.locator(".calc-summary .calc-verdict").innerText(), /Nothing chosen yet/);
  assert.equal(await page.locator(".slot-state, .calc-summary .rule, .calc-summary .rules-met").count(), 0);
  await undo.click();
  await undo.click();
  assert.equal(await price.innerText(), before);
  assert.equal(await start.inputValue(), "recommended");
  assert.equal(await undo.getAttribute("aria-disabled"), "true");
  assert.ok(await undo.evaluate((button) => button === document.activeElement), "the focus stays");
  // The price of what is chosen stands once.
  assert.doesNotMatch(await gpu.locator("select").first().evaluate((select) => select.selectedOptions[0].text), /\$/);
  // Beyond what an input may be, the bound is taken, and what is taken is shown.
  const hours = page.getByLabel("Hours of full load a day");
  await hours.fill("99");
  await hours.press("Tab");
  assert.equal(await hours.inputValue(), "24");
  assert.match(page.url(), /in=hours:24\b/);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  await page.getByRole("button", { name: "Copy link" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
  await page.locator(".calc-actions summary").click();
  await page.getByRole("button", { name: "Markdown" }).click();
  assert.equal(await page.locator(".calc-actions summary").innerText(), "Copied");
  assert.equal(await page.locator(".calc-actions details[open]").count(), 0);
  assert.deepEqual(faults, []);
  await context.close();
});

test("a broken rule names what can be changed, and what adds up to too much", async () => {
  const { context, page, faults } = await open(browser, {}, server.origin);
  await page.goto(`${server.origin}plan/calculator/#parts=gpu:rtx-4090*4;psu:prime-tx-1600`);
  const supply = page.locator(".calc-summary .rule-error").first();
  assert.match(await supply.innerText(), /Change: Power supply or what adds to “Power, sustained”/);
  assert.deepEqual(faults, []);
  await context.close();
});

test("that every rule is met is said once, and only if it is so", async () => {
  const { context, page, faults } = await open(browser, {}, server.origin);
  await page.goto(`${server.origin}plan/calculator/`);
  for (const build of ["entry", "budget", "recommended", "two-cards", "maximum"]) {
    await page.locator(".calc-start select").first().selectOption(build);
    const text = await page.locator(".calc-summary").innerText(), notes = await page.locator(".calc-summary .rules > .rule-note").count();
    if (/All \d+ rules met/.test(text)) assert.equal(notes, 0, build);
    assert.ok((text.match(/rules met/g) ?? []).length <= 1, build);
    if (/^Fits/m.test(text)) assert.match(text, new RegExp(`Fits, with ${notes} note`));
  }
  assert.deepEqual(faults, []);
  await context.close();
});

test("paper has what is folded on the screen, and little else", async () => {
  const { context, page, faults } = await open(browser, {}, server.origin);
  const shown = (selector) => page.locator(selector).evaluateAll((all) => all.filter((node) => node.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })).length);
  await page.goto(`${server.origin}plan/presets/recommended/`);
  assert.equal(await shown(".rules-met .rule"), 0, "folded on the screen");
  await page.emulateMedia({ media: "print" });
  await page.locator(".rules-met .rule").last().waitFor();
  await page.locator(".totals .total").last().waitFor();
  assert.ok(await shown(".rules-met .rule") >= 20, "rules that are met");
  assert.ok(await shown(".totals .total") >= 17, "all totals");
  assert.equal(await shown(".bar, .sidebar, .pager, .page-meta, .build-head .button, .why"), 0);
  // No sheet for the height of a window that a short page would fill.
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).minHeight), "0px");
  const sheets = async (name) => {
    await page.goto(server.origin + name);
    return (await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  };
  for (const [name, most] of [["plan/presets/recommended/", 2], ["choose/gpu/rtx-4090/", 3], ["plan/calculator/", 3], ["choose/gpu/", 4]]) {
    const count = await sheets(name);
    assert.ok(count <= most, `${name} takes ${count} sheets`);
  }
  assert.deepEqual(faults, []);
  await context.close();
});

test("a table's link to a component opens its sheet", async () => {
  const { context, page, faults } = await open(browser, {}, server.origin);
  await page.goto(`${server.origin}tune/multi-gpu/`);
  const sheets = page.locator("details.entry");
  assert.equal(await page.locator("details.entry[open]").count(), 0);
  await page.locator(".compare tbody th a").nth(1).click();
  await sheets.nth(1).locator(".entry-figures").waitFor();
  assert.equal(await page.locator("details.entry[open]").count(), 1);
  const title = await page.locator("details.entry[open] summary").boundingBox();
  assert.ok(title.y >= 56, "the title is not behind the bar");
  assert.deepEqual(faults, []);
  await context.close();
});
