// Exact bytes: digests, and layers that are the same on every machine.
import { createHash } from "node:crypto";

export const sha256 = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** A tar with one small file in it, as a layer would hold. */
export function tar(name, text) {
  const content = Buffer.from(text);
  const header = Buffer.alloc(512);
  const put = (at, value) => header.write(value, at, "latin1");
  put(0, name);
  put(100, "0000644\0");
  put(108, "0000000\0");
  put(116, "0000000\0");
  put(124, `${content.length.toString(8).padStart(11, "0")}\0`);
  put(136, "00000000000\0");
  put(148, "        ");
  put(156, "0");
  put(257, "ustar\x0000");
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}

/**
 * A gzip of one stored block. Written by hand, since what zlib compresses to depends on its
 * version and on the processor, and then every digest above it would.
 * `os` is the header's last byte: two values give one content two layer digests.
 */
export function gzip(content, os = 255) {
  if (content.length > 0xffff) throw new RangeError("one stored block holds at most 65535 bytes");
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, os]);
  const block = Buffer.alloc(5);
  block[0] = 1;
  block.writeUInt16LE(content.length, 1);
  block.writeUInt16LE(content.length ^ 0xffff, 3);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, block, content, trailer]);
}

// node:zlib has crc32 only since Node 20.15.
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}
