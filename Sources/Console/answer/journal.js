import { datasets } from './datasets.js';

const mostRows = 20_000;
const mostEvents = 50;

/** When an event came: the time that live charts are drawn over. No field can have this name. */
const receipt = {
  key: 'received at', name: 'received at', field: '', kind: 'receipt', isList: false, about: 'When this browser got it', children: null,
};

/**
 * What a subscription has told so far: the rows of all events, the newest first, and the latest events themselves. What is too much for
 * a page is forgotten, the oldest first.
 */
export class Journal {
  /** @param {import('./columns.js').Column[]|null} columns */
  constructor(columns) {
    this.columns = columns;
    this.count = 0;
    /** Of the latest event, in milliseconds. */
    this.at = 0;
    /** The latest, newest first. */
    this.events = [];
    /** What the latest event has told besides its rows. */
    this.errors = [];
    this.warnings = [];
    this.sets = new Map();
  }

  /** @param {any} body A response. @param {number} at Milliseconds. */
  add(body, at) {
    this.count += 1;
    this.at = at;
    this.errors = body.errors ?? [];
    this.warnings = body.extensions?.warnings ?? [];
    const received = new Date(at).toISOString();
    this.events = [{ received, ...body }, ...this.events].slice(0, mostEvents);
    for (const set of datasets(body.data, this.columns)) {
      const rows = set.rows.map((row) => ({ [receipt.name]: received, ...row }));
      const kept = this.sets.get(set.name)?.rows ?? [];
      this.sets.set(set.name, { ...set, columns: [receipt, ...set.columns], rows: [...rows, ...kept].slice(0, mostRows) });
    }
  }

  /** Tables of all events, newest first. */
  get datasets() { return [...this.sets.values()]; }
}
