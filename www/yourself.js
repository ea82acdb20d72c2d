// "Check it yourself": the commands of other tools that reproduce each step, a tab for each tool. They are
// the lines that the command line prints, from the same function.

import { checks } from "./pkg/report/checks.js";
import { copyable, copyButton, element, list } from "./text.js";

// What the tabs are called where it is not the tool's name.
const names = new Map([["files", "sha256sum"]]);
const first = 12;
let made = 0;

/** The tabs of a report, or nothing where no command would help. */
export function yourselfView(report) {
  const groups = checks(report);
  if (groups.length === 0) return undefined;
  const id = `yourself-${(made += 1)}`;
  const tabs = groups.map(({ tool }, i) =>
    element("button", { type: "button", role: "tab", id: `${id}-tab-${i}`, "aria-controls": `${id}-${i}`, class: "tab" }, names.get(tool) ?? tool));
  const panels = groups.map(({ lines }, i) =>
    element("div", { role: "tabpanel", id: `${id}-${i}`, "aria-labelledby": `${id}-tab-${i}` }, panel(lines)));
  const choose = (chosen) => {
    tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === chosen));
      tab.setAttribute("tabindex", i === chosen ? "0" : "-1");
      panels[i].hidden = i !== chosen;
    });
  };
  choose(0);
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

/** Each command to copy, with what it has to print below it; and all of them at once. */
function panel(lines) {
  const all = element("div", { class: "row" }, element("span", { class: "hint grow" }, "After # stands what each has to print."), copyButton(lines.join("\n"), "Copy all"));
  return [all, list(commandsOf(lines), (text) => element("li", {}, copyable(text)), { first })];
}

/** Lines that belong together: a loop, and a command with the comments below it. */
function commandsOf(lines) {
  const commands = [];
  for (const line of lines) {
    if (commands.length > 0 && /^(?: |#   |done)/.test(line)) commands.push(`${commands.pop()}\n${line}`);
    else commands.push(line);
  }
  return commands;
}
