/** The cosine of the angle between one vector and each that is given, of its length, none of them zero: from −1 to 1. */
export const similarityTo = (one: Float32Array): ((other: Float32Array) => number) => {
  let squareOfOne = 0;
  for (let at = 0; at < one.length; at++) {
    const x = one[at] ?? 0;
    squareOfOne += x * x;
  }
  return (other) => {
    let dot = 0;
    let square = 0;
    for (let at = 0; at < one.length; at++) {
      const x = other[at] ?? 0;
      dot += (one[at] ?? 0) * x;
      square += x * x;
    }
    return Math.max(-1, Math.min(1, dot / Math.sqrt(squareOfOne * square)));
  };
};

/** The cosine of the angle between two vectors of one length, neither of them zero: from −1 to 1. */
export const cosineSimilarity = (a: Float32Array, b: Float32Array): number => similarityTo(a)(b);
