/* The offline file: all pages stand in one document, and one of them is shown. Its address is the
   fragment: #/choose/, with an anchor #/choose/:prices, with state for its scripts #/choose/?c=a,b.
   The other pages are taken out of the document, so that the scripts of a page see that page alone. */
(function () {
  "use strict";
  var d = document, main = d.getElementById("main"), pages = {}, shown = null, byLink = false, places = {}, title = d.body.dataset.title;
  Array.prototype.slice.call(main.querySelectorAll(":scope > .bundle-page")).forEach(function (page) { pages[page.id] = page; page.remove(); });
  var contents = main.querySelector(".bundle-contents");
  contents.remove();

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
  /** The contents beside a page, from those that stand in it for narrow screens. */
  function aside(page) {
    var list = page.querySelector(".toc-inline > ul");
    if (!list || page.querySelector(".toc-column")) return;
    var column = d.createElement("div"), nav = d.createElement("nav"), title = d.createElement("p");
    column.className = "toc-column"; nav.className = "toc"; title.className = "toc-title"; title.textContent = "On this page";
    nav.setAttribute("aria-label", "On this page");
    nav.append(title, list.cloneNode(true)); column.append(nav); page.append(column);
  }
  function mark() {
    Array.prototype.forEach.call(d.querySelectorAll("#site-nav a"), function (link) {
      if (parts(link.hash).page !== shown) { link.removeAttribute("aria-current"); return; }
      link.setAttribute("aria-current", "page");
      for (var above = link.closest("details"); above; above = above.parentNode.closest("details")) above.open = true;
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
      aside(pages[id]);
      d.title = pages[id].dataset.title + (id === "/" ? "" : " · " + title);
      mark();
      var nav = d.getElementById("site-nav");
      if (nav.matches && nav.hidePopover && nav.matches(":popover-open")) nav.hidePopover();
      if (!first) {
        if (!("ready" in pages[id].dataset)) rigbook.enter();
        d.dispatchEvent(new CustomEvent("rigbook-shown"));
        rigbook.say(pages[id].dataset.title);
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
