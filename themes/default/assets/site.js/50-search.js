/* Opens search: by button, by `/`, by Ctrl-K. Its script and index are loaded at the first opening. */
(function () {
  "use strict";
  var d = document, body = d.body, loading = false;
  if (!body.dataset.search) { rigbook.all(".search-open, .search-open-here").forEach(function (b) { b.hidden = true; }); return; }
  function open() {
    if (rigbook.search) return rigbook.search();
    if (loading) return;
    loading = true;
    var script = rigbook.el("script", { src: body.dataset.search });
    script.onload = function () { rigbook.search(); };
    script.onerror = function () { loading = false; rigbook.say("Search could not be loaded"); };
    d.head.append(script);
  }
  rigbook.all(".search-open, .search-open-here").forEach(function (button) { button.addEventListener("click", open); });
  d.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    var slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    var k = (event.key === "k" || event.key === "K") && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if (slash || k) { event.preventDefault(); open(); }
  });
})();
