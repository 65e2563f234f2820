// Puts codes together: hand-over codes (docs/formats/hand-over-codes.md) and the parts of a JAHIS notebook. Knows no page.

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const MOST_CODES = 60;
const MOST_BYTES = 16 * 1024 * 1024;

/** Base45 (RFC 9285) to bytes; null where it is none. */
export function base45(text) {
  const bytes = [];
  for (let at = 0; at < text.length; at += 3) {
    const group = text.slice(at, at + 3);
    let value = 0;
    for (const character of [...group].reverse()) {
      const digit = ALPHABET.indexOf(character);
      if (digit < 0) return null;
      value = value * 45 + digit;
    }
    if (group.length === 3 && value < 0x10000) bytes.push(value >> 8, value & 255);
    else if (group.length === 2 && value < 0x100) bytes.push(value);
    else return null;
  }
  return Uint8Array.from(bytes);
}

/** What a code is: `{kind, set, number, of, piece}`, or null for a foreign one. */
export function codeOf(text) {
  const ours = /^TECHO1:([0-9A-F]{16}):(\d{1,3})\/(\d{1,3}):([0-9A-Z $%*+\-./:]*)$/.exec(text);
  if (ours) {
    const [, set, number, of, packed] = ours;
    const piece = base45(packed);
    return piece && fits(+number, +of, MOST_CODES) ? { kind: "fhir", set, number: +number, of: +of, piece } : null;
  }
  if (!/^JAHISTC\d{1,2},/.test(text)) return null;
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line !== "" && line !== "\x1a");
  const control = lines.map((line) => line.split(",")).find((fields) => fields[0] === "911");
  const rows = lines.filter((line) => !line.startsWith("911,"));
  if (!control) return { kind: "jahis", set: text, number: 1, of: 1, piece: rows };
  const [, set, of, number] = control;
  return fits(+number, +of, 999) ? { kind: "jahis", set, number: +number, of: +of, piece: rows } : null;
}

function fits(number, of, most) {
  return Number.isInteger(number) && Number.isInteger(of) && number >= 1 && number <= of && of <= most;
}

/** The codes of one set, as they come. */
export class Collection {
  constructor() {
    this.clear();
  }

  clear() {
    this.first = null;
    this.pieces = new Map();
  }

  /** Takes a text in: `foreign`, `mixed`, `known`, `new` or `whole`. */
  take(text) {
    const code = codeOf(text);
    if (!code) return "foreign";
    if (this.first && !this.isOfThisSet(code)) return "mixed";
    const earlier = this.pieces.get(code.number);
    if (earlier) return String(earlier) === String(code.piece) ? "known" : "mixed";
    this.first ??= code;
    this.pieces.set(code.number, code.piece);
    return this.isWhole() ? "whole" : "new";
  }

  isOfThisSet(code) {
    const { kind, set, of } = this.first;
    // The second row of a notebook names the patient: parts about two people are never put together.
    const same = kind !== "jahis" || [...this.pieces.values()].every((rows) => rows[1] === code.piece[1]);
    return code.kind === kind && code.set === set && code.of === of && same;
  }

  isWhole() {
    return this.first !== null && this.pieces.size === this.first.of;
  }

  /** Which numbers have come: an array of booleans. */
  places() {
    return Array.from({ length: this.first?.of ?? 0 }, (_, place) => this.pieces.has(place + 1));
  }

  /** What the codes hold together: `{kind: "fhir", document}` or `{kind: "jahis", rows}`; null where it was changed on the way. */
  async content() {
    const ordered = [...this.pieces.entries()].sort(([one], [other]) => one - other).map(([, piece]) => piece);
    if (this.first.kind === "jahis") {
      const [start, ...later] = ordered;
      return { kind: "jahis", rows: [...start, ...later.flatMap((rows) => rows.slice(2))] };
    }
    const packed = new Uint8Array(await new Blob(ordered).arrayBuffer());
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", packed));
    const name = [...digest.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("").toUpperCase();
    if (name !== this.first.set) return null;
    const text = await unpacked(packed);
    return text === null ? null : { kind: "fhir", document: JSON.parse(text), text };
  }
}

/** Raw DEFLATE to text, within the limit. */
async function unpacked(packed) {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MOST_BYTES) {
      await reader.cancel();
      return null;
    }
    parts.push(value);
  }
  return new Blob(parts).text();
}
