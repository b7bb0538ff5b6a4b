// Words inside a picture: a tEXt chunk (PNG, third edition, 11.3.4.3), behind its header.
// Used by render.mjs, so that a test can tell what a picture shows.
// Must never touch the pixels.

const TABLE = Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit += 1) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});

export function marked(png, key, words) {
  // Eight bytes of signature; the header is always the first chunk, with 13 bytes.
  const header = 8 + 12 + 13;
  const data = Buffer.concat([Buffer.from("tEXt", "latin1"), Buffer.from(`${key}\0${words}`, "latin1")]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length - 4);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE((data.reduce((held, byte) => TABLE[(held ^ byte) & 0xff] ^ (held >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0);
  return Buffer.concat([png.subarray(0, header), length, data, sum, png.subarray(header)]);
}
