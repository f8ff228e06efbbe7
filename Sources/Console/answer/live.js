import { announce, byId, fill, h } from '../page/dom.js';
import { plural, second } from '../page/format.js';
import { Refusal, subscribe } from '../request/subscribe.js';
import { discardCharts } from './charts.js';
import { columns } from './columns.js';
import { Journal } from './journal.js';
import { liveViews } from './liveViews.js';
import { notices } from './notices.js';

// Nobody reads faster, and a burst of events must not keep the page from anything else.
const leastBetweenDrawings = 250;
const leastBetweenAnnouncements = 15_000;

/** The answer to a subscription, while it comes. */
export class LiveAnswer {
  /**
   * @param {import('./view.js').Asked} asked
   * @param {import('graphql').GraphQLSchema|null} schema
   * @param {{view: string|null}} preference
   * @param {{goTo: (line: number, column: number) => void, onFirst: () => void}} owner `onFirst` is called when the first event is shown.
   */
  constructor(asked, schema, preference, owner) {
    this.asked = asked;
    this.preference = preference;
    this.owner = owner;
    this.journal = new Journal(columns(schema, asked.document, asked.operation, asked.variables));
    this.state = { level: 'warn', text: 'Connecting' };
    this.timer = 0;
    this.announced = 0;
    this.hasBegun = false;
    this.shownNotices = '';
  }

  /** Follows it to its end. @param {any} request @param {AbortSignal} signal @throws If there was no answer at all. */
  async follow(request, signal) {
    this.show();
    try {
      const options = {
        signal, onOpen: () => this.become('good', 'Listening'),
        onLost: (pause) => this.become('warn', `The connection is lost. The next try is in ${Math.round(pause / 1000)} s`),
      };
      for await (const body of subscribe(request, options)) this.add(body);
      const isRefused = this.journal.count === 1 && this.journal.events[0].data === null;
      this.become(isRefused ? 'bad' : 'warn', isRefused ? 'Refused' : 'Ended by the server');
    } catch (error) {
      if (signal.aborted) this.become('', 'Stopped');
      else if (error instanceof Refusal && error.body) {
        this.journal.errors = error.body.errors ?? [];
        this.become('bad', 'Refused');
      } else throw error;
    } finally {
      this.draw();
    }
  }

  /** @param {any} body A response. */
  add(body) {
    this.journal.add(body, Date.now());
    this.timer ||= setTimeout(() => this.draw(), leastBetweenDrawings);
    // Screen readers hear of it now and then, and not of each number.
    if (Date.now() - this.announced < leastBetweenAnnouncements) return;
    this.announced = Date.now();
    announce(`${plural(this.journal.count, 'event')} so far, the last at ${second(this.journal.at)}.`);
  }

  become(level, text) {
    this.state = { level, text };
    announce(`${text}.`);
    this.drawState();
  }

  /** Puts it into the page, anew if it is there already. */
  show() {
    discardCharts(byId('views'));
    this.views = liveViews(this.asked, this.journal, this.preference);
    fill(byId('views'), this.views.element);
    this.drawState();
  }

  draw() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.drawState();
    this.views.renew();
    if (!this.hasBegun && this.journal.count) this.owner.onFirst();
    this.hasBegun = this.journal.count > 0;
  }

  /** What is the same stays as it is: open if somebody opened it, and not said again. */
  drawNotices() {
    const body = { errors: this.journal.errors, extensions: { warnings: this.journal.warnings } };
    const shown = JSON.stringify(body);
    if (shown === this.shownNotices) return;
    this.shownNotices = shown;
    fill(byId('notices'), notices(body, this.owner.goTo));
  }

  drawState() {
    const { count, at } = this.journal;
    const { level, text } = this.state;
    // What is said of it, announce() says.
    byId('summary').setAttribute('aria-live', 'off');
    fill(byId('summary'),
      h('span.fact.state', { dataset: { level } }, text),
      h('span.fact', {}, plural(count, 'event')),
      count ? h('span.fact', {}, 'the last at ', h('time', { datetime: new Date(at).toISOString() }, second(at))) : null);
    this.drawNotices();
  }
}
