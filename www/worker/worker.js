// Beside the page: what checks, asks and fetches. When all of it is there, that is said.

// The module is fetched, hashed and compiled while the other scripts still load. WebKit runs a script before a module
// that it imports is ready, if that module is already being imported elsewhere: so this waits for both.
const loading = Promise.all([import("./answers.js"), import("../pkg/module.js")]).then(([answers]) => answers);

self.onmessage = async ({ data }) => (await loading).take(data);

try {
  (await loading).begin();
  self.postMessage({ ready: true });
} catch (error) {
  self.postMessage({ failed: String(error?.message ?? error) });
}
