/* The calculator's page: builds the controls once, and after each change what depends on it. */
(function () {
  if (!window.rigbook) return;
  rigbook.page(setup);
  document.addEventListener("rigbook-calculator", setup);
  // In the offline file a reader may leave its page before the data are there, and come back.
  document.addEventListener("rigbook-shown", setup);

  function setup() {
  "use strict";
  var calc = window.rigbookCalculator, tools = window.rigbook;
  if (!calc || calc.started || !calc.place.isConnected) return;
  calc.started = true;
  var model = calc.model, el = tools.el, icon = tools.icon, by = calc.by;
  var app = calc.place.querySelector(".calc-app");
  var ranks = { error: 0, warning: 1, note: 2 };
  var words = { error: "Error", warning: "Warning", note: "Note" };
  var other = "", notice = el("div"), slotsBox = el("div", { class: "calc-slots" });
  var summary = el("section", { class: "calc-summary", id: "calc-summary", tabindex: -1, "aria-label": "What it comes to" });
  var compared = el("section", { class: "calc-compare", "aria-label": "Compared", hidden: true });
  var dock = el("div", { class: "calc-dock" });
  var opened = calc.fromFragment(tools.state.get());
  var choice = opened ? opened.choice : model.presets.length ? calc.ofPreset(model.presets[0]) : calc.empty();
  var lead = model.totals.findIndex(function (t) { return t.money; });
  var found, least = [], past = [], last = JSON.stringify(choice);

  function clone(value) { return JSON.parse(JSON.stringify(value)); }
  function parts(slot) { return calc.parts(choice, slot); }
  function ownPrice(slot, id) { return calc.own(choice, slot, id); }
  function price(slot, part) {
    var own = ownPrice(slot, part.id);
    return own == null ? part.price : own;
  }
  function money(value) { return value == null ? "no price" : calc.number(value, model.own.out); }
  function count(slot) { return calc.count(choice, slot); }
  function isEmpty() { return model.slots.every(function (slot) { return !count(slot); }); }

  /** Labels of the error rules that a choice would break and the present one does not. */
  function breaks(slot, id, replaces) {
    var trial = clone(choice), list = trial.parts[slot.id] || [];
    if (slot.single || replaces != null) list = list.filter(function (p) { return !slot.single && p.id !== replaces; });
    trial.parts[slot.id] = list;
    if (!by(list, id)) calc.put(trial, slot, id, 1);
    return calc.evaluate(trial).rules.filter(function (r) {
      return r.state === "broken" && r.rule.severity === "error" && r.rule.slots.indexOf(slot.id) >= 0;
    }).map(function (r) { return r.rule.label; });
  }

  function options(select, slot, chosen) {
    select.replaceChildren(el("option", { value: "", text: chosen || !slot.min ? "None" : "Choose\u2026" }));
    var good = [], bad = [];
    slot.parts.forEach(function (part) {
      if (part.id !== chosen && by(parts(slot), part.id)) return;
      var why = breaks(slot, part.id, chosen);
      // What is chosen has its price below, and what it breaks above.
      var label = part.title + (model.own && part.id !== chosen ? " \u00b7 " + money(price(slot, part)) : "");
      if (why.length && part.id !== chosen) label += " (not met: " + why.join(", ") + ")";
      (why.length ? bad : good).push(el("option", { value: part.id, selected: part.id === chosen, text: label }));
    });
    good.forEach(function (option) { select.append(option); });
    if (bad.length) {
      var group = el("optgroup", { label: "Breaks a rule" });
      bad.forEach(function (option) { group.append(option); });
      select.append(group);
    }
  }

  function stepper(slot, part, title) {
    if (slot.single) return null;
    var value = el("input", { class: "stepper-value", inputmode: "numeric", value: part.count, "aria-label": "Quantity of " + title, "data-key": "count-" + slot.id + part.id });
    var most = slot.max - (count(slot) - part.count);
    var set = function (next) {
      part.count = Math.max(1, Math.min(most, Math.floor(next) || 1));
      changed();
    };
    // Not "disabled": that would take the focus from who presses once too often.
    var button = function (label, key, sign, next) {
      return el("button", { type: "button", "aria-label": label, "data-key": key + slot.id + part.id, "aria-disabled": next < 1 || next > most ? "true" : null, onclick: function () { if (next >= 1 && next <= most) set(next); } }, sign);
    };
    value.addEventListener("change", function () { set(Number(value.value)); });
    return el("div", { class: "stepper", role: "group", "aria-label": "Quantity of " + title },
      button("One fewer", "less-", "\u2212", part.count - 1), value, button("One more", "more-", "+", part.count + 1));
  }

  function ownField(slot, part, title) {
    if (!slot.own || !model.own) return null;
    var own = ownPrice(slot, part.id), scale = Math.pow(10, model.own.decimals);
    var input = el("input", { type: "number", class: "field", min: 0, step: 1 / scale, value: own == null ? "" : own / scale, "data-key": "own-" + slot.id + part.id });
    input.addEventListener("change", function () {
      var value = calc.scaled(input.value, model.own.decimals), prices = choice.own[slot.category] = choice.own[slot.category] || {};
      if (input.value === "" || isNaN(value) || value < 0) delete prices[part.id]; else prices[part.id] = value;
      if (!Object.keys(prices).length) delete choice.own[slot.category];
      changed();
    });
    return el("details", { class: "own-price", open: own != null }, el("summary", { text: "Own price" }),
      el("label", null, "Price each of " + title + " ", input, " " + model.own.unit));
  }

  function row(slot, part) {
    var index = part ? calc.find(slot, part.id) : -1, data = slot.parts[index], title = data ? data.title : "";
    var select = el("select", { class: "field slot-select", "aria-label": slot.label, "data-key": "pick-" + slot.id + (part ? part.id : "") });
    options(select, slot, part ? part.id : "");
    select.addEventListener("change", function () {
      var list = parts(slot).filter(function (p) { return p !== part; });
      choice.parts[slot.id] = list;
      if (select.value) calc.put(choice, slot, select.value, part ? part.count : 1);
      changed("pick-" + slot.id + select.value);
    });
    var box = el("div", { class: "slot-part" }, select);
    if (!part) return box;
    box.append(el("button", { type: "button", class: "icon-button slot-remove", "aria-label": "Remove " + title, onclick: function () {
      choice.parts[slot.id] = parts(slot).filter(function (p) { return p !== part; });
      changed("pick-" + slot.id);
    } }, icon("close")));
    var more = el("div", { class: "slot-more" }, stepper(slot, part, title));
    if (data.url) more.append(el("a", { class: "slot-facts", href: data.url, text: "Details" }));
    more.append(ownField(slot, part, title) || "");
    if (model.own) {
      var each = price(slot, data);
      more.append(el("output", { class: "slot-price" + (ownPrice(slot, part.id) != null ? " is-own" : ""), text: money(each == null ? null : each * part.count) }));
    }
    box.append(more);
    return box;
  }

  function drawSlots() {
    slotsBox.replaceChildren();
    model.slots.forEach(function (slot) {
      var broken = found.rules.filter(function (r) { return r.state === "broken" && calc.fixes(choice, r.rule).indexOf(slot) >= 0; });
      if (isEmpty()) broken = [];
      var worst = broken.map(function (r) { return r.rule.severity; }).sort(function (a, b) { return ranks[a] - ranks[b]; })[0];
      var missing = count(slot) < slot.min;
      var range = slot.max > 1 ? "up to " + slot.max : slot.min ? "" : "optional";
      var legend = el("legend", { class: "slot-name" }, slot.label + " ", el("span", { class: "slot-range", text: range }));
      if (worst === "error" || worst === "warning") {
        var labels = broken.filter(function (r) { return r.rule.severity === worst; }).map(function (r) { return r.rule.label; });
        legend.append(el("span", { class: "slot-state slot-state-" + worst, text: words[worst] + ", not met: " + labels[0] + (labels.length > 1 ? " and " + (labels.length - 1) + " more" : "") }));
      }
      else if (missing && !isEmpty()) legend.append(el("span", { class: "slot-state slot-state-warning", text: "Not chosen" }));
      var box = el("fieldset", { class: "slot" + (worst && worst !== "note" ? " slot-" + worst : ""), "data-slot": slot.id }, legend);
      if (slot.help) box.append(el("p", { class: "slot-help", text: slot.help }));
      if (!parts(slot).length) box.append(row(slot, null));
      parts(slot).forEach(function (part) { box.append(row(slot, part)); });
      if (!slot.single && parts(slot).length && count(slot) < slot.max && parts(slot).length < slot.parts.length) {
        box.append(el("button", { type: "button", class: "button button-small slot-add", "data-key": "add-" + slot.id, text: "Add another", onclick: function (event) {
          var blank = row(slot, null);
          event.target.replaceWith(blank);
          blank.querySelector("select").focus();
        } }));
      }
      slotsBox.append(box);
    });
    if (!model.inputs.length) return;
    var figures = el("fieldset", { class: "slot" }, el("legend", { class: "slot-name", text: "Your figures" }));
    model.inputs.forEach(function (input) {
      var field = el("input", { type: "number", class: "field", min: input.min, max: input.max, step: "any", value: choice.inputs[input.id] || input.default, "data-key": "in-" + input.id });
      field.addEventListener("change", function () {
        var value = calc.bounded(input, field.value);
        if (isNaN(calc.scaled(value, input.decimals)) || value === input.default) delete choice.inputs[input.id]; else choice.inputs[input.id] = value;
        changed();
      });
      field.id = "calc-in-" + input.id;
      figures.append(el("div", { class: "calc-input" }, el("label", { for: field.id, text: input.label }), field, el("span", { text: input.unit }), input.help ? el("p", { text: input.help }) : null));
    });
    slotsBox.append(figures);
  }

  function tally() {
    var broken = function (severity) { return found.rules.filter(function (r) { return r.state === "broken" && r.rule.severity === severity; }).length; };
    // Of nothing nothing is wrong, and nothing right.
    if (isEmpty()) return { kind: "unknown", said: [], text: "Nothing chosen yet" };
    var unknown = found.rules.filter(function (r) { return r.state === "unknown"; }).length;
    var missing = model.slots.filter(function (s) { return count(s) < s.min; }).length;
    var plural = function (n, word) { return n + " " + word + (n === 1 ? "" : "s"); }, said = [];
    if (broken("error")) said.push(plural(broken("error"), "error"));
    if (broken("warning")) said.push(plural(broken("warning"), "warning"));
    if (missing) said.push(plural(missing, "part") + " missing");
    if (unknown) said.push(unknown + " unknown");
    var kind = broken("error") ? "error" : broken("warning") || missing ? "warning" : unknown ? "unknown" : "";
    var met = found.rules.filter(function (r) { return r.state === "ok"; }).length, notes = broken("note");
    // Where no rule speaks, nothing is praised.
    var fine = notes ? "Fits, with " + plural(notes, "note") : met ? "All " + plural(met, "rule") + " met" : "";
    return { kind: kind, said: said, text: said.join(", ") || (met === 1 && !notes ? "The rule is met" : fine), whole: !said.length && !notes };
  }
  /** The verdict as a line; in brief the worst alone. */
  function verdict(brief) {
    var now = tally(), text = brief && now.said.length > 1 ? now.said[0] + ", \u2026" : now.text;
    return now.text && el("p", { class: "calc-verdict" + (now.kind ? " calc-verdict-" + now.kind : "") }, icon(now.kind || "check"), text);
  }

  /** What a formula reckons with, now: figures of the chosen parts, totals, inputs. */
  function behind(uses) {
    var list = el("dl"), add = function (name, value) { list.append(el("dt", { text: name }), el("dd", { text: value })); };
    uses.forEach(function (use) {
      if (use[0] === "total") {
        var at = model.totals.findIndex(function (t) { return t.id === use[1]; });
        return add(model.totals[at].label, calc.show(found.totals[at], model.totals[at].out));
      }
      if (use[0] === "input") {
        var input = by(model.inputs, use[1]);
        return add(input.label, calc.number(calc.scaled(choice.inputs[input.id] || input.default, input.decimals), input.out));
      }
      var slot = by(model.slots, use[0]), figure = slot.figures[use[1]];
      parts(slot).forEach(function (part) {
        var index = calc.find(slot, part.id), own = ownPrice(slot, part.id) != null && slot.own && use[1] === model.own.field;
        add((part.count > 1 ? part.count + " × " : "") + slot.parts[index].title + ", " + figure.label + (part.count > 1 ? " each" : ""), own ? money(ownPrice(slot, part.id)) : figure.texts[index]);
      });
    });
    return list.children.length ? list : null;
  }

  function told(result) {
    if (result.state === "broken") return result.message;
    var names = result.state === "unknown" ? calc.lacking(choice, result.rule.uses, 0) : [];
    return result.rule.label + (names.length ? ": " + names.join("; ") + (names.length > 1 ? " are" : " is") + " not given" : "");
  }

  /** The formula of a total or a rule, and what it reckons with; open if it was. */
  function why(of, key, open) {
    return el("details", { class: "why", "data-key": key, open: open.indexOf(key) >= 0 }, el("summary", { text: "Why" }),
      el("p", null, el("code", { text: of.formula || of.require })), behind(of.uses), of.help ? el("p", { text: of.help }) : null);
  }
  function rule(result, kind, word, open) {
    var fix = calc.fixes(choice, result.rule).map(function (slot) { return slot.label; });
    if (fix.length) calc.sums(result.rule.uses).forEach(function (total) { fix.push("what adds to \u201c" + total.label + "\u201d"); });
    return el("li", { class: "rule rule-" + kind }, el("span", { class: "rule-state", text: word }),
      el("p", { text: told(result) }),
      result.state === "broken" && fix.length ? el("p", { class: "rule-fix", text: "Change: " + fix.join(" or ") }) : null,
      why(result.rule, "r" + result.rule.id, open));
  }

  function amount(value, out) {
    var text = calc.show(value, out), unit = value.status === 0 && out.kind === "number" ? out.suffix : "";
    return [unit ? text.slice(0, -unit.length) : text, unit ? el("span", { class: "unit", text: unit }) : ""];
  }
  function figure(i) {
    var dd = el("dd");
    if (least[i]) dd.append(el("span", { class: "from", text: "from " }));
    else if (found.totals[i].status === 1) dd.className = "unknown";
    amount(least[i] || found.totals[i], model.totals[i].out).forEach(function (piece) { dd.append(piece); });
    return dd;
  }
  function text(i, value, low) { return (low ? "from " : "") + calc.show(low || value, model.totals[i].out); }
  function leadText() { return text(lead, found.totals[lead], least[lead]); }

  function drawSummary() {
    var open = tools.all("details[open]", summary).map(function (d) { return d.dataset.key; });
    var missing = calc.unpriced(choice);
    least = calc.atLeast(choice, found.totals);
    summary.replaceChildren();
    if (lead >= 0) {
      var head = el("div", { class: "calc-price" }, el("span", { text: model.totals[lead].label }), el("output", { text: leadText() }));
      if (missing.length) head.append(el("span", { class: "calc-price-note", text: "without " + (missing.length > 2 ? missing.length + " parts that have no price" : missing.map(function (m) { return m.part.title; }).join(" and ") + (missing.length > 1 ? ", which have no price" : ", which has no price")) }));
      head.append(why(model.totals[lead], "t" + lead, open));
      summary.append(head);
    }
    summary.append(verdict());
    // What is wrong comes before what it comes to.
    var bad = isEmpty() ? [] : found.rules.filter(function (r) { return r.state === "broken"; }).sort(function (a, b) { return ranks[a.rule.severity] - ranks[b.rule.severity]; });
    var rules = el("ul", { class: "rules" });
    bad.forEach(function (r) { rules.append(rule(r, r.rule.severity, words[r.rule.severity], open)); });
    if (!isEmpty()) found.rules.forEach(function (r) { if (r.state === "unknown") rules.append(rule(r, "unknown", "Unknown", open)); });
    if (rules.children.length) summary.append(rules);
    var met = found.rules.filter(function (r) { return r.state === "ok"; });
    if (met.length && !isEmpty()) {
      var kept = el("ul", { class: "rules" });
      met.forEach(function (r) { kept.append(rule(r, "ok", "Met", open)); });
      summary.append(el("details", { class: "rules-met", "data-key": "met", open: open.indexOf("met") >= 0 }, el("summary", { text: tally().whole ? "What was checked" : met.length + (met.length === 1 ? " rule met" : " rules met") }), kept));
    }
    var rows = [];
    model.totals.forEach(function (total, i) {
      if (i === lead) return;
      rows.push(el("div", { class: "total" }, el("dt", { text: total.label }), figure(i),
        el("dd", null, why(total, "t" + i, open))));
    });
    var cut = rows.length < model.shown + 3 ? rows.length : model.shown - 1;
    var list = el("dl", { class: "totals" });
    rows.slice(0, cut).forEach(function (row) { list.append(row); });
    summary.append(list);
    if (cut < rows.length) {
      var rest = el("dl", { class: "totals" });
      rows.slice(cut).forEach(function (row) { rest.append(row); });
      summary.append(el("details", { class: "totals-more", "data-key": "more", open: open.indexOf("more") >= 0 }, el("summary", { text: rows.length - cut + " more figures" }), rest));
    }
    dock.replaceChildren();
    if (lead >= 0) dock.append(el("output", { text: leadText() }));
    dock.append(verdict(true), el("a", { class: "button button-small", href: "#calc-summary", text: "Details", onclick: function (event) { event.preventDefault(); summary.scrollIntoView(); summary.focus({ preventScroll: true }); } }));
  }

  function drawCompared() {
    var preset = by(model.presets, other);
    compared.hidden = !preset;
    compared.replaceChildren();
    if (!preset) return;
    var they = calc.ofPreset(preset), theirs = calc.evaluate(they), low = calc.atLeast(they, theirs.totals), body = el("tbody");
    model.totals.forEach(function (total, i) {
      var a = found.totals[i], b = theirs.totals[i], both = a.status === 0 && b.status === 0 && total.out.kind === "number";
      body.append(el("tr", null, el("th", { scope: "row", text: total.label }), el("td", { class: "num", text: text(i, a, least[i]) }),
        el("td", { class: "num", text: text(i, b, low[i]) }), el("td", { class: "num", text: both ? (a.a > b.a ? "+" : "") + calc.number(a.a - b.a, total.out) : "\u2014" })));
    });
    compared.append(el("div", { class: "table-scroll" }, el("table", { class: "table-plain" }, el("caption", { text: "Yours and " + preset.title }),
      el("thead", null, el("tr", null, el("th", { scope: "col", text: "Figure" }), el("th", { scope: "col", class: "num", text: "Yours" }), el("th", { scope: "col", class: "num", text: preset.title }), el("th", { scope: "col", class: "num", text: "Difference" }))), body)));
  }

  // On the page of another edition: the way to the current one takes the build along.
  var banner = document.querySelector(".edition-banner a[href]"), current = banner && banner.getAttribute("href").split("#")[0];
  function carry() {
    if (!banner) return;
    banner.setAttribute("href", current + calc.toFragment(choice));
    banner.textContent = "Price this build in the current edition";
  }

  /** Evaluates, redraws, and gives the focus back to the control that had it. */
  function changed(focus) {
    var now = JSON.stringify(choice);
    if (now !== last) past.push(last);
    last = now;
    redraw(focus);
  }
  function undo() {
    if (!past.length) return;
    last = past.pop();
    choice = JSON.parse(last);
    redraw();
  }
  /** Says where the choice comes from, as long as it is still that. */
  function mark() {
    var of = calc.toFragment(choice), same = model.presets.filter(function (p) { return calc.toFragment(calc.ofPreset(p)) === of; })[0];
    start.value = same ? same.id : of === calc.toFragment(calc.empty()) ? "-" : "";
    undoing.setAttribute("aria-disabled", String(!past.length));
  }
  function redraw(focus) {
    var active = document.activeElement, key = focus || (active && active.dataset ? active.dataset.key : "");
    found = calc.evaluate(choice);
    drawSlots();
    found = calc.evaluate(choice);
    drawSummary();
    drawCompared();
    if (key) {
      var again = tools.all("[data-key]", app).find(function (node) { return node.dataset.key === key; });
      if (again) again.focus();
    }
    history.replaceState(null, "", calc.toFragment(choice));
    carry();
    mark();
    tools.say((lead >= 0 ? model.totals[lead].label + " " + leadText() + ". " : "") + (tally().text && tally().text + "."));
  }

  function lines() {
    var rows = [];
    model.slots.forEach(function (slot) {
      parts(slot).forEach(function (part) {
        var data = slot.parts[calc.find(slot, part.id)], each = price(slot, data);
        rows.push([slot.label, data.title, part.count, model.own ? (each == null ? "unknown" : money(each * part.count)) : ""]);
      });
    });
    return rows;
  }
  var cell = function (text) { return /[",\n]/.test(text) ? "\"" + String(text).replace(/"/g, "\"\"") + "\"" : String(text); };
  var formats = {
    Markdown: function () {
      return "| For | Part | Quantity | Price |\n|---|---|--:|--:|\n" + lines().map(function (r) { return "| " + r.join(" | ") + " |"; }).join("\n") + "\n\n" +
        model.totals.map(function (t, i) { return "- " + t.label + ": " + text(i, found.totals[i], least[i]); }).join("\n") + "\n";
    },
    CSV: function () {
      return [["for", "part", "quantity", "price"]].concat(lines(), model.totals.map(function (t, i) { return ["total", t.label, "", calc.show(found.totals[i], t.out)]; }))
        .map(function (r) { return r.map(cell).join(","); }).join("\r\n") + "\r\n";
    },
    JSON: function () {
      var totals = {}, rules = {};
      model.totals.forEach(function (t, i) { totals[t.id] = calc.show(found.totals[i], t.out); });
      found.rules.forEach(function (r) { rules[r.rule.id] = { severity: r.rule.severity, state: r.state === "none" ? "not-applicable" : r.state, message: r.state === "broken" ? r.message : null }; });
      return JSON.stringify({ version: model.version, parts: choice.parts, inputs: choice.inputs, totals: totals, rules: rules }, null, 2) + "\n";
    }
  };

  function chooser(label, first, pick) {
    var select = el("select", { class: "field" }, first);
    model.presets.forEach(function (preset) { select.append(el("option", { value: preset.id, text: preset.title })); });
    select.addEventListener("change", function () { pick(select.value); });
    return el("label", { class: "calc-start" }, label + " ", select);
  }
  var starting = chooser("Start from", el("option", { value: "-", text: "Nothing" }), function (id) { choice = id === "-" ? calc.empty() : calc.ofPreset(by(model.presets, id)); changed(); });
  var start = starting.querySelector("select");
  // Shown, not chosen: what the choice is called once it is the reader's own.
  start.prepend(el("option", { value: "", hidden: true, text: "Your choice" }));
  var undoing = el("button", { type: "button", class: "button", text: "Undo", onclick: undo });
  var panel = el("div", { class: "tool-panel" }), copying = el("summary", null, "Copy as", icon("chevron"));
  Object.keys(formats).forEach(function (name) {
    panel.append(el("button", { type: "button", text: name, onclick: function () {
      tools.copy(formats[name](), copying.firstChild);
      copying.parentElement.open = false;
      copying.focus();
    } }));
  });
  app.append(notice,
    el("div", { class: "calc-bar" },
      starting,
      chooser("Compare with", el("option", { value: "", text: "Nothing" }), function (id) { other = id; drawCompared(); }),
      el("div", { class: "calc-actions" },
        undoing,
        el("button", { type: "button", class: "button", text: "Copy link", onclick: function (event) { tools.copy(tools.state.url(calc.toFragment(choice).slice(1)), event.currentTarget.firstChild); } }),
        el("details", { class: "tool" }, copying, panel),
        el("button", { type: "button", class: "button", text: "Print", onclick: function () { print(); } }))),
    el("div", { class: "calc-columns" }, slotsBox, summary), compared, dock);
  if (opened && (opened.unknown.length || opened.edition)) {
    var said = [];
    if (opened.unknown.length) said.push("This edition does not know: " + opened.unknown.slice(0, 20).join(", ") + ". The rest was kept.");
    if (opened.edition) said.push("The link is from edition " + opened.edition + "; figures here are those of edition " + model.version + ".");
    notice.replaceWith(el("div", { class: "callout callout-warning calc-notice", role: "note" }, el("p", { text: said.join(" ") })));
  }
  app.hidden = false;
  mark();
  calc.place.querySelector(".calc-static").hidden = true;
  found = calc.evaluate(choice);
  drawSlots();
  found = calc.evaluate(choice);
  drawSummary();
  carry();
  // The dock says what the summary says: it goes while that can be seen.
  if (window.IntersectionObserver) new IntersectionObserver(function (seen) { dock.classList.toggle("is-idle", seen[0].isIntersecting); }, { rootMargin: "0px 0px -30%" }).observe(summary);
  addEventListener("hashchange", function () {
    var again = calc.place.isConnected && calc.fromFragment(tools.state.get());
    if (again) { choice = again.choice; changed(); }
  });
  }
})();
