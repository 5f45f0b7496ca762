// Elements, made from values. Whatever comes from the engine becomes text, never markup: nothing here parses HTML.

const SVG = "http://www.w3.org/2000/svg";

/** `h("button", {class: "quiet", onclick: save}, "Save")`; what is null, undefined or false is left out. */
export function h(tag, props = {}, ...children) {
  return furnish(document.createElement(tag), props, children);
}

export function svg(tag, props = {}, ...children) {
  return furnish(document.createElementNS(SVG, tag), props, children);
}

function furnish(element, props, children) {
  for (const [name, value] of Object.entries(props)) give(element, name, value);
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

/** Set one property or attribute, as `h` does. */
export function give(element, name, value) {
  if (name.startsWith("on") || name === "value" || name === "checked" || name === "hidden" || name === "disabled") {
    element[name] = value ?? null;
  } else if (name === "data") {
    Object.assign(element.dataset, value);
  } else if (value === null || value === undefined || value === false) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** The element with this id, which the page has. */
export function the(id) {
  return document.getElementById(id);
}

/** Make the children of `parent` these, moving nothing that is in its place: focus, selection and scrolling stay. */
export function arrange(parent, children) {
  const stay = new Set(children);
  // First, or those that stay would be moved in front of those that do not, and lose the focus by it.
  for (const child of [...parent.childNodes]) if (!stay.has(child)) child.remove();
  let next = parent.firstChild;
  for (const child of children) {
    if (child === next) next = next.nextSibling;
    else parent.insertBefore(child, next);
  }
}

const ICONS = {
  edit: "M3 13l.6-2.8L11 2.8l2.2 2.2-7.4 7.4L3 13z",
  trash: "M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5M7 7v3.6M9 7v3.6",
  clip: "M12.5 7.2l-4.9 4.9a2.9 2.9 0 01-4.1-4.1l5.3-5.3a1.9 1.9 0 012.7 2.7L6.3 10.6a.9.9 0 01-1.3-1.3l4.5-4.5",
  play: "M5 3.2l8 4.8-8 4.8z",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  close: "M4 4l8 8M12 4l-8 8",
  function:
    "M6.2 3c-2 0-2 1-2 2.3S4 7.5 2.8 8c1.2.5 1.400 1.5 1.400 2.700s0 2.3 2 2.3M9.8 3c2 0 2 1 2 2.3s.2 2.2 1.400 2.700c-1.2.5-1.400 1.5-1.400 2.700s0 2.3-2 2.3",
  copy: "M5.5 5.5h7v7h-7zM10.5 5.5v-2h-7v7h2",
};

/** A picture beside words, or in a button that has a name of its own: it says nothing by itself. */
export function icon(name) {
  return svg(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("path", { d: ICONS[name] }),
  );
}

/** A button that is a picture, and its name. */
export function iconButton(name, label, onclick, props = {}) {
  return h(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...props },
    icon(name),
  );
}
