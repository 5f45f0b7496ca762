// Markdown, as models write it, to a tree of plain values. No DOM, no HTML: what is not understood stays as it was
// written. Text that is still being written is understood as far as it has come. Every step is linear in the text.

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]*)[^`]*$/;
const HEADING = /^(#{1,6})\s+(.*)$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const ITEM = /^(\s*)(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;
const QUOTE = /^\s{0,3}>\s?(.*)$/;
const DELIMITERS = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;
const DEEPEST = 12;

/** Blocks: `{type: "paragraph" | "heading" | "code" | "list" | "quote" | "table" | "rule", ...}`. */
export function parse(text) {
  return blocks(text.split(/\r\n|\n|\r/), 0);
}

function blocks(lines, depth) {
  const found = [];
  let at = 0;
  while (at < lines.length) {
    const [block, next] = blockAt(lines, at, depth);
    if (block) found.push(block);
    at = next;
  }
  return found;
}

function blockAt(lines, at, depth) {
  const line = lines[at];
  if (!line.trim()) return [null, at + 1];
  if (FENCE.test(line)) return code(lines, at);
  if (HEADING.test(line)) {
    const [, signs, text] = HEADING.exec(line);
    return [{ type: "heading", level: signs.length, children: inline(withoutSigns(text)) }, at + 1];
  }
  if (RULE.test(line)) return [{ type: "rule" }, at + 1];
  if (depth < DEEPEST && QUOTE.test(line)) return quote(lines, at, depth);
  if (depth < DEEPEST && ITEM.test(line)) return items(lines, at, depth);
  if (line.includes("|") && DELIMITERS.test(lines[at + 1] ?? "x") && (lines[at + 1] ?? "").includes("-"))
    return table(lines, at);
  return paragraph(lines, at, depth);
}

/** Signs may stand at the end of a heading, too. A loop, because a regular expression would begin anew at each of them. */
function withoutSigns(text) {
  let end = text.length;
  while (text[end - 1] === "#") end -= 1;
  return text.slice(0, end).trim();
}

function code(lines, at) {
  const [, fence, language] = FENCE.exec(lines[at]);
  const closing = new RegExp(`^ {0,3}${fence[0]}{${fence.length},}\\s*$`);
  let end = at + 1;
  while (end < lines.length && !closing.test(lines[end])) end += 1;
  return [{ type: "code", language, text: lines.slice(at + 1, end).join("\n") }, end + 1];
}

function quote(lines, at, depth) {
  const inside = [];
  while (at < lines.length && QUOTE.test(lines[at])) inside.push(QUOTE.exec(lines[at++])[1]);
  return [{ type: "quote", children: blocks(inside, depth + 1) }, at];
}

function items(lines, at, depth) {
  const [, indent, first] = ITEM.exec(lines[at]);
  const list = { type: "list", ordered: first !== undefined, start: Number(first ?? 1), items: [] };
  while (at < lines.length) {
    const item = ITEM.exec(lines[at]);
    if (!item || item[1].length > indent.length + 1 || (item[2] !== undefined) !== list.ordered || RULE.test(lines[at]))
      break;
    const inside = [item[3]];
    at += 1;
    // What is indented belongs to the item, also after an empty line.
    while (at < lines.length && belongs(lines, at, indent.length)) inside.push(lines[at++].replace(/^ {1,4}|^\t/, ""));
    list.items.push(blocks(inside, depth + 1));
    if (!lines[at]?.trim() && ITEM.test(lines[at + 1] ?? "")) at += 1;
  }
  return [list, at];
}

function belongs(lines, at, indent) {
  const line = lines[at].trim() ? lines[at] : (lines[at + 1] ?? "");
  return /^\s/.test(line) && line.search(/\S/) > indent + 1;
}

function table(lines, at) {
  const head = cells(lines[at]);
  const rows = [];
  at += 2;
  while (at < lines.length && lines[at].includes("|")) rows.push(cells(lines[at++]));
  return [{ type: "table", head, rows: rows.map((row) => head.map((_, column) => row[column] ?? [])) }, at];
}

function cells(line) {
  return line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => inline(cell.trim()));
}

function paragraph(lines, at, depth) {
  const from = at;
  do at += 1;
  while (at < lines.length && lines[at].trim() && !begins(lines[at], depth));
  return [{ type: "paragraph", children: inline(lines.slice(from, at).join("\n")) }, at];
}

function begins(line, depth) {
  return (
    FENCE.test(line) ||
    HEADING.test(line) ||
    RULE.test(line) ||
    (depth < DEEPEST && (QUOTE.test(line) || ITEM.test(line)))
  );
}

/** A note in a text: `mark(3)` in it becomes `{type: "note", number: 3}`. */
export function mark(number) {
  return `\uE000${number}\uE001`;
}

/** The text without what could be taken for a note. */
export function unmarked(text) {
  return text.replace(/[\uE000\uE001]/g, "\uFFFD");
}

const MARK = /\uE000\d{1,6}\uE001/;
const TOKEN = new RegExp(
  [
    "(?<escape>\\\\[\\\\`*_{}\\[\\]()#+.!|~<>-])",
    "(?<code>(?<ticks>`{1,3})(?!`)(?<inside>[^`]{1,2000}?)\\k<ticks>(?!`))",
    // What is linked to can be a note as a whole: a file that was made, whose address leads nowhere by itself.
    '(?<image>!?)\\[(?<label>[^\\[\\]\\n]{0,500})\\]' +
      '\\((?<target>\uE000\\d{1,6}\uE001|[^()\\s\uE000\uE001]{1,2000})(?:\\s+"[^"\\n]{0,300}")?\\)',
    "(?<bare>\\bhttps?://[^\\s<>\"'`\uE000\uE001]{1,2000}[^\\s<>\"'`\uE000\uE001.,;:!?)\\]*_])",
    `(?<note>${MARK.source})`,
    "(?<sign>\\*\\*|__|~~|\\*|_)",
  ].join("|"),
  "gu",
);
const STYLES = { "**": "strong", __: "strong", "~~": "deleted", "*": "emphasis", _: "emphasis" };

/** Pieces: strings, and `{type: "strong" | "emphasis" | "deleted", children}`, `code`, `link`, `note`, and
 * `{type: "file", number, children}`, a link to what a note is about. In code, marks stay: it is shown as it was written. */
export function inline(text) {
  return paired(tokens(text));
}

function tokens(text) {
  const found = [];
  let last = 0;
  for (const match of text.matchAll(TOKEN)) {
    found.push(text.slice(last, match.index), ...token(match, text));
    last = match.index + match[0].length;
  }
  return [...found, text.slice(last)].filter((piece) => piece !== "");
}

function token(match, text) {
  const { escape, code, inside, label, target, bare, note, sign } = match.groups;
  if (escape) return [escape[1]];
  if (code) return [{ type: "code", text: inside }];
  if (target !== undefined) return linked(match[0], label, target);
  if (bare) return [{ type: "link", target: bare, children: [bare] }];
  if (note) return [noteOf(note)];
  const before = text[match.index - 1] ?? " ";
  const after = text[match.index + sign.length] ?? " ";
  // An underscore inside of a word, as in snake_case, is one.
  const inWord = sign[0] === "_" && /\w/.test(before) && /\w/.test(after);
  return [inWord ? sign : { sign, opens: !/\s/.test(after), closes: !/\s/.test(before) }];
}

function linked(whole, label, target) {
  if (MARK.test(target)) return [{ type: "file", number: noteOf(target).number, children: withNotes(label) }];
  return safe(target) ? [{ type: "link", target, children: withNotes(label || target) }] : withNotes(whole);
}

function noteOf(text) {
  return { type: "note", number: Number(text.slice(1, -1)) };
}

/** A text in which nothing but notes is understood: a mark itself is never shown. */
function withNotes(text) {
  return text
    .split(new RegExp(`(${MARK.source})`))
    .filter(Boolean)
    .map((piece) => (MARK.test(piece) ? noteOf(piece) : piece));
}

/** Only what can be followed without running anything. */
export function safe(target) {
  return /^(https?:\/\/|mailto:)/i.test(target);
}

function paired(found) {
  const open = [{ children: [] }];
  for (const one of found) {
    const at = one.sign && one.closes ? open.findLastIndex((frame) => frame.sign === one.sign) : -1;
    if (at > 0) close(open, at, one);
    else if (one.sign && one.opens && open.length <= DEEPEST) open.push({ sign: one.sign, children: [] });
    else open.at(-1).children.push(one.sign ?? one);
  }
  while (open.length > 1) unopened(open);
  return joined(open[0].children);
}

function close(open, at, { sign }) {
  while (open.length > at + 1) unopened(open);
  const { children } = open.pop();
  open.at(-1).children.push(children.length ? { type: STYLES[sign], children: joined(children) } : sign + sign);
}

/** What was never closed is text. */
function unopened(open) {
  const { sign, children } = open.pop();
  open.at(-1).children.push(sign, ...children);
}

function joined(children) {
  const whole = [];
  for (const child of children) {
    if (typeof child === "string" && typeof whole.at(-1) === "string") whole.push(whole.pop() + child);
    else whole.push(child);
  }
  return whole;
}
