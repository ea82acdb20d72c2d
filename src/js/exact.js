// Readers for data of an exact shape. Anything else is an error that names its place.

import { PullproofError } from "./index.js";

// Items of one list.
const mostItems = 50_000;

export const text = (value, place) => {
  if (typeof value !== "string") throw wrong("text", value, place);
  return value;
};
export const object = (shape) => (value, place) => {
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw wrong("an object", value, place);
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(shape, key)) throw fault("unknown-key", `expected ${Object.keys(shape).join(", ")}, found ${shortened(key)}`, place);
  }
  const found = Object.entries(shape).map(([key, { optional, read = shape[key] }]) => {
    const inside = place === "" ? key : `${place}.${key}`;
    if (Object.hasOwn(value, key)) return [key, read(value[key], inside)];
    if (optional) return undefined;
    throw fault("missing-key", `expected ${key}, found none`, place);
  });
  return Object.fromEntries(found.filter((entry) => entry !== undefined));
};
export const optional = (read) => ({ optional: true, read });
export const exactly = (expected, code) => (value, place) => {
  if (value !== expected) throw fault(code, `expected ${JSON.stringify(expected)}, found ${shortened(value)}`, place);
  return value;
};
export const list = (read) => (value, place) => {
  if (!Array.isArray(value)) throw wrong("a list", value, place);
  if (value.length > mostItems) throw fault("limit-exceeded", `expected at most ${mostItems}, found ${value.length}`, place);
  return value.map((one, i) => read(one, `${place}[${i}]`));
};
export const anything = (value, place) => {
  if (value === null || typeof value !== "object") throw wrong("an object", value, place);
  return value;
};
export const flag = (value, place) => {
  if (typeof value !== "boolean") throw wrong("true or false", value, place);
  return value;
};

export const shortened = (value) => {
  const written = JSON.stringify(value) ?? "nothing";
  return written.length > 200 ? `${written.slice(0, 200)}…` : written;
};
export const fault = (code, message, place) => new PullproofError(code, `${message}, at ${place === "" ? "the receipt" : place}`);
export const wrong = (expected, found, place) => fault("json-type", `expected ${expected}, found ${shortened(found)}`, place);

/** Runs `work` on one part; errors get the place of that part. */
export function attempt(place, work) {
  try {
    return work();
  } catch (error) {
    // These end the module, wherever they began.
    if (!(error instanceof PullproofError) || ["could-not-check", "self-test"].includes(error.code)) throw error;
    throw new PullproofError(error.code, `${error.message}, at ${place}`, error.offset);
  }
}
