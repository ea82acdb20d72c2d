// What differs between two images, side by side: a table for each platform.

import { painted } from "../paint.js";
import { differences } from "../pkg/report/differences.js";
import { element, list, worded } from "../text.js";

/** The tables, or nothing where nothing differs or the documents are not here. */
export function differencesView(report) {
  const all = differences(report);
  if (all.length < 2) return all.map(table)[0];
  return list(all, (one) => element("li", {}, table(one)), { first: 2 });
}

function table({ platform, rows, more }) {
  const caption = element("caption", {}, platform === undefined ? "The images" : worded(platform));
  const head = element("tr", {}, ["What", "The author’s image", "The image you have"].map((text) => element("th", { scope: "col" }, text)));
  const row = ({ what, left, right }) => element("tr", {}, element("th", { scope: "row" }, painted(what)), cell(left), cell(right));
  const note = more === 0 ? [] : element("p", { class: "hint" }, `${more} more ${more === 1 ? "field differs" : "fields differ"}.`);
  return element("div", { class: "differences" }, element("table", {}, caption, element("thead", {}, head), element("tbody", {}, rows.map(row))), note);
}

const cell = (text) => (text === undefined ? element("td", { class: "hint" }, "not there") : element("td", {}, element("code", {}, worded(text))));
