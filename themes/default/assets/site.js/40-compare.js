/* Components chosen for comparison: check boxes in tables, the tray, and the side-by-side page. */
(function () {
  "use strict";
  var r = rigbook, el = r.el, MAX = 4;

  function key(category) { return "pick:" + r.edition + ":" + category; }
  function picks(category) {
    try { var list = JSON.parse(r.store.get(key(category)) || "[]"); return Array.isArray(list) ? list.filter(function (p) { return p && typeof p.id === "string"; }).slice(0, MAX) : []; } catch (e) { return []; }
  }
  function keep(category, list) { r.store.set(key(category), list.length ? JSON.stringify(list) : null); }

  r.page(function () {
  // Tables: a box in front of each component that has a row. Component pages: one box.
  var blocks = r.all(".compare[data-url]:not(.sbs), .pick-here"), categories = {};
  blocks.forEach(function (block) {
    var c = categories[block.dataset.category] = categories[block.dataset.category] || { boxes: [], url: block.dataset.url, list: picks(block.dataset.category) };
    (block.dataset.id ? [block] : r.all("tbody tr[data-id]", block)).forEach(function (tr) {
      var th = tr.querySelector("th") || tr, title = tr.dataset.title || th.textContent.trim();
      var box = el("input", { type: "checkbox", "aria-label": th === tr ? null : "Compare " + title, onchange: function () {
        c.list = c.list.filter(function (p) { return p.id !== tr.dataset.id; });
        if (box.checked) c.list.push({ id: tr.dataset.id, title: title });
        keep(block.dataset.category, c.list);
        draw(block.dataset.category);
        r.say(c.list.length + " of " + MAX + " chosen for comparison");
      } });
      if (th === tr) tr.append(el("label", { class: "check" }, box, "Add to comparison")); else th.prepend(el("label", { class: "pick" }, box));
      c.boxes.push({ id: tr.dataset.id, box: box, tr: tr });
    });
  });
  var tray = null;
  document.addEventListener("rigbook-shown", function () {
    if (!blocks.length || !blocks[0].isConnected) return;
    Object.keys(categories).forEach(function (category) { categories[category].list = picks(category); if (categories[category].list.length) draw(category); });
  });
  function draw(category) {
    var c = categories[category];
    c.boxes.forEach(function (b) {
      b.box.checked = c.list.some(function (p) { return p.id === b.id; });
      b.box.disabled = !b.box.checked && c.list.length >= MAX;
      b.tr.classList.toggle("is-picked", b.box.checked);
    });
    if (tray) tray.remove();
    tray = null;
    document.body.classList.toggle("has-tray", c.list.length > 0);
    if (!c.list.length) return;
    var chips = el("ul", {});
    c.list.forEach(function (p) {
      chips.append(el("li", { class: "chip" }, p.title, el("button", { type: "button", "aria-label": "Remove " + p.title, onclick: function () {
        c.list = c.list.filter(function (q) { return q !== p; });
        keep(category, c.list); draw(category);
        var next = tray && tray.querySelector(".chip button");
        if (next) next.focus();
      } }, r.icon("close"))));
    });
    var go = c.list.length > 1
      ? el("a", { class: "button button-primary button-small", href: c.url + (c.url.charAt(0) === "#" ? "?" : "#") + "c=" + c.list.map(function (p) { return p.id; }).join(","), text: "Compare " + c.list.length })
      : el("span", { class: "muted", text: "Choose one more" });
    tray = el("aside", { class: "tray", "aria-label": "Chosen for comparison" }, el("span", { class: "tray-title", text: "Compare" }), chips, go,
      el("button", { type: "button", class: "button button-small", text: "Clear", onclick: function () { c.list = []; keep(category, []); draw(category); r.say("Nothing chosen"); } }));
    document.body.append(tray);
  }
  Object.keys(categories).forEach(function (category) { if (categories[category].list.length || !tray) draw(category); });

  // Side by side.
  r.all(".sbs[data-pick]").forEach(function (block) {
    var table = block.querySelector("table"), head = table.tHead.rows[table.tHead.rows.length - 1];
    var rows = r.all("tbody tr:not(.group)", table), lines = [head].concat(rows);
    var columns = Array.prototype.slice.call(head.cells, 1).map(function (th, i) {
      return { id: th.dataset.id, ids: [th.dataset.id].concat((th.dataset.former || "").split(" ")), title: th.textContent.trim(), cells: lines.map(function (tr) { return tr.cells[i + 1]; }) };
    });
    var name = document.title, chosen = [], category = block.dataset.category;
    var differ = el("input", { type: "checkbox", onchange: function () { draw(); save(); } });
    var slots = [0, 1, 2, 3].map(function (n) {
      var select = el("select", { class: "field", onchange: function () {
        var list = slots.map(function (s) { return s.value; }).filter(Boolean);
        chosen = list.filter(function (id, i) { return list.indexOf(id) === i; });
        draw(); save();
      } }, el("option", { value: "", text: n < 2 ? "Choose…" : "None" }));
      columns.forEach(function (c) { select.append(el("option", { value: c.id, text: c.title })); });
      return select;
    });
    var tools = el("div", { class: "sbs-tools" });
    slots.forEach(function (select, n) { tools.append(el("label", { class: "sbs-slot" }, ["First", "Second", "Third", "Fourth"][n], select)); });
    tools.append(el("label", { class: "check" }, differ, "Differences only"),
      el("button", { type: "button", class: "button", onclick: function (event) { r.copy(r.state.url(own()), event.currentTarget.lastChild); } }, r.icon("copy"), "Copy link"));
    block.prepend(tools);

    function draw() {
      // In the order of the choice; without one, all as they are.
      var shown = chosen.map(function (id) { return columns.filter(function (c) { return c.id === id; })[0]; });
      var off = columns.filter(function (c) { return shown.indexOf(c) < 0; }), all = !chosen.length;
      if (all) { shown = columns; off = []; }
      shown.concat(off).forEach(function (c) {
        c.cells.forEach(function (cell, i) { cell.hidden = off.indexOf(c) >= 0; lines[i].append(cell); });
      });
      if (!window.rigbookBundle) document.title = all ? name : shown.map(function (c) { return c.title; }).join(", ") + " \u00b7 " + name;
      rows.forEach(function (tr, at) {
        var cells = shown.map(function (c) { return c.cells[at + 1]; });
        if (tr.dataset.better) r.markBest(cells, tr.dataset.better);
        var texts = cells.map(function (cell) { return cell.textContent.replace(" (best)", "").trim(); });
        tr.hidden = differ.checked && texts.every(function (t) { return t === texts[0]; });
      });
      r.all("tbody tr.group", table).forEach(function (group) {
        for (var tr = group.nextElementSibling; tr && tr.hidden; tr = tr.nextElementSibling);
        group.hidden = !tr || tr.classList.contains("group");
      });
      slots.forEach(function (select, n) { select.value = chosen[n] || ""; });
      r.say(shown.length + " shown" + (differ.checked ? ", differences only" : ""));
      r.measure();
    }
    function save() {
      keep(category, chosen.map(function (id) { return { id: id, title: columns.filter(function (c) { return c.id === id; })[0].title }; }));
      r.state.set(own());
    }
    function own() { return chosen.length || differ.checked ? "c=" + chosen.join(",") + (differ.checked ? "&differences" : "") : ""; }
    function load() {
      var hash = r.state.get(), list;
      if (!block.isConnected) return;
      if (hash.slice(0, 2) === "c=") { var parts = hash.slice(2).split("&"); list = parts[0].split(","); differ.checked = parts.indexOf("differences") > 0; }
      else list = picks(category).map(function (p) { return p.id; });
      // A link from before a renaming goes on.
      list = list.map(function (id) { var now = id && columns.filter(function (c) { return c.ids.indexOf(id) >= 0; })[0]; return now ? now.id : ""; });
      chosen = list.filter(function (id, i) { return id && list.indexOf(id) === i; }).slice(0, MAX);
      draw();
    }
    load();
    addEventListener("hashchange", load);
  });
  });
})();
