import { defineComponent, openContextbase } from "contextbase";
import { expect, it } from "vitest";

const Place = defineComponent({
  name: "Place",
  searchText: ["content.text"],
  embeddings: { dimensions: 2 },
});

const count = 150;
const at = (number: number): number[] => [Math.cos(number / 200), Math.sin(number / 200)];

it("[Q6] by both, and weighed, vectors rank in the order of what was stored, which is rounded to be searched", async () => {
  await using base = await openContextbase({ url: ":memory:", components: [Place] });
  const places = base.store(Place);
  await places.storeContexts(
    Array.from({ length: count }, (_, number) => ({
      id: `p${number}`,
      type: "place",
      content: { text: "harbour" },
      embeddings: at(number),
    })),
  );
  for (const options of [{ text: "harbour" }, { halfLife: 1e12 }]) {
    const hits = await places.searchContexts({ ...options, embeddings: at(120), limit: count });
    const near = hits.flatMap(({ why }) => why.vector ?? []).sort((a, b) => a.rank - b.rank);
    expect(near.map(({ rank }) => rank)).toEqual(near.map((_, index) => index + 1));
    const similarities = near.map(({ similarity }) => similarity);
    expect(similarities).toHaveLength(count);
    expect(similarities).toEqual(similarities.toSorted((a, b) => b - a));
    expect(hits.find(({ why }) => why.vector?.rank === 1)?.context.id).toBe("p120");
  }
});
