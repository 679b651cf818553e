/**
 * Elements are made here and nowhere else. Words of a run come in as text, never as markup.
 * @typedef {Record<string, string | number | boolean | undefined>} Attributes
 * @typedef {Node | string | readonly (Node | string)[]} Child
 */

/**
 * An element of HTML.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} [attributes] those that are undefined or false are left out
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function el(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/**
 * An element of a drawing.
 * @param {string} name
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {SVGElement}
 */
export function shape(name, attributes = {}, ...children) {
  return filled(
    /** @type {SVGElement} */ (document.createElementNS("http://www.w3.org/2000/svg", name)),
    attributes,
    children,
  );
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {Attributes} attributes
 * @param {readonly Child[]} children
 */
function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : String(value));
  for (const child of children.flat()) element.append(child);
  return element;
}

/**
 * A button that does something.
 * @param {Attributes} attributes
 * @param {() => void} action
 * @param {...Child} children
 */
export function button(attributes, action, ...children) {
  const element = el("button", { type: "button", ...attributes }, ...children);
  element.addEventListener("click", action);
  return element;
}

/**
 * An element of the page's own frame.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no element “${id}”.`);
  return element;
}
