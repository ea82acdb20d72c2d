// Firefox and WebKit as a test drives them: each opens one page and evaluates in it. A browser is ended by
// the test that started it.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { startAtPort } from "../registry/program.mjs";

// WebDriver's codes for the keys that have no letter.
const codes = { ArrowRight: "\uE014", End: "\uE010", Enter: "\uE007", Tab: "\uE004" };

/** Debian's Firefox over WebDriver BiDi. */
export async function firefox(t) {
  const browser = await puppeteer.launch({ browser: "firefox", executablePath: "/usr/bin/firefox-esr", headless: true });
  t.after(() => browser.close());
  const page = await browser.newPage();
  const problems = [];
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  return {
    problems,
    version: await browser.version(),
    go: (url) => page.goto(url),
    run: (body, ...values) => page.evaluate(`(async (...values) => { ${body} })(...${JSON.stringify(values)})`),
    resize: (width, height) => page.setViewport({ width, height }),
    press: (key) => page.keyboard.press(key),
  };
}

/** Debian's WebKitGTK over WebDriver, on a screen of its own. */
export async function webkit(t) {
  const home = mkdtempSync(join(tmpdir(), "pullproof-webkit-"));
  const env = { HOME: home, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" };
  // The buttons beside its address bar would else keep the window wider than a phone.
  const gtk = join(home, ".config", "gtk-3.0");
  mkdirSync(gtk, { recursive: true });
  writeFileSync(join(gtk, "gtk.css"), "* { margin: 0; padding: 0; border-width: 0; min-width: 0; } entry { font-size: 1px; } image { -gtk-icon-transform: scale(0.5); }");
  // A group, so that the browser and its screen end with the driver.
  const driver = await startAtPort({
    program: "xvfb-run",
    args: (port) => ["-a", "WebKitWebDriver", `--port=${port}`],
    env,
    group: true,
    answers: (host) => caller(`http://${host}`)("GET", "/status").then(({ ready }) => ready, () => false),
  });
  t.after(async () => {
    await driver.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });
  const call = caller(`http://${driver.host}`);
  const options = { binary: miniBrowser(), args: ["--automation"] };
  const { sessionId, capabilities } = await call("POST", "/session", { capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } } });
  t.after(() => call("DELETE", `/session/${sessionId}`).catch(() => {}));
  const session = (method, path, body) => call(method, `/session/${sessionId}${path}`, body);
  await session("POST", "/timeouts", { script: 60_000 });
  const async = (body) => `const done = arguments[arguments.length - 1]; const values = [...arguments].slice(0, -1);
    (async () => { ${body} })().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
  return {
    problems: [],
    version: `${capabilities.browserName} ${capabilities.browserVersion}`,
    go: (url) => session("POST", "/url", { url }),
    async run(body, ...values) {
      const { value, error } = await session("POST", "/execute/async", { script: async(body), args: values });
      if (error) throw new Error(error);
      return value;
    },
    resize: (width, height) => session("POST", "/window/rect", { width, height }),
    press: (key) => session("POST", "/actions", { actions: [{ type: "key", id: "keys", actions: ["keyDown", "keyUp"].map((type) => ({ type, value: codes[key] })) }] }),
  };
}

function miniBrowser() {
  const libraries = readdirSync("/usr/lib", { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name.endsWith("-linux-gnu"));
  const found = libraries.flatMap(({ name }) => readdirSync(join("/usr/lib", name)).filter((file) => file.startsWith("webkit2gtk-4")).map((file) => join("/usr/lib", name, file, "MiniBrowser")));
  return found.at(-1);
}

function caller(base) {
  return async (method, path, body) => {
    const response = await fetch(base + path, { method, body: body && JSON.stringify(body), headers: { "content-type": "application/json" } });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
}
