import type { Measure } from "./measure.ts";
import { isMet } from "./report.ts";

const width = 760;
const barsAt = 260;
const barsWidth = 420;
const rowHeight = 30;
const targetAt = 0.5;

/** Bars of the ratios that have a target, each drawn to the scale of its own target, as an SVG. */
export const drawChart = (measures: readonly Measure[]): string => {
  const rows = measures.filter(({ least }) => least !== undefined);
  const height = rows.length * rowHeight + 50;
  const line = barsAt + barsWidth * targetAt;
  const names = measures.map(({ name }) => name);
  const bars = rows.map((measure, row) => {
    const { name, against } = measure;
    const alone = names.indexOf(name) === names.lastIndexOf(name);
    return drawBar(measure, alone ? name : `${name}, to ${against}`, 10 + row * rowHeight);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">
  <title>How far each ratio is from its target</title>
  <rect width="${width}" height="${height}" fill="#ffffff"/>
${bars.join("\n")}
  <line x1="${line}" y1="4" x2="${line}" y2="${height - 36}" stroke="#333333" stroke-dasharray="4 3"/>
  <text x="${line}" y="${height - 16}" text-anchor="middle" fill="#333333">target</text>
</svg>
`;
};

const drawBar = (measure: Measure, label: string, top: number): string => {
  const { ratio, least = 1 } = measure;
  const length = Math.min(ratio.median / least, 1 / targetAt) * targetAt * barsWidth;
  const middle = top + rowHeight / 2 + 2;
  const color = isMet(measure) ? "#2f855a" : "#c05621";
  return `  <text x="${barsAt - 10}" y="${middle}" text-anchor="end" fill="#111111">${label}</text>
  <rect x="${barsAt}" y="${top + 4}" width="${length.toFixed(1)}" height="${rowHeight - 10}" fill="${color}"/>
  <text x="${barsAt + barsWidth + 10}" y="${middle}" fill="#111111">${ratio.median.toFixed(2)} of ${least.toFixed(2)}</text>`;
};
