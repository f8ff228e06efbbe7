import { byId, fill, h } from '../page/dom.js';
import { mayMove } from '../page/theme.js';
import { discardCharts } from './charts.js';
import { summary } from './facts.js';
import { LiveAnswer } from './live.js';
import { isPermanent, noAnswer, notices } from './notices.js';
import { answerViews } from './view.js';

/** The side of the page that answers. */
export class AnswerPanel {
  /**
   * @param {{schema: () => import('graphql').GraphQLSchema|null, saved: () => any[], run: () => void,
   *   goTo: (line: number, column: number) => void}} owner
   */
  constructor(owner) {
    this.owner = owner;
    /** The view that the reader chose, for the next answers. */
    this.preference = { view: null };
    this.shown = null;
    /** The subscription that is shown. */
    this.live = null;
    this.waiting = 0;
    fill(byId('views'), h('div.empty.welcome', {},
      h('p', {}, 'Press ', h('kbd', {}, 'Run'), ' or ', h('kbd', {}, 'Ctrl'), ' ', h('kbd', {}, 'Enter'), ' to ask.'),
      h('p.muted', {}, 'Put your own Tweets into the variables, as ids or links. The examples use Tweets of the sandbox.')));
  }

  /** @param {boolean} isBusy */
  setBusy(isBusy) {
    byId('answer').setAttribute('aria-busy', String(isBusy));
    clearTimeout(this.waiting);
    // Most answers are there before anybody could read that they are awaited.
    if (isBusy) this.waiting = setTimeout(() => this.showWaiting(), 400);
  }

  showWaiting() {
    fill(byId('summary'), h('span.fact', {}, 'Asking the Engagement API. What is cached already is not asked again.'));
    fill(byId('notices'));
  }

  /** @param {import('./view.js').Asked} asked @param {import('../request/client.js').Reply} reply */
  show(asked, reply) {
    this.begin();
    this.shown = { asked, reply };
    const { level, text } = outcome(reply);
    fill(byId('summary'), h('span.fact.state', { dataset: { level } }, text), summary(reply));
    fill(byId('notices'), reply.body ? notices(reply.body, this.owner.goTo) : notJSON(reply));
    fill(byId('views'), answerViews(asked, reply, this.owner.schema(), this.owner.saved(), this.preference));
  }

  /**
   * Shows a subscription as it comes.
   *
   * @param {import('./view.js').Asked} asked @param {any} request @param {AbortSignal} signal
   * @throws If there was no answer at all.
   */
  async follow(asked, request, signal) {
    this.begin();
    this.live = new LiveAnswer(asked, this.owner.schema(), this.preference, {
      goTo: this.owner.goTo, onFirst: () => this.scrollTo(),
    });
    await this.live.follow(request, signal);
  }

  /** What was shown is past. */
  begin() {
    this.shown = null;
    this.live = null;
    discardCharts(byId('views'));
    byId('summary').removeAttribute('aria-live');
  }

  /** On a phone the answer lies below what was asked. */
  scrollTo() {
    const answer = byId('answer');
    if (answer.getBoundingClientRect().top <= innerHeight / 2) return;
    answer.scrollIntoView({ behavior: mayMove() ? 'smooth' : 'auto' });
  }

  /** Nothing came. @param {Error} error @param {boolean} isStopped Because the reader did not want to wait. */
  showNothing(error, isStopped) {
    this.begin();
    fill(byId('summary'));
    fill(byId('views'));
    fill(byId('notices'), isStopped
      ? h('p.empty', {}, 'Stopped. Numbers that come later are kept in the cache.')
      : noAnswer(error, this.owner.run));
  }

  /** Draws again, with other colours. */
  redraw() {
    if (this.shown) this.show(this.shown.asked, this.shown.reply);
    this.live?.show();
  }
}

/** How it went, in a word. Numbers that do not exist are no failure; those that did not come are. */
function outcome({ body }) {
  if (body?.data === null || body?.data === undefined) return { level: 'bad', text: 'Refused' };
  if (!body.errors?.length) return { level: 'good', text: 'Answered' };
  return body.errors.every(isPermanent)
    ? { level: 'warn', text: 'Answered in part' }
    : { level: 'bad', text: 'Numbers are missing' };
}

const notJSON = (reply) => h('article.notice.error', { role: 'alert' },
  h('p', {}, `The server answered ${reply.status} with something that is not JSON.`));
