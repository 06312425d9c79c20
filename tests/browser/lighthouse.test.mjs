// Lighthouse on the front page, a comparison and the calculator, as a phone and as a desktop.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import lighthouse, { desktopConfig } from "lighthouse";
import { launch, serve } from "./site.mjs";

const port = 9333;
let server, browser;
before(async () => { server = await serve(); browser = await launch([`--remote-debugging-port=${port}`]); });
after(async () => { await browser?.close(); server?.close(); });

/** Scores in per cent, and the audits that cost some. */
async function audit(address, config) {
  const { lhr } = await lighthouse(address, { port, output: "json", logLevel: "error" }, config);
  const scores = Object.values(lhr.categories).map((category) => [category.id, Math.round(category.score * 100)]);
  const failed = Object.values(lhr.categories).filter((category) => category.id !== "performance")
    .flatMap((category) => category.auditRefs.filter((ref) => ref.weight > 0 && lhr.audits[ref.id].score < 1 && lhr.audits[ref.id].score !== null))
    .map((ref) => `${ref.id}: ${JSON.stringify(lhr.audits[ref.id].details?.items ?? []).slice(0, 400)}`);
  return { scores: Object.fromEntries(scores), failed };
}

for (const address of ["", "choose/gpu/", "plan/calculator/"]) {
  for (const [form, config] of [["phone", undefined], ["desktop", desktopConfig]]) {
    test(`lighthouse: /${address} on a ${form}`, async (context) => {
      let { scores, failed } = await audit(server.origin + address, config);
      assert.deepEqual(failed, []);
      // The speed is measured: on a machine that is busy with other work it is measured again.
      for (let tries = 1; scores.performance < 95 && tries < 3; tries++) scores = (await audit(server.origin + address, config)).scores;
      context.diagnostic(JSON.stringify(scores));
      const { performance, ...exact } = scores;
      assert.deepEqual(exact, { accessibility: 100, "best-practices": 100, seo: 100 });
      assert.ok(performance >= 80, `performance ${performance}`);
    });
  }
}
