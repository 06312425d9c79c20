/* The calculator: what readers choose goes into the cells of a WASM module, and what it finds is shown.
   Slots, totals, rules, labels and formats come from the page's model; nothing here knows what they are for. */
if (window.rigbook) rigbook.page(function () {
  "use strict";
  var place = document.querySelector(".calc");
  if (!place || !window.WebAssembly) return;
  var read = function (name) { return place.querySelector(name).textContent; };
  // In the offline file both stand deflated.
  if (place.querySelector(".calc-packed")) rigbookBundle.inflate(read(".calc-packed")).then(function (both) {
    start(both.model, both.module);
    document.dispatchEvent(new CustomEvent("rigbook-calculator"));
  });
  else start(JSON.parse(read(".calc-model")), read(".calc-module"));

  function start(model, module) {
  var text = atob(module);
  var bytes = new Uint8Array(text.length);
  for (var i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  var run = new WebAssembly.Instance(new WebAssembly.Module(bytes), {}).exports;
  var by = function (list, id) { return list.find(function (item) { return item.id === id; }); };

  /* A selection: parts by slot, texts of inputs, own prices in minor units by category and part. */
  function empty() { return { parts: {}, inputs: {}, own: {} }; }
  function find(slot, id) {
    return slot.parts.findIndex(function (p) { return p.id === id || p.former.indexOf(id) >= 0; });
  }

  /** A decimal as an integer of so many decimals; NaN for what is no number. */
  function scaled(value, decimals) {
    var match = /^\s*([-+]?)(\d*)(?:[.,](\d*))?\s*$/.exec(String(value));
    if (!match || !(match[2] || match[3])) return NaN;
    var fraction = (match[3] || "").slice(0, decimals);
    while (fraction.length < decimals) fraction += "0";
    var number = Number((match[2] || "0") + fraction);
    return match[1] === "-" ? -number : number;
  }

  /** The text of an input, or the bound that it is beyond. */
  function bounded(input, text) {
    var at = function (bound) { return scaled(bound, input.decimals); }, value = at(text);
    return value < at(input.min) ? input.min : value > at(input.max) ? input.max : text;
  }

  function write(choice) {
    var view = new DataView(run.memory.buffer);
    model.slots.forEach(function (slot) {
      var chosen = choice.parts[slot.id] || [], k;
      if (slot.single) {
        view.setUint32(slot.cell, chosen.length ? find(slot, chosen[0].id) + 1 : 0, true);
      } else {
        for (k = 0; k < slot.parts.length; k++) view.setUint32(slot.cell + 4 * k, 0, true);
        chosen.forEach(function (part) { view.setUint32(slot.cell + 4 * find(slot, part.id), part.count, true); });
      }
      if (slot.own) slot.parts.forEach(function (part, k) {
        var price = (choice.own[slot.category] || {})[part.id];
        view.setUint32(slot.own.flags + 4 * k, price == null ? 0 : 1, true);
        view.setFloat64(slot.own.prices + 8 * k, price == null ? 0 : price, true);
      });
    });
    model.inputs.forEach(function (input) {
      var number = scaled(choice.inputs[input.id], input.decimals);
      if (isNaN(number)) number = scaled(input.default, input.decimals);
      view.setFloat64(input.cell, number, true);
    });
  }

  /** An output: status 0 known, 1 unknown, 2 none, and one or two numbers. */
  function read(cell) {
    var view = new DataView(run.memory.buffer);
    return { status: view.getUint32(cell + 16, true), a: view.getFloat64(cell, true), b: view.getFloat64(cell + 8, true) };
  }

  /** What the module finds for a selection. */
  function evaluate(choice) {
    write(choice);
    run.evaluate();
    return {
      totals: model.totals.map(function (total) { return read(total.cell); }),
      rules: model.rules.map(function (rule) {
        var found = read(rule.cell);
        var state = found.status === 2 ? "none" : found.status === 1 ? "unknown" : found.a ? "ok" : "broken";
        return { rule: rule, state: state, message: rule.message.map(function (piece) {
          return typeof piece === "string" ? piece : show(read(piece.cell), piece.out);
        }).join("") };
      })
    };
  }

  /* Showing: from integers by text, so that no binary fraction is ever seen. */
  function digits(integer, out) {
    var negative = integer < 0, whole = String(Math.abs(integer)), fraction = "";
    if (out.scale) {
      while (whole.length <= out.scale) whole = "0" + whole;
      fraction = whole.slice(-out.scale);
      whole = whole.slice(0, -out.scale);
    }
    fraction = fraction.replace(/0+$/, "");
    while (fraction.length < out.least) fraction += "0";
    if (whole.length >= model.locale.from) whole = whole.replace(/\B(?=(\d{3})+$)/g, model.locale.group);
    return { sign: negative ? "\u2212" : "", text: whole + (fraction ? model.locale.point + fraction : "") };
  }
  function number(integer, out) {
    var shown = digits(integer, out);
    return shown.sign + out.prefix + shown.text + out.suffix;
  }
  function show(value, out) {
    if (value.status === 1) return "unknown";
    if (value.status === 2) return "\u2014";
    switch (out.kind) {
      case "number": return number(value.a, out);
      case "range": return digits(value.a, out).text + "\u2013" + number(value.b, out);
      case "bool": return value.a ? model.locale.yes : model.locale.no;
      case "date": return new Date(value.a * 864e5).toISOString().slice(0, 10);
      case "text": return model.texts[value.a] || "";
      default: return (model.sets[value.a] || []).join(", ");
    }
  }

  /* The address: #parts=gpu:rtx-4090*2,l40s;cpu:x&in=hours:8&own=gpu:rtx-4090:1500&v=2.0, or #build=id. */
  function toFragment(choice) {
    var parts = model.slots.filter(function (s) { return (choice.parts[s.id] || []).length; }).map(function (slot) {
      return slot.id + ":" + choice.parts[slot.id].map(function (p) { return p.id + (p.count > 1 ? "*" + p.count : ""); }).join(",");
    });
    var fields = ["parts=" + parts.join(";")];
    var inputs = Object.keys(choice.inputs).map(function (id) { return id + ":" + encodeURIComponent(choice.inputs[id]); });
    if (inputs.length) fields.push("in=" + inputs.join(";"));
    var own = [];
    Object.keys(choice.own).forEach(function (category) {
      Object.keys(choice.own[category]).forEach(function (id) { own.push(category + ":" + id + ":" + choice.own[category][id]); });
    });
    if (own.length) fields.push("own=" + own.join(";"));
    if (model.version) fields.push("v=" + encodeURIComponent(model.version));
    return "#" + fields.join("&");
  }

  /** A selection from an address, and the names in it that this edition does not know. All of it is data. */
  function fromFragment(fragment) {
    var choice = empty(), unknown = [], fields = {}, decode = function (s) { try { return decodeURIComponent(s); } catch (e) { return s; } };
    fragment.replace(/^#/, "").slice(0, 8000).split("&").forEach(function (field) {
      var at = field.indexOf("=");
      if (at > 0) fields[field.slice(0, at)] = field.slice(at + 1);
    });
    if (fields.build) {
      var preset = by(model.presets, decode(fields.build));
      if (preset) return { choice: ofPreset(preset), preset: preset.id, unknown: [], edition: "" };
      return { choice: choice, unknown: [decode(fields.build)], edition: "" };
    }
    if (!fields.parts && !fields.in) return null;
    (fields.parts || "").split(";").forEach(function (entry) {
      var at = entry.indexOf(":"), slot = by(model.slots, decode(entry.slice(0, at)));
      if (at < 1) return;
      if (!slot) { unknown.push(decode(entry.slice(0, at))); return; }
      entry.slice(at + 1).split(",").forEach(function (item) {
        var pieces = decode(item).split("*"), index = find(slot, pieces[0]);
        if (index < 0) unknown.push(pieces[0]);
        else put(choice, slot, slot.parts[index].id, Math.min(slot.max, Math.max(1, Math.floor(Number(pieces[1])) || 1)));
      });
    });
    (fields.in || "").split(";").forEach(function (entry) {
      var pieces = entry.split(":"), input = by(model.inputs, decode(pieces[0]));
      if (input && !isNaN(scaled(decode(pieces[1] || ""), input.decimals))) choice.inputs[input.id] = bounded(input, decode(pieces[1]));
    });
    (fields.own || "").split(";").forEach(function (entry) {
      var pieces = entry.split(":"), price = Math.floor(Number(pieces[2]));
      var slot = model.slots.find(function (s) { return s.category === decode(pieces[0]); });
      var index = slot ? find(slot, decode(pieces[1] || "")) : -1;
      if (index >= 0 && price >= 0 && price < 1e12) {
        (choice.own[slot.category] = choice.own[slot.category] || {})[slot.parts[index].id] = price;
      }
    });
    var edition = decode(fields.v || "");
    return { choice: choice, unknown: unknown, edition: edition !== model.version ? edition : "" };
  }

  function put(choice, slot, id, count) {
    var list = choice.parts[slot.id] = slot.single ? [] : choice.parts[slot.id] || [];
    var there = by(list, id);
    if (there) there.count = count; else list.push({ id: id, count: slot.single ? 1 : count });
  }
  function ofPreset(preset) {
    var choice = empty();
    model.slots.forEach(function (slot) {
      (preset.parts[slot.id] || []).forEach(function (part) { if (find(slot, part[0]) >= 0) put(choice, slot, part[0], part[1]); });
    });
    return choice;
  }

  /* What is known of a choice. */
  function parts(of, slot) { return of.parts[slot.id] || []; }
  function count(of, slot) { return parts(of, slot).reduce(function (sum, p) { return sum + p.count; }, 0); }
  function own(of, slot, id) { return (of.own[slot.category] || {})[id]; }
  /** The slots of a rule in which something can be changed: those that are filled, if any is. */
  function fixes(of, rule) {
    var slots = rule.slots.map(function (id) { return by(model.slots, id); }).filter(Boolean);
    var filled = slots.filter(function (slot) { return count(of, slot); });
    return filled.length ? filled : slots;
  }
  /** The totals of a formula to which most slots add: a part less in any of them changes it, too. */
  function sums(uses) {
    return uses.filter(function (use) { return use[0] === "total" && slotsOf(use, 0).length > 2; }).map(function (use) { return by(model.totals, use[1]); });
  }
  function slotsOf(use, deep) {
    if (use[0] !== "total") return use[0] === "input" ? [] : [use[0]];
    var all = deep < 8 ? by(model.totals, use[1]).uses.map(function (next) { return slotsOf(next, deep + 1); }) : [];
    return [].concat.apply([], all).filter(function (id, i, list) { return list.indexOf(id) === i; });
  }
  /** What a formula can't be reckoned without: names of figures that nobody gave. */
  function lacking(of, uses, deep) {
    var names = [];
    uses.forEach(function (use) {
      if (use[0] === "input") return;
      if (use[0] === "total") {
        if (deep < 8) names = names.concat(lacking(of, by(model.totals, use[1]).uses, deep + 1));
        return;
      }
      var slot = by(model.slots, use[0]), figure = slot.figures[use[1]];
      parts(of, slot).forEach(function (part) {
        var index = find(slot, part.id), set = slot.own && use[1] === model.own.field && own(of, slot, part.id) != null;
        if (figure.texts[index] === "unknown" && !set) names.push(figure.label + " of " + slot.parts[index].title);
      });
    });
    return names.filter(function (name, i) { return names.indexOf(name) === i; });
  }
  /** Parts of a choice that have no price. */
  function unpriced(of) {
    var list = [];
    if (model.own) model.slots.forEach(function (slot) {
      if (slot.own) parts(of, slot).forEach(function (p) {
        var part = slot.parts[find(slot, p.id)];
        if (part.price == null && own(of, slot, part.id) == null) list.push({ slot: slot, part: part });
      });
    });
    return list;
  }
  /** What each unknown total of a choice is at least: without the parts that have no price, if it rises with them. */
  function atLeast(of, totals) {
    var missing = unpriced(of), at = function (price) {
      var trial = JSON.parse(JSON.stringify(of));
      missing.forEach(function (m) { (trial.own[m.slot.category] = trial.own[m.slot.category] || {})[m.part.id] = price; });
      return evaluate(trial).totals;
    };
    if (!missing.length || totals.every(function (t) { return t.status !== 1; })) return [];
    var free = at(0), dear = at(100);
    return totals.map(function (t, i) { return t.status === 1 && free[i].status === 0 && dear[i].status === 0 && free[i].a < dear[i].a ? free[i] : null; });
  }

  window.rigbookCalculator = {
    place: place, model: model, by: by, empty: empty, find: find, scaled: scaled, bounded: bounded, evaluate: evaluate, show: show, number: number,
    toFragment: toFragment, fromFragment: fromFragment, put: put, ofPreset: ofPreset, parts: parts, count: count, own: own,
    fixes: fixes, sums: sums, lacking: lacking, unpriced: unpriced, atLeast: atLeast
  };
  }
});
