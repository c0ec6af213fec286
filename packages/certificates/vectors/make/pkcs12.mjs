import { children, element, indefinite, tlv } from "./der.mjs";

/** RFC 7292 section 4: both AuthenticatedSafes in one, without a seal. @param {Buffer} one @param {Buffer} other */
export function joined(one, other) {
  const safe = Buffer.concat([one, other].map((pfx) => element(contentOf(pfx)).content));
  const [version, data] = children(one);
  if (!version || !data) throw new Error("no PKCS#12");
  return tlv(
    0x30,
    version.whole,
    tlv(0x30, children(data.whole)[0]?.whole ?? data.whole, tlv(0xa0, tlv(0x04, tlv(0x30, safe)))),
  );
}

/** @param {Buffer} pfx */
export function withoutSeal(pfx) {
  return tlv(
    0x30,
    ...children(pfx)
      .slice(0, 2)
      .map(({ whole }) => whole),
  );
}

/** The AuthenticatedSafe. @param {Buffer} pfx */
function contentOf(pfx) {
  const [, wrapper] = children(children(pfx)[1]?.whole ?? pfx);
  return element(wrapper?.content ?? pfx).content;
}

/** As programs of NSS and Java write it; the seal covers the contents, not how they are cut. @param {Buffer} pfx */
export function toBer(pfx) {
  const [version, data, seal] = children(pfx);
  if (!version || !data || !seal) throw new Error("no PKCS#12");
  const safe = contentOf(pfx);
  const pieces = [safe.subarray(0, 1000), safe.subarray(1000)].map((piece) => tlv(0x04, piece));
  const type = children(data.whole)[0]?.whole ?? data.whole;
  return indefinite(
    0x30,
    version.whole,
    indefinite(0x30, type, indefinite(0xa0, indefinite(0x24, ...pieces))),
    seal.whole,
  );
}
