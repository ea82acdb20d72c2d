// Tells if a host is this machine. The module's own rule is `Reference::is_here` (src/name.rs), and a test holds
// this one to it: much of a page, and of the command line, runs where the module is not.

/** Of a host as URLs and references have it, with or without a port. */
export const isHere = (host) => /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/.test(host);
