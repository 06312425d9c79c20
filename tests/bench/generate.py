#!/usr/bin/env python3
"""Makes a site of N pages for measuring; the same arguments give the same bytes.

    generate.py OUT --pages 1000 [--versions 1] [--for rigbook|hugo|mdbook|zola]

A page has some 6 kB: headings, lists, tables, code in five languages, links
and footnotes. For Rigbook every tenth page is a component with figures, and
every twentieth shows a comparison table of its category; for the others the
same figures stand there as plain Markdown.
"""
import argparse
import os
import random

WORDS = """frame wheel spoke chain gear brake lever cable saddle post stem bar grip
pedal crank hub rim tyre tube valve pump light rack guard bell lock tool oil grease
torque thread bearing axle pawl ring cone nut bolt washer travel load range weight
price width length angle reach stack rake trail offset tension pressure margin""".split()

CODE = {
    "rust": 'pub fn gain_{n}(load: f64) -> Option<f64> {{\n    // Tension at {n} turns.\n    let turns = [{n}, 2, 3].iter().map(|t| t * 2).sum::<i32>();\n    (load > 0.0).then(|| load / f64::from(turns))\n}}\n',
    "python": 'def gain_{n}(load: float) -> float:\n    """Tension at {n} turns."""\n    turns = sum(t * 2 for t in ({n}, 2, 3))\n    return load / turns if load else 0.0\n',
    "bash": '#!/bin/sh\nset -eu\nfor part in wheel chain "{n}"; do\n  printf \'%s\\n\' "$part" >> "list-${{part}}.txt"\ndone\n',
    "javascript": 'export function gain{n}(load) {{\n  const turns = [{n}, 2, 3].map((t) => t * 2);\n  return load / turns.reduce((a, b) => a + b, 0);\n}}\n',
    "json": '{{\n  "part": "wheel-{n}",\n  "load": {n}.5,\n  "spokes": [24, 28, 32],\n  "tubeless": true\n}}\n',
}
PER_SECTION = 50


def sentence(rng, words):
    text = " ".join(rng.choice(WORDS) for _ in range(words))
    return text.capitalize() + "."


def name(i):
    return f"page-{i:06d}"


def where(i):
    return f"section-{i // PER_SECTION:04d}"


def body(rng, i, pages, kind):
    out = []
    languages = list(CODE)
    for part in range(5):
        out.append(f"## {rng.choice(WORDS).capitalize()} {part}\n")
        out.append(" ".join(sentence(rng, rng.randrange(8, 18)) for _ in range(8)) + "\n")
        target = rng.randrange(pages)
        if kind == "hugo":
            link = f"/{where(target)}/{name(target)}/"
        elif kind == "zola":
            link = f"@/{where(target)}/{name(target)}.md"
        else:
            link = f"../{where(target)}/{name(target)}.md"
        out.append(f"See [the {rng.choice(WORDS)}]({link}) and *{rng.choice(WORDS)}*, `{rng.choice(WORDS)}`.[^{part}]\n")
        out.append("".join(f"- **{rng.choice(WORDS)}**: {sentence(rng, 6)}\n" for _ in range(4)))
        language = languages[part]
        # A third of all blocks are found on other pages too, as in real sites.
        number = rng.randrange(40) if rng.random() < 0.33 else i * 10 + part
        out.append(f"```{language}\n{CODE[language].format(n=number)}```\n")
        if part % 2 == 0:
            rows = "".join(
                f"| {rng.choice(WORDS)} | {rng.randrange(1000)} | {sentence(rng, 3)} |\n" for _ in range(5)
            )
            out.append(f"| Part | Load | Remark |\n|---|---:|---|\n{rows}")
        out.append(f"[^{part}]: {sentence(rng, 7)}\n")
    return "\n".join(out)


def write(root, path, text):
    path = os.path.join(root, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def front(kind, title, extra=""):
    return "" if kind == "mdbook" else f'+++\ntitle = "{title}"\n{extra}+++\n\n'


def category(section):
    return f"""
[category]
id = "{section}"
[category.fields]
load = {{ type = "quantity", unit = "kg", label = "Load", better = "higher" }}
weight = {{ type = "quantity", unit = "g", label = "Weight", better = "lower" }}
price = {{ type = "money", unit = "USD", label = "Price", better = "lower" }}
rate = {{ formula = "price / load", label = "Price per kilogram", better = "lower" }}
"""


def page(rng, i, pages, kind):
    title = f"{rng.choice(WORDS).capitalize()} {rng.choice(WORDS)} {i}"
    load, weight, price = rng.randrange(50, 150), rng.randrange(200, 900), rng.randrange(20, 400)
    text = body(rng, i, pages, kind)
    if kind == "rigbook":
        extra = ""
        if i % 10 == 0:
            extra = f'[component]\nload = "{load} kg"\nweight = "{weight} g"\nprice = "{price} USD"\n'
        if i % 20 == 1:
            text += f'\n```compare\ncategory = "{where(i)}"\ncolumns = ["load", "weight", "price", "rate"]\nsort = "price"\n```\n'
        return front(kind, title, extra) + text
    heading = f"# {title}\n\n" if kind == "mdbook" else ""
    if i % 10 == 0:
        text += f"\n| Load | Weight | Price |\n|---|---|---|\n| {load} kg | {weight} g | {price} USD |\n"
    return front(kind, title) + heading + text


def content(root, folder, pages, kind, seed):
    rng = random.Random(seed)
    index = "index.md" if kind == "mdbook" else "_index.md"
    write(root, f"{folder}/{index}", front(kind, "The shop") + "Start anywhere.\n")
    summary = ["# Summary\n", "[The shop](index.md)\n"]
    for i in range(pages):
        if i % PER_SECTION == 0:
            section = where(i)
            extra = category(section) if kind == "rigbook" else ""
            write(root, f"{folder}/{section}/{index}", front(kind, section, extra) + sentence(rng, 12) + "\n")
            summary.append(f"- [{section}]({section}/{index})")
        write(root, f"{folder}/{where(i)}/{name(i)}.md", page(rng, i, pages, kind))
        summary.append(f"  - [Page {i}]({where(i)}/{name(i)}.md)")
    if kind == "mdbook":
        write(root, f"{folder}/SUMMARY.md", "\n".join(summary) + "\n")


HUGO_BASE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body>
<nav>{{ range .Site.Home.Sections }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</nav>
<main><h1>{{ .Title }}</h1>{{ .TableOfContents }}{{ .Content }}{{ if .IsNode }}<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}</main></body></html>
"""
ZOLA_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ TITLE.title }}</title></head><body>
<main><h1>{{ TITLE.title }}</h1>{{ TITLE.content | safe }}</main></body></html>
"""


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("out")
    arguments.add_argument("--pages", type=int, default=1000)
    arguments.add_argument("--versions", type=int, default=1)
    arguments.add_argument("--for", dest="kind", default="rigbook", choices=["rigbook", "hugo", "mdbook", "zola"])
    given = arguments.parse_args()
    root, pages, kind = given.out, given.pages, given.kind
    if kind == "rigbook":
        config = 'title = "The shop"\nbase_url = "https://example.org/"\n'
        if given.versions > 1:
            config += '\n[[versions]]\nid = "current"\ntitle = "Current"\nstatus = "current"\n'
        for version in range(1, given.versions):
            config += f'\n[[versions]]\nid = "0.{version}"\ntitle = "Edition 0.{version}"\nstatus = "archived"\npath = "versions/0.{version}"\n'
            write(root, f"versions/0.{version}/rigbook.toml", 'title = "The shop"\n')
            content(root, f"versions/0.{version}/content", pages, kind, 1)
        write(root, "rigbook.toml", config)
        content(root, "content", pages, kind, 1)
    elif kind == "hugo":
        write(root, "hugo.toml", 'title = "The shop"\nbaseURL = "https://example.org/"\ndisableKinds = ["taxonomy", "term", "RSS"]\n[markup.highlight]\nnoClasses = false\n')
        write(root, "layouts/_default/single.html", HUGO_BASE)
        write(root, "layouts/_default/list.html", HUGO_BASE)
        content(root, "content", pages, kind, 1)
    elif kind == "mdbook":
        write(root, "book.toml", '[book]\ntitle = "The shop"\nsrc = "src"\n')
        content(root, "src", pages, kind, 1)
    else:
        write(root, "config.toml", 'title = "The shop"\nbase_url = "https://example.org"\nbuild_search_index = true\n[markdown]\nhighlight_code = true\n')
        write(root, "templates/page.html", ZOLA_PAGE.replace("TITLE", "page"))
        write(root, "templates/section.html", ZOLA_PAGE.replace("TITLE", "section"))
        write(root, "templates/index.html", ZOLA_PAGE.replace("TITLE", "section"))
        content(root, "content", pages, kind, 1)


main()
