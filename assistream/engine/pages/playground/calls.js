// Tool calls: how they look while they are written and when they are done, and the form in which a person answers.

import { h, icon } from "./dom.js";
import { fileName, picture } from "./files.js";
import { field } from "./dialogs.js";
import { link } from "./prose.js";
import { nameOf } from "./timing.js";
import { pretty } from "./words.js";

/** A call of any type. `writing` is whether its arguments may still grow; `more` goes below it. */
export function callCard(call, { writing = false, more = null } = {}) {
  return h(
    "section",
    { class: "call", "aria-label": `Call of ${nameOf(call)}` },
    h(
      "header",
      {},
      icon("function"),
      h("code", {}, nameOf(call)),
      writing ? h("span", { class: "fine" }, "is being written") : null,
    ),
    (BODIES[call.type] ?? unknown)(call, writing),
    more,
  );
}

const BODIES = {
  function: (call, writing) => [
    labelled(
      "Arguments",
      h(
        "pre",
        { class: writing ? "writing" : null, tabindex: "0" },
        writing ? call.function.arguments : pretty(call.function.arguments || "{}"),
      ),
    ),
    call.function.output === null || call.function.output === undefined
      ? null
      : labelled("Output", h("pre", { tabindex: "0" }, pretty(call.function.output))),
  ],
  code_interpreter: (call, writing) => [
    labelled(
      "Code",
      h("pre", { class: writing ? "writing" : null, tabindex: "0" }, call.code_interpreter?.input ?? ""),
    ),
    (call.code_interpreter?.outputs ?? []).filter(Boolean).map(output),
  ],
  file_search: (call) => {
    const results = call.file_search?.results ?? [];
    return results.length
      ? h("ol", { class: "results" }, results.map(result))
      : h("p", { class: "fine" }, "Searches the files.");
  },
};

function unknown(call) {
  return h("pre", { tabindex: "0" }, JSON.stringify(call, null, 2));
}

function labelled(label, content) {
  return h("div", { class: "labelled" }, h("span", { class: "fine" }, label), content);
}

function output(one) {
  if (one.type === "image") return picture(one.image.file_id);
  return labelled("Output", h("pre", { tabindex: "0" }, one.logs ?? JSON.stringify(one, null, 2)));
}

function result(one) {
  const text = (one.content ?? []).map((part) => part.text).join("\n");
  return h(
    "li",
    {},
    one.file_name ? h("span", {}, one.file_name) : fileName(one.file_id),
    h("span", { class: "fine" }, ` ${one.score?.toFixed(2) ?? ""}`),
    text ? h("details", {}, h("summary", {}, "Text"), h("p", { class: "excerpt" }, text)) : null,
  );
}

/** A field for each call that waits, and one button: outputs go together, or not at all. */
export function outputForm(calls, tools, submit) {
  const fields = calls.map((call) =>
    h("textarea", { rows: 3, name: call.id, spellcheck: "false", placeholder: "Text or JSON" }),
  );
  const button = h(
    "button",
    { class: "primary" },
    calls.length === 1 ? "Submit output" : `Submit ${calls.length} outputs`,
  );
  const form = h(
    "form",
    { class: "outputs", "aria-label": "Outputs of the calls" },
    calls.map((call, at) =>
      callCard(call, { more: [schemaOf(call, tools), field(`Output of ${nameOf(call)}`, fields[at])] }),
    ),
    h(
      "div",
      { class: "buttons" },
      h("span", { class: "fine keys" }, h("kbd", {}, "Ctrl"), " ", h("kbd", {}, "Enter")),
      button,
    ),
  );
  form.onsubmit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    await submit(calls.map((call, at) => ({ tool_call_id: call.id, output: fields[at].value })));
    button.disabled = false; // where the engine has not taken them
  };
  form.onkeydown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  };
  return form;
}

/** What the function is for, and what its arguments are, by the words of the assistant. */
function schemaOf(call, tools) {
  const declared = tools.find((tool) => tool.function?.name === call.function.name)?.function;
  if (!declared) return h("p", { class: "fine" }, "The assistant does not declare this function.");
  const { description, parameters } = declared;
  return [
    description ? h("p", { class: "fine" }, description) : null,
    parameters
      ? h(
          "details",
          {},
          h("summary", {}, "JSON schema of the arguments"),
          h("pre", { tabindex: "0" }, JSON.stringify(parameters, null, 2)),
        )
      : null,
  ];
}

/** An image in a message: one of the engine's files, data, or an address, which is not fetched unless somebody goes there. */
export function image(part) {
  if (part.type === "image_file") return picture(part.image_file.file_id);
  const { url } = part.image_url;
  return url.startsWith("data:image/")
    ? h("figure", { class: "picture" }, h("img", { src: url, alt: "Image" }))
    : h("p", {}, "Image: ", /^https?:/i.test(url) ? link(url, url) : url);
}
