import { fill, h } from '../page/dom.js';
import { savedQueries } from './client.js';
import { starters } from './starters.js';

/** The menu of queries: examples, and the saved ones of the server. */
export class Offers {
  /**
   * @param {HTMLSelectElement} select
   * @param {{open: (query: string, variables: any) => void, values: () => any}} owner `values` are the variables that are
   *   there already.
   */
  constructor(select, owner) {
    this.select = select;
    this.owner = owner;
    /** What the server lists at `/q`. */
    this.saved = [];
    select.addEventListener('change', () => {
      this.open(select.value);
      select.value = '';
    });
    this.draw();
  }

  /** Asks the server for its saved queries. */
  async learn() {
    this.saved = (await savedQueries()).filter((each) => typeof each.document === 'string');
    this.draw();
  }

  draw() {
    const group = (label, name, titles) => h('optgroup', { label },
      titles.map((title, index) => h('option', { value: `${name} ${index}` }, title)));
    fill(this.select, h('option', { value: '' }, 'Examples'),
      group('Examples', 'starter', starters.map((starter) => starter.title)),
      this.saved.length ? group('Saved queries', 'saved', this.saved.map((each) => each.name)) : null);
  }

  open(value) {
    const [name, index] = value.split(' ');
    if (name === 'starter') this.openFirst(Number(index));
    if (name === 'saved') this.owner.open(this.saved[index].document, this.kept(this.saved[index].parameters));
  }

  /** An example, on a page that has nothing yet the first. */
  openFirst(index = 0) { this.owner.open(starters[index].query, starters[index].variables); }

  /** The variables that are there already, as far as the query has such. */
  kept(parameters) {
    try {
      const values = this.owner.values();
      return Object.fromEntries(parameters.filter(({ name }) => name in values).map(({ name }) => [name, values[name]]));
    } catch {
      return {};
    }
  }
}
