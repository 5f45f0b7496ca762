import assert from "node:assert/strict";
import { test } from "node:test";
import { inline, mark, parse, safe, unmarked } from "../../../assistream/engine/pages/playground/markdown.js";

const strong = (...children) => ({ type: "strong", children });
const emphasis = (...children) => ({ type: "emphasis", children });
const link = (target, text = target) => ({ type: "link", target, children: [text] });
const note = (number) => ({ type: "note", number });
const paragraph = (...children) => ({ type: "paragraph", children });

for (const [text, expected] of [
  ["plain", ["plain"]],
  ["**a** and *b*", [strong("a"), " and ", emphasis("b")]],
  ["**a *b* c**", [strong("a ", emphasis("b"), " c")]],
  ["__a__ _b_ ~~c~~", [strong("a"), " ", emphasis("b"), " ", { type: "deleted", children: ["c"] }]],
  ["snake_case_name", ["snake_case_name"]],
  ["2 * 3 * 4", ["2 * 3 * 4"]],
  ["**open", ["**open"]],
  ["*a **b*", [emphasis("a **b")]],
  ["`a **b**`", [{ type: "code", text: "a **b**" }]],
  ["`open **b**", ["`open ", strong("b")]],
  ["\\*a\\*", ["*a*"]],
  ["[x](https://a.b/c)", [link("https://a.b/c", "x")]],
  ["![x](https://a.b/c.png)", [link("https://a.b/c.png", "x")]],
  ["[x](javascript:alert(1))", ["[x](javascript:alert(1))"]],
  ["[x](data:text/html,y)", ["[x](data:text/html,y)"]],
  ["see https://a.b/c?d=1.", ["see ", link("https://a.b/c?d=1"), "."]],
  ["<b onclick=x>hi</b>", ["<b onclick=x>hi</b>"]],
  [`[a.csv](${mark(1)}).`, [{ type: "file", number: 1, children: ["a.csv"] }, "."]],
  [`![a](${mark(12)})`, [{ type: "file", number: 12, children: ["a"] }]],
  [`[](${mark(1)})`, [{ type: "file", number: 1, children: [] }]],
  [`[a${mark(1)}](https://b.c)`, [{ type: "link", target: "https://b.c", children: ["a", note(1)] }]],
  [`[a${mark(1)}](javascript:b)`, ["[a", note(1), "](javascript:b)"]],
  [`[a](sandbox:${mark(1)}/b)`, ["[a](sandbox:", note(1), "/b)"]],
  [`https://a.b/c${mark(1)}.`, [link("https://a.b/c"), note(1), "."]],
  [`a${mark(2)}b`, ["a", { type: "note", number: 2 }, "b"]],
]) {
  test(`inline: ${text}`, () => assert.deepEqual(inline(text), expected));
}

for (const [text, expected] of [
  ["", []],
  ["a\nb\n\nc", [paragraph("a\nb"), paragraph("c")]],
  ["## A #b ##", [{ type: "heading", level: 2, children: ["A #b"] }]],
  ["#no", [paragraph("#no")]],
  ["```py\na\n\n# b\n```\nc", [{ type: "code", language: "py", text: "a\n\n# b" }, paragraph("c")]],
  ["```\nopen", [{ type: "code", language: "", text: "open" }]],
  ["````\n```\n````", [{ type: "code", language: "", text: "```" }]],
  ["---", [{ type: "rule" }]],
  ["> a\n> b", [{ type: "quote", children: [paragraph("a\nb")] }]],
  ["- a\n- b", [{ type: "list", ordered: false, start: 1, items: [[paragraph("a")], [paragraph("b")]] }]],
  ["3. a\n4. b", [{ type: "list", ordered: true, start: 3, items: [[paragraph("a")], [paragraph("b")]] }]],
  [
    "- a\n  - b\n- c",
    [
      {
        type: "list",
        ordered: false,
        start: 1,
        items: [
          [paragraph("a"), { type: "list", ordered: false, start: 1, items: [[paragraph("b")]] }],
          [paragraph("c")],
        ],
      },
    ],
  ],
  [
    "- a\n\n  b\n\n- c",
    [{ type: "list", ordered: false, start: 1, items: [[paragraph("a"), paragraph("b")], [paragraph("c")]] }],
  ],
  ["a:\n- b", [paragraph("a:"), { type: "list", ordered: false, start: 1, items: [[paragraph("b")]] }]],
  ["| a | b |\n|---|--:|\n| 1 |", [{ type: "table", head: [["a"], ["b"]], rows: [[["1"], []]] }]],
  ["a | b", [paragraph("a | b")]],
]) {
  test(`blocks: ${JSON.stringify(text)}`, () => assert.deepEqual(parse(text), expected));
}

test("no text is lost, however it is written and wherever it stops", () => {
  const text =
    "# T\n\nA **b _c_** `d` [e](https://f.g)\n\n- h\n  1. i\n\n> j\n\n|k|l|\n|-|-|\n|m|n|\n\n```x\no\n```\n*p";
  const words = (node) =>
    typeof node === "string"
      ? node
      : [
          node.text ?? "",
          ...[node]
            .flatMap((one) => [one.children, one.items, one.head, one.rows].filter(Boolean))
            .flat(4)
            .map(words),
        ].join("");
  for (let length = 0; length <= text.length; length += 1) {
    const shown = parse(text.slice(0, length)).map(words).join("");
    for (const letter of text
      .slice(0, length)
      .replace(/https:\/\/f\.g|x\n/g, "")
      .match(/[A-Za-eh-wy-z]/g) ?? [])
      assert.ok(shown.includes(letter), `${letter} of ${text.slice(0, length)}`);
  }
});

test("long and deep texts end", () => {
  for (const piece of [
    "*",
    "**a ",
    "`",
    "[",
    "[a](",
    "> ",
    "- ",
    "#",
    "# #",
    "|",
    "~~",
    "_a",
    "https://a",
    "\\",
    "1. ",
    " ",
  ]) {
    parse(piece.repeat(20_000));
    parse(`${piece}\n`.repeat(5_000));
  }
});

test("addresses that run nothing", () => {
  assert.deepEqual(
    ["https://a", "HTTP://a", "mailto:a@b", "javascript:a", " javascript:a", "//a", "data:a", "vbscript:a"].map(safe),
    [true, true, true, false, false, false, false, false],
  );
  assert.ok(!/[\uE000\uE001]/.test(unmarked(mark(1))));
});
