// Beside the page: what checks, asks and fetches. When all of it is there, that is said.

// The module is fetched, hashed and compiled while the files that ask by it are still on their way; where that fails,
// they say why.
import("../pkg/module.js").catch(() => {});
const loading = import("./answers.js");

self.onmessage = async ({ data }) => (await loading).take(data);

try {
  (await loading).begin();
  self.postMessage({ ready: true });
} catch (error) {
  self.postMessage({ failed: String(error?.message ?? error) });
}
