/** What a value on the wire begins with. From `small` on: the whole numbers 0, 1, 2, … 127. */
export const TAG = {
  null: 0,
  true: 1,
  false: 2,
  count: 3,
  float: 4,
  string: 5,
  array: 6,
  object: 7,
  unshaped: 8,
  small: 128,
} as const;

/** Strings up to this length are remembered by both sides, up to so many. */
export const INTERNED_LENGTH_MAX = 40;
export const INTERNED_MAX = 4_096;

/** Shapes of objects, whole or begun, that are remembered by both sides. */
export const SHAPES_MAX = 4_096;

/** A frame is its length in four bytes, the lowest first, and so many bytes. */
export const FRAME_HEADER_BYTES = 4;

/** The longest frame that a cell may send: several times what one handler may hand over. */
export const FRAME_BYTES_MAX = 64_000_000;

/** What a frame for a cell may hold. */
export const ORDER = { load: 1, stimuli: 2 } as const;

/** What may happen in a frame of stimuli, item by item. */
export const ITEM = {
  close: 0,
  start: 1,
  message: 2,
  timer: 3,
  group: 4,
  propose: 5,
  invoke: 6,
  branches: 7,
} as const;

/** What a cell may answer. */
export const ANSWER = { ready: 1, loaded: 2, refused: 3, reactions: 4 } as const;
