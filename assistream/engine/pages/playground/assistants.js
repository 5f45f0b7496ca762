// The list of assistants, and the form in which one is made and changed.

import { list, post, remove } from "./api.js";
import { ask, confirm, field } from "./dialogs.js";
import { arrange, h, iconButton, the } from "./dom.js";
import { announce, failed } from "./notices.js";
import { assistantOf, change, state, watch } from "./state.js";
import { assistantTitle } from "./words.js";

const PAGE = 100;
const CHOSEN = "assistream-assistant";

export function showAssistants() {
  the("new-assistant").onclick = () => edit(null);
  watch(["assistants", "assistantId"], render);
}

export async function loadAssistants() {
  const found = [];
  for (let page = { has_more: true }; page.has_more; found.push(...page.data)) {
    page = await list("assistants", { limit: PAGE, ...(page.last_id ? { after: page.last_id } : {}) });
  }
  change({ assistants: found });
  choose(assistantOf(localStorage.getItem(CHOSEN))?.id ?? found[0]?.id ?? null);
}

let models = null;

/** The names of models are only offered: a model server that does not answer, or late, is no reason not to begin. */
function offerModels(input, names) {
  models ??= list("models").then(
    ({ data }) => data.map((model) => model.id),
    () => (models = null) ?? [],
  );
  models.then((found) => {
    names.append(...found.map((model) => h("option", { value: model })));
    if (!input.value && document.activeElement !== input) input.value = found[0] ?? "";
  });
}

function choose(id) {
  if (id) localStorage.setItem(CHOSEN, id);
  change({ assistantId: id });
}

function render() {
  const rows = state.assistants.map(row);
  arrange(the("assistants"), rows.length ? rows : [h("li", { class: "fine none" }, "None yet.")]);
}

function row(assistant) {
  const title = assistantTitle(assistant);
  const chosen = assistant.id === state.assistantId;
  return h(
    "li",
    { class: "entry" },
    h(
      "button",
      { type: "button", class: "choice", "aria-current": chosen ? "true" : null, onclick: () => choose(assistant.id) },
      h("span", { class: "title" }, title),
      h("span", { class: "fine" }, summary(assistant)),
    ),
    iconButton("edit", `Edit ${title}`, () => edit(assistant)),
    iconButton("trash", `Delete ${title}`, () => drop(assistant)),
  );
}

function summary({ model, tools }) {
  const functions = tools.filter((tool) => tool.type === "function").length;
  const others = tools.filter((tool) => tool.type !== "function").map((tool) => tool.type.replace("_", " "));
  return [model, functions ? `${functions} function${functions > 1 ? "s" : ""}` : null, ...others]
    .filter(Boolean)
    .join(" · ");
}

async function drop(assistant) {
  const sure = await confirm(`Delete ${assistantTitle(assistant)}?`, "Its threads and runs stay.", "Delete");
  if (!sure) return;
  try {
    await remove(`assistants/${assistant.id}`);
    change({ assistants: state.assistants.filter((one) => one !== assistant) });
    if (state.assistantId === assistant.id) choose(state.assistants[0]?.id ?? null);
    announce("The assistant is deleted.");
  } catch (error) {
    failed(error);
  }
}

const EXAMPLE = [
  {
    name: "get_weather",
    description: "The weather in a city, now.",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
];

export async function edit(assistant) {
  const made = await ask(assistant ? `Edit ${assistantTitle(assistant)}` : "New assistant", form(assistant), {
    wide: true,
    label: assistant ? "Save" : "Create",
    submit: (data) => post(assistant ? `assistants/${assistant.id}` : "assistants", bodyOf(data, assistant)),
  });
  if (!made) return;
  const others = state.assistants.filter((one) => one.id !== made.id);
  change({
    assistants: assistant ? state.assistants.map((one) => (one.id === made.id ? made : one)) : [made, ...others],
  });
  choose(made.id);
}

function form(assistant) {
  const functions = (assistant?.tools ?? []).filter((tool) => tool.type === "function").map((tool) => tool.function);
  const written = h("textarea", {
    name: "functions",
    rows: 8,
    class: "mono",
    spellcheck: "false",
    value: functions.length ? JSON.stringify(functions, null, 2) : "",
  });
  const example = h(
    "button",
    { type: "button", class: "link", onclick: () => (written.value = JSON.stringify(EXAMPLE, null, 2)) },
    "Insert an example",
  );
  const input = (name, value, more = {}) => h("input", { name, value: value ?? "", autocomplete: "off", ...more });
  const model = input("model", assistant?.model, { required: true, list: "models" });
  const names = h("datalist", { id: "models" });
  offerModels(model, names);
  const stores = storeField(assistant);
  return [
    h(
      "div",
      { class: "columns" },
      field("Name", input("name", assistant?.name, { autofocus: true, maxlength: 256 })),
      field("Model", model),
    ),
    names,
    field("Instructions", h("textarea", { name: "instructions", rows: 4, value: assistant?.instructions ?? "" })),
    field("Functions", written, "A JSON list of functions: name, description, and parameters as a JSON schema."),
    example,
    h(
      "fieldset",
      { class: "switches" },
      h("legend", {}, "Tools of the engine"),
      toggle("file_search", "File search", assistant, ({ target }) => (stores.hidden = !target.checked)),
      toggle("code_interpreter", "Code interpreter", assistant),
    ),
    stores,
    h(
      "div",
      { class: "columns" },
      field(
        "Temperature",
        input("temperature", assistant?.temperature, { type: "number", min: 0, max: 2, step: "any" }),
        "0 to 2; 1 if empty.",
      ),
      field(
        "Top p",
        input("top_p", assistant?.top_p, { type: "number", min: 0, max: 1, step: "any" }),
        "0 to 1; 1 if empty.",
      ),
    ),
  ];
}

function has(assistant, type) {
  return Boolean(assistant?.tools.some((tool) => tool.type === type));
}

function toggle(type, label, assistant, onchange = null) {
  const checked = has(assistant, type);
  return h("label", { class: "switch" }, h("input", { type: "checkbox", name: type, checked, onchange }), label);
}

function storeOf(assistant) {
  return assistant?.tool_resources?.file_search?.vector_store_ids?.[0] ?? "";
}

/** Which of the engine's vector stores file search looks into, beside what is attached to messages. */
function storeField(assistant) {
  const chosen = storeOf(assistant);
  const option = (value, label) => h("option", { value, selected: value === chosen }, label);
  const select = h(
    "select",
    { name: "vector_store" },
    option("", "None: files are attached to messages"),
    chosen ? option(chosen, chosen) : null,
  );
  list("vector_stores", { limit: PAGE }).then(
    ({ data }) => {
      const known = select.querySelector(`option[value="${CSS.escape(chosen)}"]`);
      for (const { id, name } of data)
        if (id === chosen) known.textContent = name || id;
        else select.append(option(id, name || id));
    },
    () => {}, // what cannot be listed is not offered
  );
  const shown = field("Vector store", select, "What file search looks into, beside the files of the thread.");
  shown.hidden = !has(assistant, "file_search");
  return shown;
}

/** Nothing, unless another store is chosen: what else the assistant has there is kept. */
function resourcesOf(data, assistant) {
  const store = data.get("vector_store");
  if (!data.get("file_search") || store === storeOf(assistant)) return {};
  const file_search = { vector_store_ids: store ? [store] : [] };
  return { tool_resources: { ...assistant?.tool_resources, file_search } };
}

/** What the form says, as the API takes it. Throws an error for the person who wrote it. */
function bodyOf(data, assistant) {
  const number = (name) => (data.get(name) === "" ? 1 : Number(data.get(name)));
  return {
    name: data.get("name") || null,
    model: data.get("model"),
    instructions: data.get("instructions") || null,
    temperature: number("temperature"),
    top_p: number("top_p"),
    tools: [...builtIn(data, assistant), ...functionsOf(data.get("functions"))],
    ...resourcesOf(data, assistant),
  };
}

function builtIn(data, assistant) {
  return (
    ["file_search", "code_interpreter"]
      .filter((type) => data.get(type))
      // What somebody has set in a tool is kept.
      .map((type) => assistant?.tools.find((tool) => tool.type === type) ?? { type })
  );
}

function functionsOf(text) {
  if (!text.trim()) return [];
  let written;
  try {
    written = JSON.parse(text);
  } catch (error) {
    throw new Error(`The functions are not JSON: ${error.message}`);
  }
  // One by itself, and those that are written as tools, are understood, too.
  return [written]
    .flat()
    .map((one) => (one?.type === "function" && one.function ? one : { type: "function", function: one }));
}
