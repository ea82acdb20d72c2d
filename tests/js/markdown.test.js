// Reports as Markdown: text from elsewhere stays text for Markdown, HTML and the sites that show it, and plain text
// stays plain.

import assert from "node:assert/strict";
import test from "node:test";
import { marked } from "marked";
import { parseFragment } from "parse5";
import { escaped, reportMarkdown } from "../../dist/pkg/report/markdown.js";
import { visible } from "../../dist/pkg/report/visible.js";
import { evil, nasty } from "../support/hostile.mjs";

test("U08: in Markdown, text from outside is text", () => {
  const text = reportMarkdown(evil);
  assert.doesNotMatch(escaped(nasty).replaceAll("<wbr>", ""), /[`<>*[\]|\\~$\u001b\u202e]|@user|:\/\/|(?<!&)#/);
  // Every line is one that is written here: headings, rows, items and commands, and no other.
  for (const line of text.split("\n")) {
    assert.match(line, /^(?:|### ✗ .*|\*\*[A-Z][a-z ]*\*\*|Verdict: \*\*contradicted\*\*: .*|\|.*\||- .*| {4}.*|<details><summary>[A-Z][a-z ]*<\/summary>|<\/details>|&#96;.*)$/);
    const own = line.replaceAll(/<\/?(?:code|details|summary)>|<br>|<wbr>|^### |^\*\*|\*\*$|^Verdict: \*\*contradicted\*\*|\| |\||^- /g, "");
    if (!line.startsWith("    ")) assert.doesNotMatch(own, /[`<>*_[\]|@\u001b\u202e]/, line);
  }
});

// Two readers of Markdown parse it: text from outside must not become links, mentions or markup.
const parsed = (markdown) => parseFragment(marked.parse(markdown, { gfm: true }));
const nodesOf = (node) => [node, ...(node.childNodes ?? []).flatMap(nodesOf)];
const own = ["#document-fragment", "#text", "br", "code", "details", "h3", "li", "p", "pre", "strong", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul", "wbr"];

for (const text of [
  nasty, "![x](https://x.example/p.png)", "<img src=x onerror=alert(1)>", "<https://x.example>", "https://x.example/a", "www.x.example/a",
  "me@x.example", "mailto:me@x.example", "@user", "(@org/team)", "#1", "org/repository#1", "GH-1", "!1", "%1", "~a", "$1", "&1", "&lt;b&gt;", ":tada:", ":+1:", ":100:",
  "# a", "- a", "+ a", "* a", "1. a", "1) a", "    a", "---", "===", "> a", "```", "~~a~~", "__a__", "_a_", "**a**", "a  ", "a\\", "$a$", "[^1]", "[x]: https://x.example", "a | b", "</details>", "<!-- a", "&#60;b&#62;",
]) {
  test(`U08: in Markdown ${JSON.stringify(text.slice(0, 40))} stays what it is`, () => {
    for (const [before, after] of [["", ""], ["- ", ""], ["### ✗ ", ""], ["| a |\n|---|\n| ", " |"], ["a\n\n**A**\n\n- <code>", "</code>"], ["<details><summary>", "</summary>\n\na\n\n</details>"]]) {
      const nodes = nodesOf(parsed(`${before}${escaped(text)}${after}\n`));
      for (const { nodeName } of nodes) assert.ok(own.includes(nodeName), `${before}: ${nodeName}`);
      if (before === "") assert.deepEqual(nodes.map(({ nodeName }) => nodeName).filter((name) => !["#text", "wbr"].includes(name)), ["#document-fragment", "p"]);
      const texts = nodes.filter(({ nodeName }) => nodeName === "#text").map(({ value }) => value);
      // A site looks for names and numbers in one piece of text; the reader sees all of them together.
      for (const piece of texts) assert.doesNotMatch(piece, /[@#!%~$&]\w|\bGH-\d|:[a-z0-9_+-]{3,}:|:\/\/|\bwww\.\w/, piece);
      assert.ok(texts.join("").includes(visible(text).trimEnd()), texts.join(""));
    }
  });
}

test("in Markdown, plain text is plain", () => {
  for (const text of [
    "docker.io said at 2026-11-29 08:44 UTC what docker.io/nicolas/webdis:0.1.19 is.",
    "a/b_c:1 and 127.0.0.1:5601/x@sha256:ab have the same configuration on linux/arm64/v8 (2 of 3); \"that\" is 100% 'so' - all of it + more = x.",
    "7 documents, 12:24 UTC, a-b, {x}, é",
  ]) assert.equal(escaped(text), text);
});

test("in Markdown at most 40 lines come before what is folded", () => {
  const platforms = Array.from({ length: 60 }, (_, n) => ({ statement: { kind: "same", platform: `linux/p${n}`, level: "config", reasons: ["a"] }, standing: { is: "proven", check: "hash", from: [] } }));
  const many = { ...evil, claims: [...evil.claims, ...platforms], conditions: Array.from({ length: 30 }, (_, n) => `Condition ${n}.`) };
  for (const report of [evil, many]) {
    const lines = reportMarkdown(report).split("\n");
    const first = lines.findIndex((line) => line.startsWith("<details>"));
    assert.ok(first > 5 && first <= 40, `${first}`);
    assert.equal(lines.filter((line) => line.startsWith("<details>")).length, lines.filter((line) => line === "</details>").length);
  }
  assert.match(reportMarkdown(many), /<summary>Platforms<\/summary>\n\n\| platform \|/);
});
