// The browser's WebAssembly engine comes to what the native evaluator does: on the guide's
// calculators and on random formulas, as the tests of the program recorded them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, recorded, serve } from "./site.mjs";

let server, browser;
before(async () => { server = await serve(); browser = await launch(); });
after(async () => { await browser?.close(); server?.close(); });

/** Runs in the page: the number of the first run of a module whose answers differ, or -1. */
async function firstDifference({ module, outputs, runs }) {
  const bytes = Uint8Array.from(module.match(/../g), (pair) => parseInt(pair, 16));
  const { instance } = await WebAssembly.instantiate(bytes);
  const { memory, evaluate } = instance.exports;
  const words = new Uint32Array(memory.buffer);
  const fresh = words.slice();
  return runs.findIndex(([hash, written]) => {
    words.set(fresh);
    for (let i = 0; i < written.length; i += 2) words[written[i]] = written[i + 1];
    evaluate();
    let found = 0x811c9dc5;
    for (const at of outputs) for (let i = 0; i < 5; i++) found = Math.imul(found ^ words[at / 4 + i], 0x01000193) >>> 0;
    return found !== hash;
  });
}

for (const [name, least] of [["guide", 2000], ["formulas", 900]]) {
  test(`the browser's engine agrees with the program: ${name}`, async () => {
    const { context, page, faults } = await open(browser, {}, server.origin);
    // The calculator's page may compile WebAssembly, others may not.
    await page.goto(`${server.origin}plan/calculator/`);
    let runs = 0;
    for (const [number, module] of recorded(name).entries()) {
      assert.equal(await page.evaluate(firstDifference, module), -1, `module ${number}`);
      runs += module.runs.length;
    }
    assert.ok(runs >= least, `${runs} runs`);
    // A wrong answer would be seen.
    const [first] = recorded(name);
    first.runs[0][0] ^= 1;
    assert.equal(await page.evaluate(firstDifference, first), 0);
    assert.deepEqual(faults, []);
    await context.close();
  });
}
