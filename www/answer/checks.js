// "Check it yourself": the commands of other tools that reproduce each step, a tab for each tool. They are
// the lines that the command line prints, from the same function.

import { allLines } from "../pkg/report/checks.js";
import { copyable, copyButton, element, list, visible } from "../text.js";

// What the tabs are called where it is not the tool's name.
const names = new Map([["files", "sha256sum"]]);
// So many steps are shown at first, where each stands alone.
const first = 6;
let made = 0;
// The tool that was chosen last, for the answers that follow in this tab of the browser.
let preferred;

/** The tabs of an answer's steps, as checks.js groups them. */
export function yourselfView(groups) {
  const id = `yourself-${(made += 1)}`;
  const tabs = groups.map(({ tool }, i) =>
    element("button", { type: "button", role: "tab", id: `${id}-tab-${i}`, "aria-controls": `${id}-${i}`, class: "tab" }, names.get(tool) ?? tool));
  const panels = groups.map((group, i) =>
    element("div", { role: "tabpanel", id: `${id}-${i}`, "aria-labelledby": `${id}-tab-${i}` }, panel(group)));
  const show = (chosen) => {
    tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === chosen));
      tab.setAttribute("tabindex", i === chosen ? "0" : "-1");
      panels[i].hidden = i !== chosen;
    });
  };
  const choose = (chosen) => {
    preferred = groups[chosen].tool;
    show(chosen);
  };
  show(Math.max(0, groups.findIndex(({ tool }) => tool === preferred)));
  tabs.forEach((tab, i) => tab.addEventListener("click", () => choose(i)));
  const bar = element("div", { role: "tablist", "aria-label": "Tool", class: "tabs" }, tabs);
  bar.addEventListener("keydown", (event) => {
    const to = moved(event.key, tabs.indexOf(event.target), tabs.length);
    if (to === undefined) return;
    event.preventDefault();
    choose(to);
    tabs[to].focus();
  });
  return element("div", { class: "yourself" }, bar, panels);
}

/** The place that a key leads to: the arrows go round. */
function moved(key, at, count) {
  if (at < 0) return undefined;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  return step === undefined ? undefined : (at + step + count) % count;
}

/** All commands to copy at once; then each step, with what it has to print below its command. */
function panel(group) {
  const { tool, needs, steps } = group;
  const given = tool === "files" ? "FILE: what was pasted, saved as a file; in each step the text of the document that the step is about." : "";
  const needed = needs === undefined ? "" : `Needed: ${needs}. Run the steps in this order, in one shell.`;
  const all = element("div", { class: "row" }, element("span", { class: "hint grow" }, given || needed || "Each step, and what its command has to print."), copyButton(allLines(group).join("\n"), "Copy all"));
  const name = element("p", { class: "paper-only" }, `With ${names.get(tool) ?? tool}:`);
  return [name, all, list(steps, stepItem, { first: needs === undefined ? first : steps.length, ordered: true })];
}

function stepItem({ about, command, prints }) {
  return element("li", {}, command === undefined ? element("p", { class: "about" }, visible(about)) : copyable(command, { about, prints }));
}
