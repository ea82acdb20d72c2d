// Beside the page: loads the module that checks, and says that it is there. What asks and fetches is loaded
// with the first message, so that the page is ready sooner.

let answering;
const load = () => (answering ??= import("./answering.js"));

self.onmessage = async ({ data }) => {
  try {
    (await load()).take(data);
  } catch (error) {
    // An answer that could not even be begun; what was loaded in part may be there the next time.
    answering = undefined;
    if (data.id !== undefined) self.postMessage({ id: data.id, failed: String(error?.message ?? error) });
  }
};

try {
  const { digest } = await import("./pkg/core.js");
  // The first call says whether the module knows its known answers.
  digest("");
  self.postMessage({ ready: true });
} catch (error) {
  self.postMessage({ failed: String(error?.message ?? error) });
}
