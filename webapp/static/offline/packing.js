/* How are many small numbers, and words in alphabetical order, written as text?  What index/packing.py packs, read. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});

  const ALPHABET = Array.from({ length: 92 }, (_, n) => String.fromCharCode(35 + n)).filter(
    (c) => !"<\\".includes(c),
  );
  const DIGIT = new Uint8Array(128);
  ALPHABET.forEach((char, n) => (DIGIT[char.charCodeAt(0)] = n));
  const STOPPERS = 60;
  const CONTINUERS = ALPHABET.length - STOPPERS;

  /** The numbers of a packed list. */
  const numbers = (text) => {
    const made = new Int32Array(text.length);
    let [size, left] = [0, -1];
    for (let at = 0; at < text.length; at += 1) {
      const digit = DIGIT[text.charCodeAt(at)];
      if (digit < STOPPERS) {
        made[size++] = (left + 1) * STOPPERS + digit;
        left = -1;
      } else {
        left = (left + 1) * CONTINUERS + digit - STOPPERS;
      }
    }
    return made.subarray(0, size);
  };

  const signed = (list) => list.map((number) => (number % 2 ? -(number + 1) / 2 : number / 2));

  const summed = (steps) => {
    let sum = 0;
    return steps.map((step) => (sum += step));
  };

  /** Where each one's part of a list begins, from how many it has there; one more at the end. */
  const offsets = (counts) => {
    const made = new Uint32Array(counts.length + 1);
    for (let n = 0; n < counts.length; n += 1) made[n + 1] = made[n] + counts[n];
    return made;
  };

  /** The words of a front-coded list. */
  const words = (text) => {
    let before = "";
    return text
      .slice(0, -1)
      .split(" ")
      .map((coded) => (before = before.slice(0, DIGIT[coded.charCodeAt(0)]) + coded.slice(1)));
  };

  relnotes.packing = { numbers, signed, summed, offsets, words };
})();
