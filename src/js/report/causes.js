// Words for failed connections, by the codes of Node's errors.

const words = [
  [/^(?:ENOTFOUND|EAI_AGAIN)$/, "DNS lookup failed"],
  [/^ECONNREFUSED$/, "connection refused"],
  [/^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, "connection closed"],
  [/^(?:ETIMEDOUT|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT)$/, "timed out"],
  [/^(?:ENETUNREACH|EHOSTUNREACH)$/, "no route to it"],
  [/^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_)/, "its certificate is not trusted"],
  // An answer that is not TLS is read as if it were TLS.
  [/^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/, "no TLS; if it speaks plain http, name it with plain-http"],
  [/^bad port$/, "fetch does not allow this port"],
];

/** The words for a code; nothing for one that has none. */
export const causeWords = (code) => words.find(([pattern]) => pattern.test(code))?.[1];
