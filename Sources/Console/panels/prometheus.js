/**
 * Samples of the Prometheus text format 0.0.4.
 *
 * @typedef {{name: string, labels: Record<string, string>, value: number}} Sample
 * @param {string} text
 * @returns {Sample[]}
 */
export function samples(text) {
  const all = [];
  for (const line of text.split('\n')) {
    const match = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/.exec(line);
    if (!match) continue;
    const labels = {};
    for (const [, name, value] of (match[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      labels[name] = value.replace(/\\(.)/g, (_, escaped) => escaped === 'n' ? '\n' : escaped);
    }
    all.push({ name: match[1], labels, value: Number(match[3]) });
  }
  return all;
}
