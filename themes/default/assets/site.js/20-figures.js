/* Figures: a note with source and date on hover, focus and first tap; marks of stale ones.
   Age is judged here, by the reader's clock, never in the pages. */
(function () {
  "use strict";
  var d = document, r = rigbook, DAY = 864e5, now = Date.now();

  function days(date) { var t = Date.parse(date); return isNaN(t) ? null : Math.floor((now - t) / DAY); }
  function ago(n) { return n < 60 ? n + " days" : n < 730 ? Math.round(n / 30.44) + " months" : (n / 365.25).toFixed(1).replace(".0", "") + " years"; }
  /** A data attribute of a figure: its own, its column's, or its table's. */
  function given(node, key) {
    if (node.dataset[key] != null) return node.dataset[key];
    if (node.tagName !== "TD") return null;
    var table = node.closest("table"), head = table.tHead && table.tHead.rows[table.tHead.rows.length - 1].cells[node.cellIndex];
    var row = node.parentNode;
    return (head && head.dataset[key]) || row.dataset[key] || table.dataset[key] || null;
  }
  function staleness(node) {
    var max = given(node, "maxAge"), asOf = given(node, "asOf");
    if (!max || !asOf) return null;
    var age = days(asOf);
    return age != null && age > +max ? "Now " + ago(age) + " old; this kind of figure is good for " + ago(+max) + "." : null;
  }

  r.page(function () {
  r.all(".figure[data-as-of], dd[data-as-of], .compare td[data-v]").forEach(function (node) {
    if (!staleness(node)) return;
    node.classList.add("is-stale");
    if (node.tagName !== "TD") node.append(r.el("span", { class: "vh", text: " (may be out of date)" }));
  });
  r.all(".compare").forEach(function (block) {
    var n = block.querySelectorAll("td.is-stale").length, notes = block.querySelector(".table-notes");
    if (n && notes) notes.prepend(r.el("p", { class: "stale-line" }, r.el("span", { class: "is-stale", text: "Underlined" }), " figures (" + n + ") are older than they should be; look them up before you buy."));
  });
  });

  var note = r.el("div", { class: "figure-note", id: "figure-note", role: "tooltip", popover: "manual" });
  if (!note.showPopover) return;
  d.body.append(note);
  var owner = null, timer = 0, tapped = null;

  function fill(node) {
    note.textContent = "";
    if (node.title) { node.dataset.note = node.title; node.removeAttribute("title"); }
    var lines = (node.dataset.note || "").split("\n");
    if (node.tagName === "TD") {
      var table = node.closest("table"), sbs = table.closest(".sbs");
      var row = node.parentNode.querySelector("th"), head = table.tHead.rows[table.tHead.rows.length - 1].cells[node.cellIndex];
      var a = row.querySelector("a") || row, b = head.querySelector(".label, a") || head;
      var source = given(node, "source"), asOf = given(node, "asOf");
      lines = [(sbs ? b : a).textContent.trim() + ", " + (sbs ? a : b).textContent.trim(), [source, asOf].filter(Boolean).join(", ")];
      if (!lines[1]) return false;
    }
    if (!lines[0]) return false;
    note.append(r.el("b", { text: lines[0] }), lines.slice(1).join("\n"));
    var old = staleness(node);
    if (old) note.append(r.el("span", { class: "stale-line", text: old }));
    return true;
  }
  function show(node) {
    clearTimeout(timer);
    if (owner === node) return;
    hide();
    if (!fill(node)) return;
    owner = node;
    if (node.tagName === "A") node.setAttribute("aria-describedby", "figure-note");
    note.showPopover();
    var box = node.getBoundingClientRect(), w = note.offsetWidth, h = note.offsetHeight;
    var under = box.bottom + 8 + h < innerHeight || box.top - 8 - h < 0;
    note.style.left = Math.max(8, Math.min(box.left, innerWidth - w - 8)) + "px";
    note.style.top = (under ? box.bottom + 8 : box.top - 8 - h) + "px";
  }
  function hide() {
    clearTimeout(timer);
    if (!owner) return;
    owner.removeAttribute("aria-describedby");
    owner = null;
    note.hidePopover();
  }
  function find(event) { return event.target.closest && event.target.closest("a.figure, .compare td[data-v]"); }
  d.addEventListener("pointerover", function (event) {
    if (event.pointerType === "touch") return;
    var node = find(event);
    if (node && node !== owner) { clearTimeout(timer); timer = setTimeout(show, node.tagName === "TD" ? 450 : 120, node); }
    else if (!node && !note.contains(event.target)) { clearTimeout(timer); timer = setTimeout(hide, 180); }
    else clearTimeout(timer);
  });
  d.addEventListener("focusin", function (event) { var node = find(event); if (node) show(node); else hide(); });
  d.addEventListener("pointerdown", function (event) {
    tapped = null;
    var node = find(event);
    if (event.pointerType === "touch" && node && owner !== node) tapped = node;
    else if (!node) hide();
  });
  d.addEventListener("click", function (event) {
    var node = find(event);
    if (!node) return;
    if (node.tagName === "TD" || node === tapped) { if (node === tapped && node.tagName === "A") event.preventDefault(); show(node); }
  });
  d.addEventListener("keydown", function (event) { if (event.key === "Escape") hide(); });
  addEventListener("scroll", hide, { passive: true, capture: true });
})();
