import { parse, print } from 'graphql';
import 'codemirror/lib/codemirror.css';
import 'codemirror/addon/hint/show-hint.css';
import 'codemirror/addon/lint/lint.css';
import './styles/tokens.css';
import './styles/page.css';
import './styles/editor.css';
import './styles/answer.css';
import './styles/panels.css';
import { discardCharts } from './answer/charts.js';
import { summary } from './answer/facts.js';
import { noAnswer, notices } from './answer/notices.js';
import { answerViews } from './answer/view.js';
import { queryEditor } from './language/editor.js';
import { readable } from './language/problems.js';
import { fetchSchema } from './language/schema.js';
import { confirmed } from './page/dialog.js';
import { byId, copy, fill, h, later, toast } from './page/dom.js';
import { mayMove, theme } from './page/theme.js';
import { docs } from './panels/docs.js';
import { Drawer } from './panels/drawer.js';
import { Health } from './panels/health.js';
import { past } from './panels/past.js';
import { listen, showShortcuts } from './panels/shortcuts.js';
import { post, savedQueries } from './request/client.js';
import { draft, keepDraft, remember } from './request/history.js';
import { fromFragment, toFragment } from './request/share.js';
import { starters } from './request/starters.js';
import { Variables } from './request/variables.js';

/** The console, put together: what is asked on one side, what came of it on the other. */
class Console {
  constructor() {
    this.schema = null;
    this.schemaReason = '';
    this.saved = [];
    this.preference = { view: null };
    this.shown = null;
    this.running = null;
    this.editor = queryEditor(byId('query'), {
      schema: () => this.schema, run: () => this.run(), prettify: () => this.prettify(),
      onProblems: (problems) => this.showProblems(problems),
    });
    this.variables = new Variables(byId('variables'), { onChange: () => this.keep(), run: () => this.run() });
    this.keep = later(300, () => keepDraft(this.asked()));
    this.editor.on('change', later(200, () => this.changed()));
    const health = new Health(byId('health-chip'));
    this.drawer = new Drawer({
      schema: { title: 'Schema', show: (place) => docs(place, this.schema, this.schemaReason) },
      history: { title: 'History', show: (place) => past(place, (entry) => { this.open(entry); this.drawer.close(); }) },
      health: { title: 'Health', show: (place) => health.show(place) },
    });
    this.wire();
  }

  wire() {
    byId('run').addEventListener('click', () => this.run());
    byId('prettify').addEventListener('click', () => this.prettify());
    byId('share').addEventListener('click', () => this.share());
    byId('shortcuts').addEventListener('click', showShortcuts);
    byId('health-chip').addEventListener('click', () => this.drawer.toggle('health', byId('health-chip')));
    for (const button of document.querySelectorAll('[data-panel]')) {
      button.addEventListener('click', () => this.drawer.toggle(button.dataset.panel, button));
    }
    const select = byId('starters');
    fill(select, h('option', { value: '' }, 'Examples'), starters.map((starter, index) => h('option', { value: String(index) }, starter.title)));
    select.addEventListener('change', () => {
      const starter = starters[Number(select.value)];
      if (select.value !== '' && starter) this.openStarter(starter);
      select.value = '';
    });
    const panel = (name) => () => this.drawer.toggle(name, document.querySelector(`[data-panel=${name}]`));
    listen({
      run: () => this.run(), help: showShortcuts, schema: panel('schema'), history: panel('history'),
      view: (index) => document.querySelectorAll('#views [role=tab]')[index]?.click(),
    });
    window.addEventListener('hashchange', () => this.openLink());
    theme(() => this.redraw());
  }

  async start() {
    this.showWelcome();
    if (!await this.openLink()) {
      const last = draft();
      if (last?.query.trim()) this.open(last);
      else this.openStarter(starters[0]);
    }
    savedQueries().then((saved) => { this.saved = saved; });
    await this.learn();
  }

  /** Fetches the schema; tries again when the server was away. */
  async learn() {
    try {
      this.schema = await fetchSchema();
      this.schemaReason = '';
    } catch (error) {
      this.schemaReason = `There is no schema: ${error.message} Queries can be run all the same.`;
      if (error instanceof TypeError) setTimeout(() => this.learn(), 5000);
    }
    this.editor.performLint();
    this.changed();
    this.drawer.refresh('schema');
  }

  asked() { return { query: this.editor.getValue(), variables: this.variables.text }; }

  /** @param {{query: string, variables: string}} entry */
  open({ query, variables }) {
    this.variables.set(variables || '{}');
    this.editor.setValue(query);
    this.changed();
  }

  openStarter(starter) {
    this.open({ query: starter.query, variables: JSON.stringify(starter.variables, null, 2) });
  }

  async openLink() {
    try {
      const shared = await fromFragment(location.hash);
      if (!shared) return false;
      this.preference.view = shared.view ?? null;
      this.open(shared);
      toast('The query of the link. Press Run to ask it.');
      return true;
    } catch (error) {
      toast(`The link is damaged: ${error.message}`);
      return false;
    }
  }

  async share() {
    const fragment = await toFragment({ ...this.asked(), view: this.preference.view ?? undefined });
    history.replaceState(null, '', `#${fragment}`);
    await copy(location.href, 'The link is copied. The query stands behind #, so no log sees it.');
  }

  /** The operation at the cursor, or the only one. */
  operation(document) {
    const all = document.definitions.filter((node) => node.kind === 'OperationDefinition');
    const at = this.editor.indexFromPos(this.editor.getCursor());
    return all.find((node) => node.loc.start <= at && at <= node.loc.end) ?? all[0];
  }

  changed() {
    const document = readable(this.editor.getValue());
    // While it cannot be read, the variables stay as they were.
    if (document) this.variables.update(this.schema, this.operation(document));
    this.keep();
  }

  prettify() {
    const text = this.editor.getValue();
    // Printing loses comments, so those at the head are kept and others forbid it.
    const head = /^(?:\s*#.*\n)*/.exec(text)[0];
    const rest = text.slice(head.length);
    if (/#/.test(rest.replace(/"(?:[^"\\]|\\.)*"/g, ''))) return toast('Comments inside of the query would be lost: it stays as it is.');
    const document = readable(rest);
    if (!document) return toast('The query cannot be read yet.');
    this.editor.setValue(`${head}${print(document)}\n`);
  }

  showProblems(problems) {
    fill(byId('problems'), problems.slice(0, 3).map((problem) => h(`button.problem.${problem.severity}`, {
      type: 'button', onclick: () => this.goTo(problem.line, problem.column),
    }, h('b', {}, `Line ${problem.line}: `), problem.message)), problems.length > 3 ? h('p.muted', {}, `and ${problems.length - 3} more`) : null);
  }

  goTo(line, column) {
    this.editor.focus();
    this.editor.setCursor(line - 1, column - 1);
  }

  showWelcome() {
    fill(byId('views'), h('div.empty.welcome', {}, h('p', {}, 'Press ', h('kbd', {}, 'Run'), ' or ', h('kbd', {}, 'Ctrl'), ' ', h('kbd', {}, 'Enter'), ' to ask.'),
      h('p.muted', {}, 'Put your own Tweets into the variables, as ids or links. The examples use Tweets of the sandbox.')));
  }

  async run() {
    if (this.running) return this.running.abort();
    const { query } = this.asked();
    const document = readable(query);
    const operation = document && this.operation(document);
    let variables;
    try {
      variables = operation ? this.variables.used() : {};
    } catch (error) {
      return toast(error.message);
    }
    if (operation?.operation === 'mutation' && !await confirmed('Run the mutation?', 'It changes what the server has stored.', 'Run it')) return;
    const controller = new AbortController();
    this.setRunning(controller);
    const operationName = document && document.definitions.filter((node) => node.kind === 'OperationDefinition').length > 1 ? operation?.name?.value : undefined;
    try {
      const reply = await post({ query, variables, operationName, extensions: { cost: true, cache: true } }, { signal: controller.signal });
      remember(this.asked());
      this.drawer.refresh('history');
      this.show({ query, variables, document: document ?? parse('{ __typename }'), operation: operation ?? parse('{ __typename }').definitions[0], operationName }, reply);
      this.showAnswer();
    } catch (error) {
      this.shown = null;
      fill(byId('summary'));
      if (controller.signal.aborted) fill(byId('notices'), h('p.empty', {}, 'Stopped. Numbers that come later are kept in the cache.'));
      else fill(byId('notices'), noAnswer(error, () => this.run()));
      fill(byId('views'));
    } finally {
      this.setRunning(null);
    }
  }

  setRunning(controller) {
    this.running = controller;
    const run = byId('run');
    run.textContent = controller ? 'Stop' : 'Run';
    run.classList.toggle('running', Boolean(controller));
    byId('answer').setAttribute('aria-busy', String(Boolean(controller)));
  }

  show(asked, reply) {
    this.shown = { asked, reply };
    discardCharts(byId('views'));
    fill(byId('summary'), h('span.fact.state', { dataset: { level: level(reply) } }, stateText(reply)), summary(reply));
    fill(byId('notices'), reply.body ? notices(reply.body, (line, column) => this.goTo(line, column))
      : h('article.notice.error', { role: 'alert' }, h('p', {}, `The server answered ${reply.status} with something that is not JSON.`)));
    fill(byId('views'), answerViews(asked, reply, this.schema, this.saved, this.preference));
  }

  /** On a phone the answer lies below what was asked. */
  showAnswer() {
    const answer = byId('answer');
    if (answer.getBoundingClientRect().top > innerHeight / 2) answer.scrollIntoView({ behavior: mayMove() ? 'smooth' : 'auto' });
  }

  redraw() {
    if (this.shown) this.show(this.shown.asked, this.shown.reply);
  }
}

const level = ({ body }) => !body || body.data === null || body.data === undefined ? 'bad' : body.errors?.length ? 'warn' : 'good';
const stateText = (reply) => ({ good: 'Answered', warn: 'Answered in part', bad: 'Refused' })[level(reply)];

new Console().start();
