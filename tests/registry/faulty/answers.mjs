// Answers of a registry as values: `{ status, headers, body, end, raw }`. A body may be an async
// generator; `end` says how the connection ends where it does not end well; `raw` is sent in place
// of any HTTP.

export const json = (status, value, headers = {}) => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: Buffer.from(JSON.stringify(value)),
});

/** An error in the distribution spec's form. */
export const error = (status, code, message, headers) => json(status, { errors: [{ code, message }] }, headers);

export const page = (text, type = "text/html; charset=utf-8") => ({
  status: 200,
  headers: { "content-type": type },
  body: Buffer.from(`<!DOCTYPE html>\n<html lang="en"><title>${text}</title><h1>${text}</h1></html>\n`),
});

export const redirect = (to, headers = {}) => ({
  status: 307,
  headers: { location: to, ...headers },
  body: Buffer.alloc(0),
});

export const challenge = (header) =>
  error(
    401,
    "UNAUTHORIZED",
    "authentication required",
    header === undefined ? {} : { "www-authenticate": header },
  );

/** The answer with some headers changed; `undefined` takes one away. */
export function withHeaders(answer, changes) {
  const headers = { ...answer.headers, ...changes };
  for (const name of Object.keys(changes)) if (changes[name] === undefined) delete headers[name];
  return { ...answer, headers };
}
