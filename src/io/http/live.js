// Follows the preview: loads the page again when it has changed, swaps style
// sheets, and shows errors over the page. Only the preview's pages have it.
(() => {
  "use strict";
  const script = document.currentScript;
  const page = script.dataset.page;
  let generation = Number(script.dataset.generation);
  const memory = "rigbook-live:" + location.pathname;

  // What a reader had done to the page, over a reload.
  const fields = () => document.querySelectorAll("input, select, textarea");
  const panels = () => document.querySelectorAll("details");
  const value = (field) => (/^(checkbox|radio)$/.test(field.type) ? field.checked : field.value);

  function remember() {
    const state = {
      x: scrollX,
      y: scrollY,
      panels: [...panels()].map((panel) => panel.open),
      fields: [...fields()].map((field) => [field.type, field.name, field.id, value(field)]),
    };
    try {
      sessionStorage.setItem(memory, JSON.stringify(state));
    } catch {}
  }

  function restore() {
    let state;
    try {
      state = JSON.parse(sessionStorage.getItem(memory));
      sessionStorage.removeItem(memory);
    } catch {}
    if (!state) return;
    panels().forEach((panel, i) => {
      if (i < state.panels.length) panel.open = state.panels[i];
    });
    fields().forEach((field, i) => {
      const [type, name, id, old] = state.fields[i] || [];
      const same = field.type === type && field.name === name && field.id === id;
      if (!same || field.type === "file" || value(field) === old) return;
      if (typeof old === "boolean") field.checked = old;
      else field.value = old;
      for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    });
    const scroll = () => scrollTo({ left: state.x, top: state.y, behavior: "instant" });
    scroll();
    addEventListener("load", scroll, { once: true });
  }

  function reload() {
    remember();
    location.reload();
  }

  const sheets = (root) => [...root.querySelectorAll('link[rel="stylesheet"]')];

  function swapStyles(next, changed) {
    const old = sheets(document);
    next.forEach((link, i) => {
      const url = new URL(link.getAttribute("href"), location.href);
      const current = old[i];
      const currentUrl = current && new URL(current.href);
      if (currentUrl) currentUrl.searchParams.delete("live");
      const touched = changed.includes(decodeURI(url.pathname).slice(1));
      if (current && currentUrl.href === url.href && !touched) return;
      if (touched) url.searchParams.set("live", generation);
      const fresh = link.cloneNode();
      fresh.href = url.href;
      if (current) {
        fresh.addEventListener("load", () => current.remove(), { once: true });
        current.after(fresh);
      } else {
        document.head.append(fresh);
      }
    });
    old.slice(next.length).forEach((link) => link.remove());
  }

  function uses(changed) {
    const used = new Set(
      performance.getEntriesByType("resource").map((entry) => {
        const url = new URL(entry.name);
        return url.origin === location.origin ? decodeURI(url.pathname).slice(1) : "";
      }),
    );
    return changed.some((path) => !path.endsWith(".css") && used.has(path));
  }

  let checking = Promise.resolve();

  async function check(status) {
    if (status.generation === generation) return;
    // After a gap it is not known what has changed in between.
    const gap = status.generation !== generation + 1;
    generation = status.generation;
    const response = await fetch(location.pathname + location.search, { cache: "no-store" });
    const html = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = html.querySelector("script[data-generation]");
    if (!next || next.dataset.page !== page || uses(status.changed)) return reload();
    const styles = sheets(html);
    const touched = gap
      ? styles.map((link) => decodeURI(new URL(link.getAttribute("href"), location.href).pathname).slice(1))
      : status.changed;
    swapStyles(styles, touched);
  }

  // Errors over the page, one at a time.
  let overlay;
  let shown = 0;
  let problems = [];

  function showProblems(list) {
    problems = list;
    shown = Math.min(shown, Math.max(problems.length - 1, 0));
    if (!problems.length) {
      if (overlay) overlay.remove();
      overlay = undefined;
      return;
    }
    if (!overlay) {
      overlay = document.createElement("rigbook-errors");
      overlay.attachShadow({ mode: "open" });
      document.body.append(overlay);
    }
    draw();
  }

  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, of] of Object.entries(attributes)) made.setAttribute(key, of);
    return made;
  }

  function draw() {
    const root = overlay.shadowRoot;
    const problem = problems[shown];
    const panel = element("section", "", { role: "alertdialog", "aria-labelledby": "title" });
    const bar = element("header", "");
    const step = (by) => () => {
      shown = (shown + by + problems.length) % problems.length;
      draw();
    };
    const button = (text, label, act) => {
      const made = element("button", text, { type: "button", "aria-label": label });
      made.addEventListener("click", act);
      return made;
    };
    bar.append(element("h1", problem.title, { id: "title" }));
    if (problems.length > 1) {
      bar.append(
        button("‹", "previous error", step(-1)),
        element("span", `${shown + 1} of ${problems.length}`),
        button("›", "next error", step(1)),
      );
    }
    bar.append(button("×", "close", () => overlay.setAttribute("hidden", "")));
    panel.append(bar, element("pre", problem.text, { tabindex: "0" }));
    overlay.removeAttribute("hidden");
    root.replaceChildren(element("link", "", { rel: "stylesheet", href: "/_rigbook/live.css" }), panel);
  }

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && overlay) overlay.setAttribute("hidden", "");
  });

  let wait = 250;

  function connect() {
    const scheme = location.protocol === "https:" ? "wss://" : "ws://";
    const socket = new WebSocket(scheme + location.host + "/_rigbook/live");
    let known = "";
    socket.addEventListener("message", (event) => {
      wait = 250;
      const status = JSON.parse(event.data);
      checking = checking.then(() => check(status)).catch(() => {});
      const now = JSON.stringify(status.problems);
      if (now !== known) showProblems(status.problems);
      known = now;
    });
    socket.addEventListener("close", () => {
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 4000);
    });
  }

  restore();
  connect();
})();
