// Archives of files by name, as tools write them.

import { deflateRawSync } from "node:zlib";

/** A tar with ustar headers; a name too long for one has GNU's or pax's way of saying it. */
export function tarOf(files, { long = "ustar" } = {}) {
  const parts = Object.entries(files).flatMap(([name, bytes]) => {
    if (long === "gnu") return [...member("././@LongLink", Buffer.from(`${name}\0`), "L"), ...member(name.slice(0, 20), bytes)];
    if (long === "pax") return [...member("PaxHeaders/x", pax(name), "x"), ...member(name.slice(0, 20), bytes)];
    return member(name, bytes);
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

function pax(name) {
  const record = ` path=${name}\n`;
  let length = record.length;
  while (String(length).length + record.length !== length) length = String(length).length + record.length;
  return Buffer.from(`${length}${record}`);
}

/** One member: its header, content and padding. `link` is where a link leads. */
export function member(name, bytes, type = "0", link = "") {
  return [headerOf(name, bytes.length, type, link), Buffer.from(bytes), Buffer.alloc((512 - (bytes.length % 512)) % 512)];
}

/** The header of a member. */
export function headerOf(name, size, type = "0", link = "") {
  const header = Buffer.alloc(512);
  const cut = name.length > 100 ? name.lastIndexOf("/", 155) : -1;
  header.write(name.slice(cut + 1), 0);
  if (cut > 0) header.write(name.slice(0, cut), 345);
  header.write("0000644\0", 100);
  header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  header.write("        ", 148);
  header.write(type, 156);
  header.write(link, 157);
  header.write("ustar\u000000", 257);
  const sum = header.reduce((a, b) => a + b, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

/** CRC-32, bit by bit. */
function checksum(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) for (let n = 0; n < 8; n += 1) sum = ((sum ^ (byte >>> n)) & 1 ? 0xedb88320 : 0) ^ (sum >>> 1);
  return (sum ^ 0xffffffff) >>> 0;
}

/** A zip, its files deflated or stored; `spoil` may change what its directory says of each. */
export function zipOf(files, { stored = false, spoil = (entry) => entry } = {}) {
  const [locals, directory] = [[], []];
  let place = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const packed = stored ? Buffer.from(bytes) : deflateRawSync(bytes);
    const entry = spoil({ name, flags: 0, sum: checksum(Buffer.from(bytes)), method: stored ? 0 : 8, packed: packed.length, size: bytes.length, place });
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    locals.push(local, Buffer.from(name), packed);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(entry.flags, 8);
    central.writeUInt16LE(entry.method, 10);
    central.writeUInt32LE(entry.sum, 16);
    central.writeUInt32LE(entry.packed, 20);
    central.writeUInt32LE(entry.size, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(entry.place, 42);
    directory.push(central, Buffer.from(name));
    place += 30 + name.length + packed.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(place, 16);
  return Buffer.concat([...locals, central, end]);
}
