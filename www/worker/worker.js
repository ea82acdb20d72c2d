// Beside the page: what checks, asks and fetches. When all of it is there, that is said.

// The module is fetched, hashed and compiled while the files that ask by it are still on their way. WebKit runs those
// before a module that waits is done, where it was imported before: so both are waited for here.
const loading = Promise.all([import("./answers.js"), import("../pkg/module.js")]).then(([answers]) => answers);

self.onmessage = async ({ data }) => (await loading).take(data);

try {
  (await loading).begin();
  self.postMessage({ ready: true });
} catch (error) {
  self.postMessage({ failed: String(error?.message ?? error) });
}
