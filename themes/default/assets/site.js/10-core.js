/* What every page needs: theme, menus, copy buttons, anchors, tabs, scrolling frames, contents.
   Other parts take their helpers from "rigbook". Nothing here is needed to read a page. */
(function () {
  "use strict";
  var d = document, root = d.documentElement;
  var all = function (sel, from) { return Array.prototype.slice.call((from || d).querySelectorAll(sel)); };

  /** An element: attributes by name, "on…" as listeners, children as nodes or text. */
  function el(tag, attrs) {
    var node = d.createElement(tag);
    for (var key in attrs || {}) {
      var value = attrs[key];
      if (key.slice(0, 2) === "on") node.addEventListener(key.slice(2), value);
      else if (key === "text") node.textContent = value;
      else if (value === true) node.setAttribute(key, "");
      else if (value !== false && value != null) node.setAttribute(key, value);
    }
    for (var i = 2; i < arguments.length; i++) if (arguments[i] != null) node.append(arguments[i]);
    return node;
  }
  var icon = function (name) { return el("span", { class: "icon icon-" + name }); };
  var store = {
    get: function (key) { try { return localStorage.getItem("rigbook-" + key); } catch (e) { return null; } },
    set: function (key, value) {
      try { if (value == null) localStorage.removeItem("rigbook-" + key); else localStorage.setItem("rigbook-" + key, value); } catch (e) { /* private mode: lasts as long as the page */ }
    }
  };
  var status = el("div", { role: "status", "aria-live": "polite", class: "vh" });
  d.body.append(status);
  function say(text) { status.textContent = ""; setTimeout(function () { status.textContent = text; }, 50); }
  /** Copies a text; `label`, a button's piece of text, says so for a moment. */
  function copy(text, label) {
    var ok = function () {
      say("Copied");
      if (!label || label.data === "Copied") return;
      var was = label.data, button = label.parentElement.closest("button, summary");
      button.style.minWidth = button.offsetWidth + "px";
      label.data = "Copied";
      setTimeout(function () { label.data = was; button.style.minWidth = ""; }, 1600);
    };
    if (navigator.clipboard && isSecureContext) navigator.clipboard.writeText(text).then(ok, function () { legacy(); });
    else legacy();
    function legacy() {
      var area = el("textarea", { class: "vh", readonly: true });
      area.value = text; d.body.append(area); area.select();
      try { if (d.execCommand("copy")) ok(); } finally { area.remove(); }
    }
  }
  // What stands in the address for scripts to read: the fragment. In the offline file the fragment names
  // the page too, and "rigbookBundle" knows where the state is in it.
  var state = window.rigbookBundle ? rigbookBundle.state : {
    get: function () { return location.hash.slice(1); },
    set: function (own) {
      try { history.replaceState(null, "", own ? "#" + own : location.pathname + location.search); } catch (e) { location.hash = own; }
    },
    url: function (own) { return location.href.split("#")[0] + (own ? "#" + own : ""); }
  };
  // Set-ups of what a page holds. Each runs once, and in the offline file once for each page when it is
  // first shown; only that page is in the document then.
  var setups = [];
  function page(setup) { setups.push(setup); setup(); }
  function enter() { setups.forEach(function (setup) { setup(); }); }
  window.rigbook = { all: all, el: el, icon: icon, store: store, say: say, copy: copy, state: state, page: page, enter: enter, edition: d.body.dataset.edition || "" };

  // Theme: automatic, light, dark.
  var themes = ["automatic", "light", "dark"];
  all(".theme-toggle").forEach(function (button) {
    function show() { button.setAttribute("aria-label", "Theme: " + (root.dataset.theme || "automatic")); }
    button.addEventListener("click", function () {
      var next = themes[(themes.indexOf(root.dataset.theme || "automatic") + 1) % 3];
      if (next === "automatic") delete root.dataset.theme; else root.dataset.theme = next;
      store.set("theme", next === "automatic" ? null : next);
      show(); say("Theme: " + next);
    });
    show();
  });

  // Menus and tool panels close on Escape and on a click elsewhere.
  var menus = "details.menu[open], details.tool[open]";
  d.addEventListener("click", function (event) {
    all(menus).forEach(function (menu) { if (!menu.contains(event.target)) menu.open = false; });
  });
  d.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    all(menus).forEach(function (menu) {
      menu.open = false;
      if (menu.contains(d.activeElement)) menu.querySelector("summary").focus();
    });
  });
  var nav = d.getElementById("site-nav");
  var here = nav && nav.querySelector("[aria-current=page]");
  function reveal() {
    if (!here || nav.scrollHeight <= nav.clientHeight) return;
    nav.scrollTop += here.getBoundingClientRect().top - nav.getBoundingClientRect().top - nav.clientHeight / 2;
  }
  if (here) { requestAnimationFrame(reveal); nav.addEventListener("toggle", reveal); }

  page(function () {
  // Copy buttons.
  all(".code").forEach(function (block) {
    var head = block.querySelector(".code-head");
    if (!head) { head = el("div", { class: "code-head code-head-bare" }); block.prepend(head); }
    var label = el("span", { text: "Copy" });
    head.append(el("button", { type: "button", class: "code-copy", onclick: function () {
      copy(block.querySelector("code").textContent.replace(/\n$/, ""), label.firstChild);
    } }, icon("copy"), label));
  });

  // Anchors of headings.
  all(".prose :is(h2, h3, h4)[id]").forEach(function (heading) {
    if (heading.closest(".build, .tabs")) return;
    heading.append(el("a", { class: "anchor", href: "#" + heading.id, "aria-label": "Link to “" + heading.textContent.trim() + "”" }));
  });

  // Lists of things to do can be ticked off; what is ticked stays on this device.
  var boxes = all(".prose :is(li, li > p) > input[type=checkbox]"), ticked = {};
  if (boxes.length) {
    var sheet = boxes[0].closest(".bundle-page"), key = "ticked:" + location.pathname + (sheet ? sheet.id : "");
    try { ticked = JSON.parse(store.get(key)); } catch (e) { /* as the page has them */ }
    if (!ticked || typeof ticked !== "object") ticked = {};
  }
  boxes.forEach(function (box) {
    var text = box.closest("li").textContent.trim().slice(0, 120);
    box.disabled = false;
    box.setAttribute("aria-label", text);
    if (typeof ticked[text] === "boolean") box.checked = ticked[text];
    box.addEventListener("change", function () { ticked[text] = box.checked; store.set(key, JSON.stringify(ticked)); });
  });

  // Tabs. Groups with the same labels move together.
  all(".tabs").forEach(function (group, n) {
    var panels = all(":scope > .tab", group);
    var names = panels.map(function (panel) { return panel.querySelector(".tab-title").textContent; });
    var list = el("div", { class: "tab-list", role: "tablist", "aria-label": "Choose one" });
    function select(i, focus) {
      panels.forEach(function (panel, j) {
        panel.hidden = j !== i;
        buttons[j].setAttribute("aria-selected", j === i);
        buttons[j].tabIndex = j === i ? 0 : -1;
      });
      if (focus) buttons[i].focus();
    }
    var buttons = panels.map(function (panel, i) {
      panel.id = panel.id || "tab-" + n + "-" + i;
      panel.setAttribute("role", "tabpanel"); panel.setAttribute("aria-labelledby", panel.id + "-tab");
      var button = el("button", { type: "button", role: "tab", id: panel.id + "-tab", "aria-controls": panel.id, text: names[i],
        onclick: function () {
          d.dispatchEvent(new CustomEvent("rigbook-tab", { detail: names[i] }));
          store.set("tab", names[i]);
        },
        onkeydown: function (event) {
          var step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (event.key === "Home") select(0, true);
          else if (event.key === "End") select(panels.length - 1, true);
          else if (step) select((i + step + panels.length) % panels.length, true);
          else return;
          event.preventDefault();
        } });
      list.append(button);
      return button;
    });
    if (!panels.length) return;
    d.addEventListener("rigbook-tab", function (event) { var i = names.indexOf(event.detail); if (i >= 0) select(i); });
    group.prepend(list);
    group.dataset.ready = "";
    select(Math.max(0, names.indexOf(store.get("tab"))));
  });
  });

  // Frames that overflow can be scrolled by keyboard and have a name.
  var frames = [], used = {};
  function name(frame) {
    var title = frame.querySelector("caption") || (frame.closest("figure") || frame).querySelector("figcaption, .chart-title") || frame.parentNode.querySelector(".code-title");
    var text = title ? title.textContent.trim() : "";
    if (!text) {
      var heading = all("h1, h2, h3, h4").filter(function (h) { return h.compareDocumentPosition(frame) & 4; }).pop();
      text = (frame.tagName === "PRE" ? "Code: " : "Table: ") + (heading ? heading.textContent.trim() : d.title);
    }
    used[text] = (used[text] || 0) + 1;
    return used[text] > 1 ? text + " (" + used[text] + ")" : text;
  }
  function measure() {
    var overs = frames.map(function (frame) { return frame.scrollWidth > frame.clientWidth + 1 || frame.scrollHeight > frame.clientHeight + 1; });
    frames.forEach(function (frame, i) {
      var over = overs[i];
      if (over && !frame.hasAttribute("role")) { frame.setAttribute("role", "region"); frame.setAttribute("aria-label", frame.dataset.name = frame.dataset.name || name(frame)); frame.tabIndex = 0; }
      else if (!over && frame.dataset.name) { frame.removeAttribute("role"); frame.removeAttribute("aria-label"); frame.removeAttribute("tabindex"); }
    });
  }
  var queued = false;
  function later() { if (!queued) { queued = true; requestAnimationFrame(function () { queued = false; measure(); }); } }
  rigbook.measure = later;
  var watch = window.ResizeObserver && new ResizeObserver(later);
  function frame() {
    frames = all(".table-scroll, .diagram-scroll, .chart-scroll, .code pre, .prose > pre");
    if (watch) frames.forEach(function (f) { watch.observe(f); });
  }
  // A drawing that runs downwards and is wider than its frame shows where it starts.
  function start() {
    frames.forEach(function (f) {
      var svg = f.querySelector("svg.dg"), box = svg && svg.viewBox.baseVal, top = null;
      if (!svg || f.dataset.start || f.scrollWidth <= f.clientWidth + 1) return;
      f.dataset.start = "";
      if (box.width > 2 * box.height) return;
      all("text", svg).forEach(function (text) { var at = text.getBoundingClientRect(); if (!top || at.top < top.top) top = at; });
      f.scrollLeft = top ? top.left + top.width / 2 - f.getBoundingClientRect().left - f.clientWidth / 2 : 0;
    });
  }
  page(function () { frame(); requestAnimationFrame(start); });
  d.addEventListener("rigbook-shown", function () { frame(); later(); requestAnimationFrame(start); });
  d.addEventListener("toggle", later, true);

  // Contents: mark the heading that is being read.
  var links, targets;
  function contents() {
    links = all(".toc a");
    targets = links.map(function (link) { return d.getElementById(decodeURIComponent(link.hash.slice(1))); });
    if (links.length) requestAnimationFrame(spy);
  }
  var due = false;
  function spy() {
    due = false;
    var edge = innerHeight * 0.28, now = -1;
    if (scrollY + innerHeight > d.documentElement.scrollHeight - 4) edge = innerHeight;
    targets.forEach(function (target, i) { if (target && target.getBoundingClientRect().top <= edge) now = i; });
    links.forEach(function (link, i) {
      if (i === now) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    });
    if (now >= 0) {
      var box = links[now].closest(".toc"), top = links[now].offsetTop;
      if (top < box.scrollTop || top > box.scrollTop + box.clientHeight - 40) box.scrollTop = top - box.clientHeight / 2;
    }
  }
  addEventListener("scroll", function () { if (links.length && !due) { due = true; requestAnimationFrame(spy); } }, { passive: true });
  page(contents);
  d.addEventListener("rigbook-shown", contents);
})();
