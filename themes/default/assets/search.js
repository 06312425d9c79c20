/* Search: an inverted index made at build time, a dialog, and the ranking. Loaded at the first opening.
   The index is of classic scripts, so that it loads from disk too: one calls rigbookSearch({docs, chunk,
   parts}), as many as it has parts call rigbookTerms(number, {entries, terms, posts}), and others have the
   texts for excerpts, a few pages each; README.md, section 5, fixes their format and how text becomes terms. */
(function () {
  "use strict";
  var d = document, r = rigbook, el = r.el, english = /^en/i.test(d.documentElement.lang);
  /** Least weight of a term that is in the title. */
  var TITLE = 8;
  var index = null, failed = false, entered = false, rootUrl = d.body.dataset.root || "./";
  var TOKEN = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|(?:(?![\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])[\p{Alphabetic}\p{N}]|(?<=[0-9])\.(?=[0-9]))+/gu;

  function fold(text) { return text.normalize("NFKD").replace(/\p{M}+/gu, "").normalize("NFC").toLowerCase(); }
  function tokens(text) { return (fold(text).replace(/([0-9]),(?=[0-9]{3}(?![0-9]))/g, "$1").match(TOKEN) || []).filter(function (t) { return t.length <= 40; }); }
  /** A light English stem: enough to bring together cool, cools, cooled, cooler and cooling. */
  function stem(word) {
    if (!english || word.length < 4 || /[0-9]/.test(word)) return word;
    var cut = function (re, put) { var next = word.replace(re, put); if (next.length >= 3) word = next; };
    cut(/(ies|ied)$/, "y");
    cut(/([^s])s$/, "$1");
    cut(/(ations?|ating|ators?|ated|ate)$/, "at");
    cut(/(ing|edly|ed|ers?|ors?|ly|ment)$/, "");
    cut(/([b-df-hj-km-np-rt-vx-z])\1$/, "$1");
    cut(/[ey]$/, "");
    return word;
  }
  /** Edits between two words (a swap of neighbours counts as one), or more than "max". */
  function distance(a, b, max) {
    if (Math.abs(a.length - b.length) > max) return max + 1;
    var before = [], last = [], row = [];
    for (var j = 0; j <= b.length; j++) last[j] = j;
    for (var i = 1; i <= a.length; i++) {
      row = [i];
      var low = i;
      for (j = 1; j <= b.length; j++) {
        var same = a[i - 1] === b[j - 1] ? 0 : 1;
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
        if (row[j] < low) low = row[j];
      }
      if (low > max) return max + 1;
      before = last; last = row;
    }
    return last[b.length];
  }

  // Texts of chunks that are there, and who waits for others, by the chunk's number.
  var texts = {}, waiting = {};
  window.rigbookTexts = function (chunk, list) {
    texts[chunk] = list;
    (waiting[chunk] || []).forEach(function (tell) { tell(); });
    delete waiting[chunk];
  };
  /** Calls "done" with the text of an entry, at once or when it is there. In the offline file it stands in the page. */
  function withText(e, done) {
    var entry = index.entries[e], chunk = Math.floor(entry[0] / index.chunk);
    if (window.rigbookBundle) return done(rigbookBundle.text(index.docs[entry[0]][1], entry[2]).slice(0, 1000));
    function found() { done(texts[chunk][e - index.firsts[chunk]] || ""); }
    if (texts[chunk]) return found();
    if (waiting[chunk]) return waiting[chunk].push(found);
    waiting[chunk] = [found];
    load("/texts-" + chunk, function () { delete waiting[chunk]; });
  }
  /** Loads a script of the index, "" the first; "fail" is called where that can't be. */
  function load(name, fail) {
    var script = el("script", { src: d.body.dataset.searchIndex.replace(/\.js$/, name + ".js") });
    script.onerror = function () { script.remove(); fail(); };
    d.head.append(script);
  }

  // The list of pages and the parts of the index that are there, until all are.
  var coming = null, asked = false;
  function lost() { failed = true; asked = false; update(); }
  window.rigbookSearch = function (data) {
    coming = { data: data, parts: [], left: data.parts };
    if (!data.parts) join(data, []);
    for (var i = 0; i < data.parts; i++) load("/terms-" + i, lost);
  };
  window.rigbookTerms = function (number, part) {
    if (coming.parts[number]) return;
    coming.parts[number] = part;
    if (!--coming.left) join(coming.data, coming.parts);
  };
  /** Makes one index of its parts. A term's row has a piece of each part that has it: the number of the
      part's first entry, and the posts. */
  function join(data, parts) {
    var at = new Map();
    data.list = []; data.rows = []; data.entries = [];
    parts.forEach(function (part) {
      var first = data.entries.length, posts = part.posts.split("|");
      data.entries = data.entries.concat(part.entries);
      if (part.terms) part.terms.split(" ").forEach(function (term, i) {
        var n = at.get(term);
        if (n === undefined) { at.set(term, n = data.list.length); data.list.push(term); data.rows.push([]); }
        data.rows[n].push([first, posts[i]]);
      });
    });
    data.stems = data.list.map(stem);
    data.mean = data.entries.reduce(function (sum, e) { return sum + e[3]; }, 0) / (data.entries.length || 1) || 1;
    data.firsts = {};
    data.entries.forEach(function (e, i) { var chunk = Math.floor(e[0] / data.chunk); if (!(chunk in data.firsts)) data.firsts[chunk] = i; });
    index = data;
    update();
    if (entered && options.length) options[0].click();
    entered = false;
  }

  /** Terms of the index that a word may mean, each with a weight. */
  function meant(word, open) {
    var found = [], own = stem(word), digits = /[0-9]/.test(word), exact = false;
    index.list.forEach(function (term, i) {
      if (term === word) { found.push([i, 1]); exact = true; }
      else if (index.stems[i] === own) found.push([i, 0.8]);
      else if (word.length > 1 && term.startsWith(word)) found.push([i, (open ? 0.75 : 0.5) * (0.4 + 0.6 * word.length / term.length)]);
    });
    if (exact || digits || word.length < 4) return found;
    var max = word.length < 8 ? 1 : 2, strong = found.length > 0;
    index.list.forEach(function (term, i) {
      if (/[0-9]/.test(term)) return;
      var n = distance(word, term, max), w = n > max ? 0 : n === 1 ? 0.5 : 0.32;
      // The beginning of a word, with one slip in it.
      if (!w && !strong && word.length > 4 && distance(word, term.slice(0, word.length), 1) <= 1) w = 0.2;
      if (w && !found.some(function (f) { return f[0] === i; })) found.push([i, strong ? w * 0.4 : w]);
    });
    return found;
  }
  function search(query) {
    var words = tokens(query).slice(0, 8), n = index.entries.length, open = !/\s$/.test(query), hit = {}, sure = {};
    words = words.filter(function (w, i) { return words.indexOf(w) === i; });
    var scores = words.map(function (word, at) {
      var candidates = meant(word, open && at === words.length - 1), score = {};
      // "rtx4090" is written "RTX 4090", "hx 1500i" is written "HX1500i"
      if (!candidates.length) (word.match(/[0-9.]+|[^0-9.]+/g) || []).forEach(function (part) { if (part !== word) candidates = candidates.concat(meant(part, false).filter(function (c) { return c[1] === 1; })); });
      if (words[at + 1]) index.list.forEach(function (term, i) { if (term === word + words[at + 1]) candidates.push([i, 1]); });
      if (at) index.list.forEach(function (term, i) { if (term === words[at - 1] + word) candidates.push([i, 1]); });
      // A form that is seldom written says no more than the word that is meant.
      var best = Math.max.apply(null, candidates.map(function (c) { return c[1]; })), most = Infinity;
      function rarity(c) { return Math.log(1 + n / index.rows[c[0]].reduce(function (sum, piece) { return sum + (piece[1].match(/ /g).length + 1) / 2; }, 0)); }
      candidates.forEach(function (c) { if (c[1] === best) most = Math.min(most, rarity(c)); });
      candidates.forEach(function (c) {
        var rare = Math.min(most, rarity(c)), own = index.stems[c[0]];
        hit[index.list[c[0]]] = true;
        sure[own] = Math.max(sure[own] || 0, c[1]);
        index.rows[c[0]].forEach(function (piece) {
          var numbers = piece[1].split(" "), e = piece[0];
          for (var k = 0; k < numbers.length; k += 2) {
            e += +numbers[k];
            var tf = +numbers[k + 1], size = 0.6 + 0.4 * index.entries[e][3] / index.mean;
            score[e] = Math.max(score[e] || 0, c[1] * rare * tf * 2.2 / (tf + 1.2 * size));
            if (tf >= TITLE && index.entries[e][1] === "") score[e] *= 1.35;
          }
        });
      });
      return score;
    });
    var lead = {}, docs = {};
    index.entries.forEach(function (entry, e) { if (!(entry[0] in lead)) lead[entry[0]] = e; });
    var touched = {};
    scores.forEach(function (score) { for (var e in score) touched[e] = true; });
    Object.keys(touched).forEach(function (e) {
      var doc = index.entries[e][0], sum = 0, matched = 0;
      scores.forEach(function (score) {
        var value = Math.max(score[e] || 0, 0.6 * (score[lead[doc]] || 0));
        if (value) matched++;
        sum += value;
      });
      sum *= Math.pow(matched / words.length, 2);
      var group = docs[doc] = docs[doc] || { doc: +doc, score: 0, entries: [] };
      group.entries.push({ e: +e, score: sum });
    });
    return { hit: hit, groups: Object.keys(docs).map(function (key) {
      var group = docs[key];
      group.entries.sort(function (a, b) { return b.score - a.score || a.e - b.e; });
      // A page whose title or address is what was asked for comes before those that say more.
      var doc = index.docs[group.doc], covered = Math.max.apply(null, [doc[0], decodeURI(doc[1]).split("/").slice(-2)[0]].map(function (name) {
        var own = tokens(name || "").map(stem);
        return own.reduce(function (sum, t) { return sum + (sure[t] || 0); }, 0) / (own.length || 1);
      }));
      group.score = group.entries[0].score * (1 + 0.8 * covered) + 0.08 * group.entries.slice(1, 4).reduce(function (sum, x) { return sum + x.score; }, 0);
      return group;
    }).sort(function (a, b) { return b.score - a.score || a.doc - b.doc; }).slice(0, 8) };
  }

  /** Text with the words that matched marked; around the first of them when it is long. */
  function marked(text, hit, room) {
    var out = d.createDocumentFragment(), words = [], re = /[\p{L}\p{N}][\p{L}\p{N}.,]*/gu, m;
    while ((m = re.exec(text)) && m.index < 4000) if (tokens(m[0]).some(function (t) { return hit[t]; })) words.push(m);
    var from = 0;
    if (room && text.length > room) {
      from = words.length ? Math.max(0, words[0].index - 40) : 0;
      if (from) from = text.indexOf(" ", from) + 1;
      if (from) out.append("… ");
    }
    var end = room && text.length > from + room ? Math.max(text.lastIndexOf(" ", from + room), from + room - 30) : text.length, at = from;
    words.forEach(function (w) {
      if (w.index < at || w.index + w[0].length > end) return;
      out.append(text.slice(at, w.index), el("mark", { text: w[0] }));
      at = w.index + w[0].length;
    });
    out.append(text.slice(at, end) + (end < text.length ? " …" : ""));
    return out;
  }

  /** From disk a folder's address shows its listing, so its page is named; in the offline file all pages are one. */
  function address(url, anchor) {
    if (window.rigbookBundle) return rigbookBundle.link(url, anchor);
    return rootUrl + url + (location.protocol === "file:" && /(^|\/)$/.test(url) ? "index.html" : "") + (anchor ? "#" + anchor : "");
  }

  // The dialog
  var options = [], active = -1, timer = 0;
  var list = el("div", { class: "search-results", id: "search-results", role: "listbox", "aria-label": "Results" });
  var hint = el("p", { class: "search-hint", role: "status" });
  var input = el("input", { type: "search", class: "search-input", placeholder: "Search pages, parts and figures", "aria-label": "Search", role: "combobox", "aria-expanded": "false", "aria-controls": "search-results", "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false",
    oninput: function () { entered = false; clearTimeout(timer); timer = setTimeout(update, 40); },
    onkeydown: function (event) {
      var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      // Otherwise the first press would only empty the field; and the field would keep the focus, and take the
      // next "/", until the page is drawn again.
      if (event.key === "Escape") { event.preventDefault(); input.blur(); dialog.close(); }
      else if (step && options.length) { event.preventDefault(); choose((active + step + options.length) % options.length); }
      else if (event.key === "Enter") { clearTimeout(timer); update(true); entered = !index; if (options[active]) { event.preventDefault(); options[active].click(); } }
    } });
  var dialog = el("dialog", { class: "search-dialog", "aria-label": "Search", onclick: function (event) { if (event.target === dialog) dialog.close(); } },
    el("div", { class: "search-box" },
      el("div", { class: "search-head" }, r.icon("search"), input, el("button", { type: "button", class: "search-close", onclick: function () { dialog.close(); } }, el("kbd", { text: "Esc" }), el("span", { class: "vh", text: "Close search" }))),
      hint, list,
      el("p", { class: "search-keys", "aria-hidden": "true" }, el("span", {}, el("kbd", { text: "↑" }), el("kbd", { text: "↓" }), " move"), el("span", {}, el("kbd", { text: "↵" }), " open"))));
  d.body.append(dialog);

  function choose(i) {
    if (options[active]) options[active].setAttribute("aria-selected", "false");
    active = i;
    options[i].setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", options[i].id);
    options[i].scrollIntoView({ block: "nearest" });
  }
  function option(href, cls) {
    var node = el("a", { role: "option", tabindex: "-1", "aria-selected": "false", id: "search-option-" + options.length, href: href, class: "search-option " + cls, onclick: function () { dialog.close(); } });
    options.push(node);
    list.append(node);
    return node;
  }
  function excerpt(e, hit) {
    var node = el("span", { class: "search-text" });
    withText(e, function (text) { node.append(marked(text, hit, 130)); });
    return node;
  }
  var shown = null;
  function update(keep) {
    var query = input.value;
    if (keep === true && shown === query && index) return;
    shown = query;
    list.textContent = ""; options = []; active = -1;
    input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-expanded", "false");
    hint.textContent = failed ? "The search index could not be loaded." : !index ? "Loading…" : "";
    if (!index || !tokens(query).length) { hint.hidden = !hint.textContent; if (index) parts(); return; }
    var found = search(query);
    found.groups.forEach(function (group) {
      var doc = index.docs[group.doc], url = address(doc[1]), page = option(url, "search-page");
      page.append(el("span", { class: "search-title" }, marked(doc[0], found.hit)));
      if (doc[2]) page.append(el("span", { class: "search-where", text: doc[2] }));
      var sections = group.entries.filter(function (x) { return index.entries[x.e][1]; }).slice(0, 3);
      var top = group.entries[0], lead = index.entries[top.e];
      if (!lead[1] && lead[3]) page.append(excerpt(top.e, found.hit));
      sections.forEach(function (x) {
        if (x.score < top.score * 0.45) return;
        var entry = index.entries[x.e];
        option(address(doc[1], entry[2]), "search-section").append(el("span", { class: "search-title" }, marked(entry[1], found.hit)), entry[3] ? excerpt(x.e, found.hit) : "");
      });
    });
    hint.hidden = options.length > 0;
    hint.textContent = options.length ? options.length + " results" : "Nothing found for “" + query.trim() + "”. These are the parts of the guide:";
    if (!options.length) { parts(); return; }
    input.setAttribute("aria-expanded", "true"); choose(0); r.say(options.length + " results");
  }
  /** Where nothing is asked or found: the pages at the top, none of them chosen. */
  function parts() {
    index.docs.filter(function (doc) { return doc[1] && !doc[2]; }).slice(0, 9).forEach(function (doc) {
      option(address(doc[1]), "search-page").append(el("span", { class: "search-title", text: doc[0] }));
    });
    if (options.length) input.setAttribute("aria-expanded", "true");
  }
  /** Opens the dialog. "early": what was typed before it was there; a line's end in it is Enter. */
  r.search = function (early) {
    if (!dialog.open) dialog.showModal();
    input.select();
    if (early) { entered = /\n$/.test(early); input.value = early.replace(/\n/g, ""); input.setSelectionRange(early.length, early.length); }
    var inline = d.getElementById("search-index");
    if (index || asked) return;
    asked = true;
    failed = false;
    if (inline) rigbookBundle.inflate(inline.textContent).then(function (all) { join(all[0], all[1]); }, lost);
    else load("", lost);
    update();
  };
  d.addEventListener("close", function () { entered = false; }, true);
})();
