// Checks a value against a JSON schema. The check knows the words that the schemas here use, and refuses any other.

import assert from "node:assert/strict";

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const whenObject = (check) => (value, wanted, whole, root) => !isObject(value) || check(value, wanted, whole, root);
const whenList = (check) => (value, wanted, whole, root) => !Array.isArray(value) || check(value, wanted, whole, root);
const whenText = (check) => (value, wanted) => typeof value !== "string" || check(value, wanted);
const types = {
  array: Array.isArray,
  boolean: (value) => typeof value === "boolean",
  integer: Number.isInteger,
  null: (value) => value === null,
  object: isObject,
  string: (value) => typeof value === "string",
};
const said = () => true;

const words = {
  $schema: said,
  $defs: said,
  title: said,
  description: said,
  then: said,
  $ref: (value, path, _, root) => fits(value, root.$defs[path.replace("#/$defs/", "")], root),
  type: (value, name) => types[name](value),
  const: (value, wanted) => same(value, wanted),
  enum: (value, all) => all.some((one) => same(value, one)),
  not: (value, wanted, _, root) => !fits(value, wanted, root),
  anyOf: (value, all, _, root) => all.some((one) => fits(value, one, root)),
  if: (value, wanted, { then }, root) => !fits(value, wanted, root) || fits(value, then, root),
  required: whenObject((value, names) => names.every((name) => Object.hasOwn(value, name))),
  minProperties: whenObject((value, least) => Object.keys(value).length >= least),
  propertyNames: whenObject((value, wanted, _, root) => Object.keys(value).every((name) => fits(name, wanted, root))),
  properties: whenObject((value, all, _, root) => Object.entries(all).every(([name, one]) => !Object.hasOwn(value, name) || fits(value[name], one, root))),
  additionalProperties: whenObject((value, wanted, { properties = {} }, root) =>
    Object.keys(value).filter((name) => !Object.hasOwn(properties, name)).every((name) => wanted !== false && fits(value[name], wanted, root))),
  items: whenList((value, wanted, _, root) => value.every((item) => fits(item, wanted, root))),
  minItems: whenList((value, least) => value.length >= least),
  maxItems: whenList((value, most) => value.length <= most),
  uniqueItems: whenList((value) => new Set(value.map((item) => JSON.stringify(item))).size === value.length),
  minLength: whenText((value, least) => value.length >= least),
  pattern: whenText((value, pattern) => new RegExp(pattern, "u").test(value)),
};

/** True if a value fits `wanted`, a part of the schema `root`. */
export function fits(value, wanted, root = wanted) {
  return Object.entries(wanted).every(([word, argument]) => {
    assert.ok(Object.hasOwn(words, word), `the schema uses ${word}, which is not checked here`);
    return words[word](value, argument, wanted, root);
  });
}
