/* Compare tables: sort, search, filter, choose columns, pick components. The state of all tables of
   a page stands in the address: #compare-1?sort=price.desc&q=…&hide=tdp&in.cooling=Air|Blower&in.price=500..2000 */
(function () {
  "use strict";
  var r = rigbook, el = r.el;

  /** The value of a cell: null when unknown, a number, or text. */
  r.cellValue = function (cell, numeric) {
    if (cell.classList.contains("unknown")) return null;
    var raw = cell.dataset.v != null ? cell.dataset.v : cell.textContent.trim();
    if (!numeric) return raw;
    var n = parseFloat(raw);
    return isNaN(n) ? null : n;
  };
  /** Marks the best of some cells; none when fewer than two are known or all are equal. */
  r.markBest = function (cells, better) {
    var values = cells.map(function (cell) { return r.cellValue(cell, true); });
    var known = values.filter(function (v) { return v != null; });
    var top = Math.max.apply(null, known), low = Math.min.apply(null, known), best = better === "higher" ? top : low;
    cells.forEach(function (cell, i) {
      var is = known.length > 1 && top !== low && values[i] === best, mark = cell.querySelector(".vh");
      if (cell.classList.contains("unknown")) return;
      cell.classList.toggle("best", is);
      if (is && !mark) cell.append(el("span", { class: "vh", text: " (best)" }));
      else if (!is && mark && mark.textContent.indexOf("best") >= 0) mark.remove();
    });
  };
  var collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true, sensitivity: "base" });

  r.page(function () {
  var tables = [];
  function setup(block) {
    var table = block.querySelector("table"), head = table.tHead.rows[table.tHead.rows.length - 1];
    var groups = table.tHead.querySelector(".groups");
    var bodies = Array.prototype.slice.call(table.tBodies);
    var rows = [];
    bodies.forEach(function (body) { r.all("tr:not(.group)", body).forEach(function (tr) { rows.push({ tr: tr, body: body, at: rows.length, text: tr.textContent.toLowerCase() }); }); });
    var cols = Array.prototype.map.call(head.cells, function (th, i) {
      var label = th.querySelector(".label") || th, unit = th.querySelector(".unit");
      return { th: th, i: i, key: th.dataset.key || String(i), type: th.dataset.type || "text", better: th.dataset.better, label: label.textContent.trim(), unit: unit ? unit.textContent.trim() : "", numeric: th.dataset.type === "number" };
    });
    var first = head.querySelector("[aria-sort]"), initial = first && { key: first.dataset.key, dir: first.getAttribute("aria-sort") };
    var state = { q: "", hide: {}, within: {}, sort: null };
    var view = { block: block, write: write, read: read };
    if (rows.length < 2) return;

    // Sorting
    cols.forEach(function (col) {
      var button = el("button", { type: "button", class: "sort", onclick: function () {
        var now = state.sort || initial, dirs = col.better === "higher" ? ["descending", "ascending"] : ["ascending", "descending"];
        var dir = now && now.key === col.key ? dirs[(dirs.indexOf(now.dir) + 1) % 2] : dirs[0];
        state.sort = { key: col.key, dir: dir };
        apply(); save();
        r.say("Sorted by " + col.label + ", " + dir);
      } });
      var text = el("span", { class: "sort-text" });
      while (col.th.firstChild) text.append(col.th.firstChild);
      button.append(text);
      col.th.append(button);
    });

    // Tools
    var count = el("span", { class: "compare-count", role: "status" });
    var title = (table.caption ? table.caption.firstChild.textContent.trim() : "") || "rows";
    var search = el("input", { type: "search", class: "field", placeholder: "Find in this table", "aria-label": "Find in " + title, oninput: function () { state.q = search.value; apply(); save(); } });
    function panel(label, content, cls) {
      return el("details", { class: "tool " + cls }, el("summary", {}, label, r.icon("chevron")), el("div", { class: "tool-panel" }, content));
    }
    function checks(name, options, on) {
      var box = el("fieldset", {}, el("legend", { text: name }));
      options.forEach(function (option) {
        var input = el("input", { type: "checkbox", onchange: function () { on(option.value, input.checked); apply(); save(); } });
        option.input = input;
        box.append(el("label", { class: "check" }, input, option.label));
      });
      return box;
    }
    var columnOptions = cols.slice(1).map(function (col) { return { value: col.key, label: col.label }; });
    var columnTool = panel("Columns", checks("Shown columns", columnOptions, function (key, on) { if (on) delete state.hide[key]; else state.hide[key] = true; }), "tool-columns");
    var filters = document.createDocumentFragment();
    cols.slice(1).forEach(function (col) {
      var cells = rows.map(function (row) { return row.tr.cells[col.i]; });
      if (col.numeric) {
        var known = cells.map(function (c) { return r.cellValue(c, true); }).filter(function (v) { return v != null; });
        var low = Math.min.apply(null, known), top = Math.max.apply(null, known);
        if (known.length < 2 || low === top) return;
        col.bounds = [low, top].map(function (bound, i) {
          return el("input", { type: "number", class: "field", step: "any", placeholder: bound, "aria-label": col.label + (i ? ", at most" : ", at least") + (col.unit ? " (" + col.unit + ")" : ""), oninput: function () {
            var a = col.bounds[0].value, b = col.bounds[1].value;
            if (a === "" && b === "") delete state.within[col.key]; else state.within[col.key] = a + ".." + b;
            apply(); save();
          } });
        });
        filters.append(el("fieldset", {}, el("legend", { text: col.label }), el("span", { class: "range" }, col.bounds[0], "to", col.bounds[1], col.unit)));
      } else if (col.type !== "text") {
        var seen = {};
        cells.forEach(function (c) { var v = r.cellValue(c); if (v != null) (col.type === "set" ? v.split("|") : [c.textContent.trim()]).forEach(function (part) { seen[part] = true; }); });
        col.options = Object.keys(seen).sort(collator.compare).map(function (v) { return { value: v, label: v }; });
        if (col.options.length < 2) { col.options = null; return; }
        filters.append(checks(col.label, col.options, function (value, on) {
          var now = (state.within[col.key] || "").split("|").filter(Boolean).filter(function (v) { return v !== value; });
          if (on) now.push(value);
          if (now.length) state.within[col.key] = now.join("|"); else delete state.within[col.key];
        }));
      }
    });
    var filterTool = filters.childNodes.length ? panel("Filter", filters, "tool-filter") : null;
    var reset = el("button", { type: "button", class: "button button-small", hidden: true, text: "Reset", onclick: function () {
      state.q = ""; state.hide = {}; state.within = {}; state.sort = null;
      apply(); save(); back(); r.say("All rows and columns shown");
    } });
    // A table that is seen at a glance needs no tools to be read.
    var finds = rows.length > 5, tools = el("div", { class: "compare-tools" }, finds ? search : null, rows.length > 3 ? filterTool : null, rows.length > 3 && cols.length > 4 ? columnTool : null, reset, count);
    function back() { (finds ? search : tools.querySelector("summary") || first || table).focus(); }
    block.prepend(tools);
    var none = el("tbody", null, el("tr", { class: "none" }, el("td", { colspan: cols.length }, "No row fits. ",
      el("button", { type: "button", class: "button button-small", text: "Show all rows", onclick: function () { state.q = ""; state.within = {}; apply(); save(); back(); r.say("All rows shown"); } }))));

    /** Whether a row fits; null where a figure that is asked for is unknown. */
    function passes(row) {
      var known = true;
      if (state.q && state.q.toLowerCase().split(/\s+/).some(function (word) { return row.text.indexOf(word) < 0; })) return false;
      return cols.every(function (col) {
        var rule = state.within[col.key];
        if (!rule) return true;
        var cell = row.tr.cells[col.i], v = r.cellValue(cell, col.numeric);
        if (v == null) { known = false; return true; }
        if (col.numeric) { var b = rule.split(".."); return (b[0] === "" || v >= +b[0]) && (b[1] === "" || v <= +b[1]); }
        var have = col.type === "set" ? v.split("|") : [cell.textContent.trim()];
        return rule.split("|").some(function (want) { return have.indexOf(want) >= 0; });
      }) && (known || null);
    }
    function apply() {
      var sort = state.sort || initial, col = sort && cols.filter(function (c) { return c.key === sort.key; })[0];
      cols.forEach(function (c) { if (col === c) c.th.setAttribute("aria-sort", sort.dir); else c.th.removeAttribute("aria-sort"); });
      var order = rows.slice();
      if (state.sort && col) order.sort(function (a, b) {
        var x = r.cellValue(a.tr.cells[col.i], col.numeric), y = r.cellValue(b.tr.cells[col.i], col.numeric);
        if (x == null || y == null) return (x == null) - (y == null) || a.at - b.at;
        return (col.numeric ? x - y : collator.compare(x, y)) * (sort.dir === "descending" ? -1 : 1) || a.at - b.at;
      });
      var shown = 0, unknown = 0;
      order.forEach(function (row) {
        var fits = passes(row);
        row.body.append(row.tr);
        row.tr.hidden = !fits;
        if (fits) shown++; else if (fits === null) unknown++;
      });
      bodies.forEach(function (body) { body.hidden = !body.querySelector("tr:not(.group):not([hidden])"); });
      cols.forEach(function (c) {
        var off = !!state.hide[c.key];
        c.th.hidden = off;
        rows.forEach(function (row) { row.tr.cells[c.i].hidden = off; });
        if (c.better) r.markBest(rows.filter(function (row) { return !row.tr.hidden; }).map(function (row) { return row.tr.cells[c.i]; }), c.better);
        (c.options || []).forEach(function (o) { o.input.checked = ("|" + (state.within[c.key] || "") + "|").indexOf("|" + o.value + "|") >= 0; });
        if (c.bounds) { var b = (state.within[c.key] || "..").split(".."); c.bounds.forEach(function (input, i) { if (input.value !== b[i]) input.value = b[i] || ""; }); }
      });
      if (groups) {
        var at = 0;
        Array.prototype.forEach.call(groups.cells, function (cell) {
          var span = +(cell.dataset.span = cell.dataset.span || cell.colSpan), live = 0;
          for (var k = 0; k < span; k++) if (!cols[at + k].th.hidden) live++;
          at += span; cell.hidden = !live; if (live) cell.colSpan = live;
        });
      }
      columnOptions.forEach(function (o) { o.input.checked = !state.hide[o.value]; });
      if (search.value !== state.q) search.value = state.q;
      var narrowed = Object.keys(state.within).length, fewer = Object.keys(state.hide).length;
      if (filterTool) filterTool.toggleAttribute("data-active", narrowed > 0);
      columnTool.toggleAttribute("data-active", fewer > 0);
      reset.hidden = !(state.q || narrowed || fewer || state.sort);
      if (shown) none.remove(); else table.append(none);
      count.textContent = shown === rows.length ? "" : shown + " of " + rows.length + " shown" + (unknown ? "; " + unknown + " left out, a figure is unknown" : "");
      r.measure();
    }
    function write() {
      var parts = [];
      if (state.sort) parts.push("sort=" + encodeURIComponent(state.sort.key) + "." + state.sort.dir.slice(0, -6));
      if (state.q) parts.push("q=" + encodeURIComponent(state.q));
      var hide = Object.keys(state.hide);
      if (hide.length) parts.push("hide=" + hide.map(encodeURIComponent).join(","));
      Object.keys(state.within).forEach(function (key) { parts.push("in." + encodeURIComponent(key) + "=" + encodeURIComponent(state.within[key])); });
      return parts.length ? name(block) + "?" + parts.join("&") : "";
    }
    function read(text) {
      state.q = ""; state.hide = {}; state.within = {}; state.sort = null;
      text.split("&").forEach(function (part) {
        var cut = part.indexOf("="), key = decode(part.slice(0, cut)), value = decode(part.slice(cut + 1));
        var col = function (k) { return cols.filter(function (c) { return c.key === k; })[0]; };
        if (key === "q") state.q = value;
        else if (key === "hide") value.split(",").forEach(function (k) { if (col(k) && col(k).i) state.hide[k] = true; });
        else if (key === "sort") { var dot = value.lastIndexOf("."), k = value.slice(0, dot); if (col(k)) state.sort = { key: k, dir: value.slice(dot + 1) === "desc" ? "descending" : "ascending" }; }
        else if (key.slice(0, 3) === "in." && col(key.slice(3))) state.within[key.slice(3)] = value;
      });
      apply();
    }
    tables.push(view);
  }
  var own = "";
  /** The id of a table on its page; in the offline file the page's is before it. */
  function name(block) { return block.id.replace(/^.*:/, ""); }
  function save() {
    own = tables.map(function (view) { return view.write(); }).filter(Boolean).join(";");
    r.state.set(own);
  }
  function load() {
    var hash = r.state.get();
    if (!tables[0].block.isConnected || (hash === own && hash) || hash.indexOf("?") < 0) return;
    hash.split(";").forEach(function (part, n) {
      var cut = part.indexOf("?");
      tables.forEach(function (view) {
        if (name(view.block) !== part.slice(0, cut)) return;
        view.read(part.slice(cut + 1));
        if (!n) view.block.scrollIntoView();
      });
    });
  }
  r.all(".compare:not(.sbs)").forEach(setup);
  if (tables.length) { load(); addEventListener("hashchange", load); }
  });
  function decode(text) { try { return decodeURIComponent(text); } catch (e) { return ""; } }
})();
