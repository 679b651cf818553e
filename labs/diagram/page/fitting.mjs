/** Fonts of the drawing, as the style has them: size in pixels, and weight. */
export const FONTS = {
  label: { size: 11.5, weight: 400 },
  told: { size: 11.5, weight: 600 },
  flag: { size: 11.5, weight: 700 },
  small: { size: 10.5, weight: 600 },
  world: { size: 11, weight: 600 },
  head: { size: 12.5, weight: 400 },
  headBold: { size: 12.5, weight: 700 },
};

/** @typedef {keyof typeof FONTS} Font */

/** A text of a drawing is never longer: it need not be measured. */
const CHARS_MAX = 200;
/** Texts whose fit is remembered. */
const KNOWN_MAX = 4_000;

const pen = document.createElement("canvas").getContext("2d");
const fontFamily = getComputedStyle(document.documentElement).fontFamily;
/** @type {Map<string, string>} */
const fits = new Map();

/**
 * Pixels that a text is wide.
 * @param {string} words
 * @param {Font} font
 */
export function widthOf(words, font) {
  const { size, weight } = FONTS[font];
  if (pen === null) return words.length * size * 0.6;
  pen.font = `${weight} ${size}px ${fontFamily}`;
  return pen.measureText(words).width;
}

/**
 * As much of a text as there is room for.
 * @param {string} words
 * @param {number} room in pixels
 * @param {Font} font
 */
export function fitted(words, room, font) {
  const key = `${font} ${Math.floor(room)} ${words}`;
  let fit = fits.get(key);
  if (fit === undefined) {
    fit = cutOff(words, room, font);
    if (fits.size >= KNOWN_MAX) fits.clear();
    fits.set(key, fit);
  }
  return fit;
}

/**
 * The first of some texts that there is room for; if there is none, as much of the last as there is room for.
 * @param {readonly string[]} choices
 * @param {number} room in pixels
 * @param {Font} font
 */
export function firstFitting(choices, room, font) {
  return choices.find((words) => widthOf(words, font) <= room) ?? fitted(choices.at(-1) ?? "", room, font);
}

/** @param {string} words @param {number} room @param {Font} font */
function cutOff(words, room, font) {
  if (words.length <= CHARS_MAX && widthOf(words, font) <= room) return words;
  const head = (/** @type {number} */ chars) => `${words.slice(0, chars).replace(/[\ud800-\udbff]$/, "")}…`;
  let [low, high] = [1, Math.min(words.length, CHARS_MAX)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (widthOf(head(middle), font) <= room) low = middle;
    else high = middle - 1;
  }
  return head(low);
}
