/** Texts in parcels of one request each, in their order. A text that is larger than all of one goes by itself. */
export const toParcels = (
  texts: readonly string[],
  mostTexts: number,
  mostBytes: number,
): (readonly string[])[] => {
  const parcels: string[][] = [];
  let bytes = 0;
  for (const text of texts) {
    const size = Buffer.byteLength(text);
    const last = parcels.at(-1);
    if (last && last.length < mostTexts && bytes + size <= mostBytes) {
      last.push(text);
      bytes += size;
    } else {
      parcels.push([text]);
      bytes = size;
    }
  }
  return parcels;
};
