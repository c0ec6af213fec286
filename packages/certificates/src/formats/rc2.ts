/** The permutation of RFC 2268 section 2. */
const piTable = Buffer.from(
  "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2" +
    "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82" +
    "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626" +
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7" +
    "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec" +
    "c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731" +
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9" +
    "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad",
  "hex",
);
const rotations = [1, 2, 3, 5] as const;

/**
 * Decrypts RC2 in CBC mode (RFC 2268), which OpenSSL has given up and old PKCS#12 files still use. The padding stays.
 * Throws a RangeError when the text is not whole blocks of 8 bytes.
 */
export function decryptRc2Cbc(key: Buffer, effectiveBits: number, iv: Buffer, text: Buffer): Buffer {
  if (text.length % 8 !== 0 || iv.length !== 8) throw new RangeError("not whole blocks");
  const schedule = expand(key, effectiveBits);
  const plain = Buffer.alloc(text.length);
  for (let at = 0; at < text.length; at += 8) {
    const words = [0, 2, 4, 6].map((offset) => text.readUInt16LE(at + offset));
    decryptBlock(words, schedule);
    const before = at === 0 ? iv : text.subarray(at - 8, at);
    for (const [index, word] of words.entries())
      plain.writeUInt16LE(word ^ before.readUInt16LE(2 * index), at + 2 * index);
  }
  return plain;
}

function expand(key: Buffer, effectiveBits: number): readonly number[] {
  const bytes = [...key];
  const pi = (index: number) => piTable[index & 255] ?? 0;
  const at = (index: number) => bytes[index] ?? 0;
  for (let i = key.length; i < 128; i++) bytes[i] = pi(at(i - 1) + at(i - key.length));
  const length = Math.ceil(effectiveBits / 8);
  bytes[128 - length] = pi(at(128 - length) & (255 >> (8 * length - effectiveBits)));
  for (let i = 127 - length; i >= 0; i--) bytes[i] = pi(at(i + 1) ^ at(i + length));
  return Array.from({ length: 64 }, (_, i) => at(2 * i) | (at(2 * i + 1) << 8));
}

/** Sixteen mixing rounds backwards, with a mashing round after the fifth and the eleventh of them (section 4). */
function decryptBlock(words: number[], schedule: readonly number[]): void {
  const at = (index: number) => words[index & 3] ?? 0;
  let next = 63;
  for (let round = 15; round >= 0; round--) {
    for (let i = 3; i >= 0; i--) {
      const rotation = rotations[i & 3] ?? 0;
      const turned = ((at(i) >>> rotation) | (at(i) << (16 - rotation))) & 0xffff;
      const mixed = (schedule[next--] ?? 0) + (at(i + 3) & at(i + 2)) + (~at(i + 3) & at(i + 1));
      words[i] = (turned - mixed) & 0xffff;
    }
    if (round !== 11 && round !== 5) continue;
    for (let i = 3; i >= 0; i--) words[i] = (at(i) - (schedule[at(i + 3) & 63] ?? 0)) & 0xffff;
  }
}
