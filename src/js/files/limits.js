// Bounds on files and archives from anybody, each with its reason.

/** Entries of one archive or folder: as many as the module takes documents (`DOCUMENTS` in limits.rs). */
export const mostEntries = 20_000;

/** Bytes of one document (`DOCUMENT_BYTES` in limits.rs): more is the content of an image. */
export const documentBytes = 4 * 2 ** 20;

/** Bytes of one text, such as a log: more than the module takes is refused before it is read (`PASTE_BYTES`). */
export const textBytes = 16 * 2 ** 20;

/** Bytes of all documents of one archive, which are held in memory (`EVIDENCE_BYTES`). */
export const evidenceBytes = 64 * 2 ** 20;

/** Documents of one archive, or files at once: a page lists each of them. */
export const mostDocuments = 1000;

/** Characters of a name, far over any path in an image layout. */
export const nameLength = 1024;

/** Bytes of a header that gives a longer name or a size: a few records of two names. */
export const headerBytes = 64 * 2 ** 10;

/**
 * Compression around an archive: a tar.gz has one, and what transfers compress again has two. Gzip can be made to unpack
 * to itself without end.
 */
export const mostLayers = 2;

/** Bytes that compressed data may unpack to freely; only behind them its ratio counts. Nothing of it is kept. */
export const freeBytes = 256 * 2 ** 20;

/** Times its size that a large archive may unpack to. Deflate reaches 1032, an image 2 to 10. */
export const mostTimes = 100;
