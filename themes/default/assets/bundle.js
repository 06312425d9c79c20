/* The offline file: all pages stand in one document, and one of them is shown. Its address is the
   fragment: #/choose/, with an anchor #/choose/:prices, with state for its scripts #/choose/?c=a,b.
   The other pages are taken out of the document, so that the scripts of a page see that page alone. */
(function () {
  "use strict";
  var d = document, main = d.getElementById("main"), pages = Object.create(null), shown = null, byLink = false, places = {}, title = d.body.dataset.title;
  Array.prototype.slice.call(main.querySelectorAll(":scope > .bundle-page")).forEach(function (page) { pages[page.id] = page; page.remove(); });
  var contents = main.querySelector(".bundle-contents");
  contents.remove();
  main.classList.add("is-ready");

  function decode(text) { try { return decodeURIComponent(text); } catch (e) { return text; } }
  /** Page, anchor and state of a fragment; no page for what names none. */
  function parts(hash) {
    var raw = hash.replace(/^#/, ""), cut = raw.indexOf("?"), state = "";
    if (cut >= 0) { state = raw.slice(cut + 1); raw = raw.slice(0, cut); }
    var id = decode(raw), colon = id.indexOf(":");
    if (pages[id]) return { page: id, anchor: "", state: state };
    if (colon > 0 && pages[id.slice(0, colon)]) return { page: id.slice(0, colon), anchor: id, state: state };
    return { page: "", anchor: id, state: state };
  }
  /** An element with a class, holding what follows. */
  function el(tag, name) {
    var node = d.createElement(tag);
    if (name) node.className = name;
    for (var i = 2; i < arguments.length; i++) if (arguments[i]) node.append(arguments[i]);
    return node;
  }
  function nav(name, label) {
    var node = el("nav", name);
    node.setAttribute("aria-label", label);
    for (var i = 2; i < arguments.length; i++) if (arguments[i]) node.append(arguments[i]);
    return node;
  }
  function link(id, name) {
    var node = el("a", name);
    node.href = "#" + encodeURI(id);
    for (var i = 2; i < arguments.length; i++) node.append(arguments[i]);
    return node;
  }
  var titleOf = function (id) { return pages[id].getAttribute("aria-label"); };
  /** A page's name where there is little room. */
  var nameOf = function (id) { return pages[id].dataset.name || titleOf(id); };

  /** The headings of a page as links, those of the third level within those of the second. */
  function contentsOf(page) {
    var list = el("ul"), inner = null;
    Array.prototype.forEach.call(page.querySelectorAll(".prose :is(h2, h3)[id]"), function (heading) {
      if (heading.closest(".build, .tabs, .calc, .entry")) return;
      var item = el("li", "", link(heading.id, "", heading.textContent.trim()));
      if (heading.tagName === "H2" || !list.lastChild) { list.append(item); inner = null; return; }
      if (!inner) list.lastChild.append(inner = el("ul"));
      inner.append(item);
    });
    return list.querySelectorAll("li").length > 1 && list;
  }
  /** What leads on from a page, which need not stand in the file for each: the way to it, its contents,
      its neighbours. */
  function lead(id) {
    var page = pages[id], article = page.querySelector("article"), head = page.querySelector(".page-head"), list = contentsOf(page);
    if (!article || !head) return;
    var above = Object.keys(pages).filter(function (other) { return other !== id && other.slice(-1) === "/" && id.indexOf(other) === 0; });
    if (above.length) {
      var crumbs = el("ol");
      above.sort(function (a, b) { return a.length - b.length; }).forEach(function (other) { crumbs.append(el("li", "", link(other, "", nameOf(other)))); });
      head.before(nav("breadcrumbs", "Breadcrumbs", crumbs));
    }
    if (list) {
      head.after(el("details", "toc-inline", el("summary", "", "On this page"), list));
      page.append(el("div", "toc-column", nav("toc", "On this page", el("p", "toc-title", "On this page"), list.cloneNode(true))));
    }
  }
  function neighbours(id) {
    var order = Object.keys(pages).filter(function (other) { return !("apart" in pages[other].dataset); }), at = order.indexOf(id);
    var beside = function (other, rel, label) {
      if (!other) return null;
      var node = link(other, "pager-" + rel, el("span", "pager-label", label), el("span", "pager-title", nameOf(other)));
      node.rel = rel;
      return node;
    };
    if (at < 0 || order.length < 2) return;
    var end = pages[id].querySelector(".page-end");
    if (end) end.append(nav("pager", "Neighbouring pages", beside(order[at - 1], "prev", "Previous"), beside(order[at + 1], "next", "Next")));
  }
  function mark() {
    Array.prototype.forEach.call(d.querySelectorAll("#site-nav a"), function (link) {
      if (parts(link.hash).page !== shown) { link.removeAttribute("aria-current"); return; }
      link.setAttribute("aria-current", "page");
      for (var above = link.closest("details"); above; above = above.parentNode.closest("details")) above.open = true;
    });
  }
  /** Puts a page's charts for narrow windows, which stand deflated in the file, beside the wide ones. */
  function charts(page) {
    var store = page.querySelector(".charts-packed");
    if (!store) return;
    store.remove();
    rigbookBundle.inflate(store.textContent).then(function (drawings) {
      Array.prototype.forEach.call(page.querySelectorAll(".chart-two"), function (frame, i) { frame.insertAdjacentHTML("beforeend", drawings[i]); });
    });
  }
  function show(first) {
    var to = parts(location.hash);
    if (!to.page && shown) { if (to.anchor === "main") main.focus(); return; }
    var id = to.page || "/";
    if (!pages[id]) id = Object.keys(pages)[0];
    if (id !== shown) {
      if (shown) pages[shown].remove();
      Array.prototype.forEach.call(d.querySelectorAll(".tray"), function (tray) { tray.remove(); });
      shown = id;
      main.append(pages[id]);
      if (!("ready" in pages[id].dataset)) { lead(id); neighbours(id); charts(pages[id]); }
      d.title = titleOf(id) + (id === "/" ? "" : " · " + title);
      mark();
      var nav = d.getElementById("site-nav");
      if (nav.matches && nav.hidePopover && nav.matches(":popover-open")) nav.hidePopover();
      if (!first) {
        if (!("ready" in pages[id].dataset)) rigbook.enter();
        d.dispatchEvent(new CustomEvent("rigbook-shown"));
        rigbook.say(titleOf(id));
        main.focus({ preventScroll: true });
      }
      pages[id].dataset.ready = "";
    }
    var target = to.anchor && d.getElementById(to.anchor);
    if (target) {
      for (var box = target.closest("details"); box; box = box.parentNode.closest("details")) box.open = true;
      target.scrollIntoView();
    } else if (!first) scrollTo(0, byLink ? 0 : places[location.hash] || 0);
    byLink = false;
  }

  // Downloads stand in the file deflated, together.
  var files = null, store = d.getElementById("downloads");
  d.addEventListener("click", function (event) {
    var item = event.target.closest && event.target.closest("a[data-file]");
    if (!item) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    files = files || rigbookBundle.inflate(store.textContent);
    files.then(function (all) {
      var path = item.dataset.file, blob = new Blob([all[path]], { type: /\.json$/.test(path) ? "application/json" : "text/csv" });
      var save = d.createElement("a");
      save.href = URL.createObjectURL(blob);
      save.download = path.split("/").pop();
      save.click();
      setTimeout(function () { URL.revokeObjectURL(save.href); }, 10000);
    });
  }, true);

  var last = location.hash;
  addEventListener("scroll", function () { places[last] = scrollY; }, { passive: true });
  d.addEventListener("click", function (event) { if (event.target.closest && event.target.closest("a[href^='#']")) byLink = true; });
  addEventListener("hashchange", function () { last = location.hash; show(false); });
  if ("scrollRestoration" in history) history.scrollRestoration = "manual";

  var all = d.querySelector(".bundle-print button");
  if (all) all.addEventListener("click", function () {
    d.documentElement.classList.add("print-all");
    main.append(contents);
    Object.keys(pages).forEach(function (id) { main.append(pages[id]); });
    addEventListener("afterprint", function () {
      d.documentElement.classList.remove("print-all");
      contents.remove();
      Object.keys(pages).forEach(function (id) { if (id !== shown) pages[id].remove(); });
    }, { once: true });
    print();
  });

  window.rigbookBundle = {
    /** The text of a page from a heading to the next, or from its top; without tables and drawings. */
    text: function (address, anchor) {
      var page = pages["/" + decode(address)], out = "", from = !anchor;
      if (!page) return out;
      var article = page.querySelector("article") || page, skip = ".breadcrumbs, .page-head, .toc-inline, .page-end, .compare, .calc, figure, pre, script, .figure-note, .hero-figures, p.vh";
      var walker = d.createTreeWalker(article, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, function (node) {
        return node.nodeType === 1 && node.matches(skip) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
      });
      for (var node = walker.nextNode(); node && out.length < 2000; node = walker.nextNode()) {
        if (node.nodeType === 3) { if (from && !node.parentNode.closest("h2, h3, h4")) out += node.data; continue; }
        if (/^H[2-4]$/.test(node.tagName) && node.id) { if (from) break; from = node.id === page.id + ":" + anchor; }
        else if (from && (/^(P|LI|DT|DD|H\d)$/.test(node.tagName) || node.parentNode.tagName === "DT")) out += " ";
      }
      return out.replace(/[ \t\n]+/g, " ").trim();
    },
    /** The value of a JSON text that was deflated and written in base64. */
    inflate: function (text) {
      var raw = atob(text.trim()), bytes = new Uint8Array(raw.length);
      for (var i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
      return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).json();
    },
    /** The fragment of a page by its address in the edition. */
    link: function (address, anchor) { return "#/" + encodeURI(address) + (anchor ? ":" + encodeURIComponent(anchor) : ""); },
    state: {
      get: function () { return parts(location.hash).state; },
      set: function (own) {
        try { history.replaceState(null, "", "#" + encodeURI(shown) + (own ? "?" + own : "")); } catch (e) { /* the state still stands on the page */ }
        last = location.hash;
      },
      url: function (own) { return location.href.split("#")[0] + "#" + encodeURI(shown) + (own ? "?" + own : ""); }
    }
  };
  show(true);
})();
