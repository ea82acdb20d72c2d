// The differences between two images, side by side: a table for each platform, or one for several in which the same differs.

import { painted } from "../paint.js";
import { differences } from "../pkg/report/differences.js";
import { counted, listed } from "../pkg/report/words.js";
import { element, later, list, worded } from "../text.js";

// So many are read at a glance.
const [fewTables, fewRows] = [1, 2];

/** The tables, or nothing where nothing differs or the documents are not here. */
export function differencesView(report) {
  const groups = [...Map.groupBy(differences(report), ({ rows, more }) => JSON.stringify([rows, more])).values()];
  const tables = groups.map((alike) => ({ ...alike[0], platforms: alike.flatMap(({ platform }) => platform ?? []) }));
  if (tables.length < 2) return tables.map(tableView)[0];
  return list(tables, (one) => element("li", {}, tableView(one)), { first: fewTables });
}

function tableView({ platforms, rows, more }) {
  const caption = element("caption", {}, platforms.length === 0 ? "The images" : worded(listed(platforms)));
  const others = rows.slice(fewRows);
  const rest = others.length + more;
  const note = more === 0 ? [] : [element("p", { class: "hint" }, `${counted(more, "field")} more.`)];
  const folded = later(element("summary", {}, `${rest.toLocaleString("en")} more`), () => element("div", {}, table(others), note));
  return element("div", { class: "differences" }, table(rows.slice(0, fewRows), caption), rest === 0 ? [] : folded);
}

const sides = ["The author’s image", "The image you have"];

function table(rows, caption = []) {
  const head = element("tr", {}, ["What", ...sides].map((text) => element("th", { scope: "col" }, text)));
  const row = ({ what, left, right }) => element("tr", {}, element("th", { scope: "row" }, painted(what)), [left, right].map(cell));
  return element("table", {}, caption, element("thead", {}, head), element("tbody", {}, rows.map(row)));
}

/** A value; where there is no room for columns, it is below its side. */
const cell = (text, at) => element("td", { "data-side": sides[at] }, text === undefined ? element("span", { class: "hint" }, "not there") : element("code", {}, worded(text)));
