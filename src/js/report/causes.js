// Words for failed connections, by the codes of Node's errors.

/** Failures that are the same a few seconds later. */
const lasting = [
  [/^ENOTFOUND$/, "DNS lookup failed"],
  [/^ECONNREFUSED$/, "connection refused"],
  [/^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/, "its certificate is not trusted"],
  // An answer that is not TLS is read as if it were TLS.
  [/^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/, "no TLS; if it speaks plain http, name it with plain-http"],
  [/^bad port$/, "fetch does not allow this port"],
];
const passing = [
  [/^EAI_AGAIN$/, "DNS lookup failed"],
  [/^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, "connection closed"],
  [/^(?:ETIMEDOUT|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT)$/, "timed out"],
  [/^(?:ENETUNREACH|EHOSTUNREACH)$/, "no route to it"],
];

const wordsIn = (list, code) => list.find(([pattern]) => pattern.test(code))?.[1];

/** The words for a code; nothing for one that has none. */
export const causeWords = (code) => wordsIn(lasting, code) ?? wordsIn(passing, code);

/** True where asking again cannot help. */
export const isLasting = (code) => wordsIn(lasting, code) !== undefined;
