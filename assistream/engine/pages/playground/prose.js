// A tree of `markdown.js`, and the text of a message with its notes, as elements.

import { h, iconButton } from "./dom.js";
import { parse } from "./markdown.js";
import { noted, written } from "./notes.js";
import { announce } from "./notices.js";
import { fileNote, saveButton } from "./files.js";

/** A text of a model. */
export function prose(value, annotations = []) {
  const { text, notes } = noted(value, annotations);
  return h(
    "div",
    { class: "prose" },
    parse(text).map((one) => block(one, notes)),
    notes.length ? noteList(notes) : null,
  );
}

function block(node, notes) {
  switch (node.type) {
    case "heading":
      // The page has levels one and two itself, and a conversation is below them.
      return h(`h${Math.min(node.level + 2, 6)}`, {}, pieces(node.children, notes));
    case "code":
      return codeBlock(written(node.text, notes), node.language);
    case "list":
      return h(
        node.ordered ? "ol" : "ul",
        node.ordered && node.start !== 1 ? { start: node.start } : {},
        node.items.map((item) => h("li", {}, itemOf(item, notes))),
      );
    case "quote":
      return h(
        "blockquote",
        {},
        node.children.map((one) => block(one, notes)),
      );
    case "table":
      return table(node, notes);
    case "rule":
      return h("hr");
    default:
      return h("p", {}, pieces(node.children, notes));
  }
}

/** A line in a list is no paragraph, unless something stands beside it. */
function itemOf(blocks, notes) {
  return blocks.map((one, at) =>
    one.type === "paragraph" && at === 0 ? pieces(one.children, notes) : block(one, notes),
  );
}

function table(node, notes) {
  const row = (cells, tag) =>
    h(
      "tr",
      {},
      cells.map((cell) => h(tag, {}, pieces(cell, notes))),
    );
  return h(
    "div",
    { class: "table", tabindex: "0", role: "region", "aria-label": "Table" },
    h(
      "table",
      {},
      h("thead", {}, row(node.head, "th")),
      h(
        "tbody",
        {},
        node.rows.map((cells) => row(cells, "td")),
      ),
    ),
  );
}

const TAGS = { strong: "strong", emphasis: "em", deleted: "del" };

function pieces(children, notes) {
  return children.map((child) => {
    if (typeof child === "string") return child;
    if (child.type === "code") return h("code", {}, written(child.text, notes));
    if (child.type === "note") return number(child, notes);
    if (child.type === "file") return [toFile(child, notes), number(child, notes)];
    if (child.type === "link") return link(child.target, pieces(child.children, notes));
    return h(TAGS[child.type], {}, pieces(child.children, notes));
  });
}

function number(child, notes) {
  return notes[child.number - 1] ? h("sup", { class: "note" }, String(child.number)) : null;
}

/** A link to a file that was made saves it; one to what was cited is a word with a number. */
function toFile({ number: of, children }, notes) {
  const note = notes[of - 1];
  const label = pieces(children, notes);
  return note?.kind === "file_path" && note.file && label.length ? saveButton(note.file, label) : label;
}

export function link(target, children) {
  return h("a", { href: target, target: "_blank", rel: "noopener noreferrer" }, children);
}

/** Code as it is, with a button that copies it. */
function codeBlock(text, language = "") {
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    announce("Copied.");
  };
  // Only where a page may write to the clipboard: not on plain HTTP from another machine.
  const button = navigator.clipboard ? iconButton("copy", "Copy", copy, { class: "icon-button copy" }) : null;
  return h(
    "div",
    { class: "code" },
    h("pre", { tabindex: "0" }, h("code", { "data-language": language || null }, text)),
    button,
  );
}

function noteList(notes) {
  return h(
    "ol",
    { class: "notes", "aria-label": "Sources" },
    notes.map((note) => h("li", {}, fileNote(note))),
  );
}
