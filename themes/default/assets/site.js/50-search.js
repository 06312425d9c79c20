/* Opens search: by button, by "/", by Ctrl-K. Its script and index are loaded at the first opening;
   what a reader types until they are there is kept for them. */
(function () {
  "use strict";
  var d = document, body = d.body, loading = false, early = "";
  if (!body.dataset.search) { rigbook.all(".search-open, .search-open-here").forEach(function (b) { b.hidden = true; }); return; }
  function open() {
    if (rigbook.search) return rigbook.search();
    if (loading) return;
    loading = true;
    early = "";
    var script = rigbook.el("script", { src: body.dataset.search });
    script.onload = function () { loading = false; rigbook.search(early); };
    script.onerror = function () { loading = false; rigbook.say("Search could not be loaded"); };
    d.head.append(script);
  }
  function keep(event) {
    if (event.key === "Escape") return;
    if (event.key === "Backspace") early = early.slice(0, -1);
    else if (event.key === "Enter" && early) early += "\n";
    else if (event.key.length === 1) early += event.key;
    else return;
    event.preventDefault();
  }
  rigbook.all(".search-open, .search-open-here").forEach(function (button) { button.addEventListener("click", open); });
  d.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    var slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    var k = (event.key === "k" || event.key === "K") && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if (slash || k) { event.preventDefault(); open(); }
    else if (loading && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) keep(event);
  });
})();
