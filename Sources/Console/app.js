import 'codemirror/lib/codemirror.css';
import 'codemirror/addon/hint/show-hint.css';
import 'codemirror/addon/lint/lint.css';
import './styles/tokens.css';
import './styles/page.css';
import './styles/editor.css';
import './styles/answer.css';
import './styles/panels.css';
import { parse } from 'graphql';
import { AnswerPanel } from './answer/panel.js';
import { queryEditor } from './language/editor.js';
import { prettified } from './language/prettify.js';
import { readable } from './language/problems.js';
import { fetchSchema } from './language/schema.js';
import { byId, copy, fill, h, later, toast } from './page/dom.js';
import { theme } from './page/theme.js';
import { docs } from './panels/docs.js';
import { Drawer } from './panels/drawer.js';
import { Health } from './panels/health.js';
import { past } from './panels/past.js';
import { listen, showShortcuts } from './panels/shortcuts.js';
import { draft, keepDraft, remember } from './request/history.js';
import { Offers } from './request/offers.js';
import { fromFragment, toFragment } from './request/share.js';
import { Variables } from './request/variables.js';
import { Runner } from './runner.js';

/** The console, put together: what is asked on one side, what came of it on the other. */
class Console {
  constructor() {
    this.schema = null;
    this.schemaReason = '';
    const run = () => this.runner.run();
    this.editor = queryEditor(byId('query'), {
      schema: () => this.schema, run, prettify: () => this.prettify(),
      onProblems: (problems) => this.showProblems(problems),
    });
    this.variables = new Variables(byId('variables'), { onChange: () => this.keep(), run });
    this.offers = new Offers(byId('starters'), {
      open: (query, variables) => this.open({ query, variables: JSON.stringify(variables, null, 2) }),
      values: () => this.variables.values(),
    });
    this.answer = new AnswerPanel({
      schema: () => this.schema, saved: () => this.offers.saved, run, goTo: (line, column) => this.goTo(line, column),
    });
    this.runner = new Runner(byId('run'), this.answer, {
      question: () => this.question(), remember: () => this.remember(),
    });
    this.keep = later(300, () => this.keepNow());
    this.editor.on('change', later(200, () => this.changed()));
    const health = new Health(byId('health-chip'));
    this.drawer = new Drawer({
      schema: { title: 'Schema', show: (place) => docs(place, this.schema, this.schemaReason) },
      history: { title: 'History', show: (place) => past(place, (entry) => this.openAgain(entry)) },
      health: { title: 'Health', show: (place) => health.show(place) },
    });
    this.wire();
  }

  wire() {
    const onClick = (id, action) => byId(id).addEventListener('click', action);
    onClick('run', () => this.runner.runOrStop());
    onClick('prettify', () => this.prettify());
    onClick('share', () => this.share());
    onClick('shortcuts', showShortcuts);
    onClick('health-chip', () => this.drawer.toggle('health', byId('health-chip')));
    for (const button of document.querySelectorAll('[data-panel]')) {
      button.addEventListener('click', () => this.drawer.toggle(button.dataset.panel, button));
    }
    const panel = (name) => () => this.drawer.toggle(name, document.querySelector(`[data-panel=${name}]`));
    listen({
      run: () => this.runner.run(), help: showShortcuts, schema: panel('schema'), history: panel('history'),
      view: (index) => document.querySelectorAll('#views [role=tab]')[index]?.click(),
    });
    window.addEventListener('hashchange', () => this.openLink());
    theme(() => this.answer.redraw());
  }

  async start() {
    if (!await this.openLink()) {
      const last = draft();
      if (last?.query.trim()) this.open(last);
      else this.offers.openFirst();
    }
    this.offers.learn();
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

  // What is asked

  asked() { return { query: this.editor.getValue(), variables: this.variables.text }; }

  /** @param {{query: string, variables: string}} entry */
  open({ query, variables }) {
    this.variables.set(variables || '{}');
    this.editor.setValue(query);
    this.changed();
  }

  /** Remembers what is asked; the way to GraphiQL, if it is there, takes it along. */
  async keepNow() {
    keepDraft(this.asked());
    const graphiql = document.getElementById('graphiql');
    if (graphiql) graphiql.setAttribute('href', `/graphiql#${await toFragment(this.asked())}`);
  }

  openAgain(entry) {
    this.open(entry);
    this.drawer.close();
  }

  async openLink() {
    try {
      const shared = await fromFragment(location.hash);
      if (!shared) return false;
      this.answer.preference.view = shared.view ?? null;
      this.open(shared);
      toast('The query of the link. Press Run to ask it.');
      return true;
    } catch (error) {
      toast(`The link is damaged: ${error.message}`);
      return false;
    }
  }

  async share() {
    const fragment = await toFragment({ ...this.asked(), view: this.answer.preference.view ?? undefined });
    history.replaceState(null, '', `#${fragment}`);
    await copy(location.href, 'The link is copied. The query stands behind #, so no log sees it.');
  }

  /** The operation at the cursor, or the first. @param {import('graphql').DocumentNode} document */
  operation(document) {
    const at = this.editor.indexFromPos(this.editor.getCursor());
    const all = operations(document);
    return all.find((node) => node.loc.start <= at && at <= node.loc.end) ?? all[0];
  }

  changed() {
    const document = readable(this.editor.getValue());
    // While it cannot be read, the variables stay as they were.
    if (document) this.variables.update(this.schema, this.operation(document));
    this.keep();
  }

  prettify() {
    const { text, reason } = prettified(this.editor.getValue());
    if (text === undefined) toast(reason);
    else this.editor.setValue(text);
  }

  showProblems(problems) {
    const button = ({ line, column, message, severity }) => h(`button.problem.${severity}`, {
      type: 'button', onclick: () => this.goTo(line, column),
    }, h('b', {}, `Line ${line}: `), message);
    fill(byId('problems'), problems.slice(0, 3).map(button),
      problems.length > 3 ? h('p.muted', {}, `and ${problems.length - 3} more`) : null);
  }

  goTo(line, column) {
    this.editor.focus();
    this.editor.setCursor(line - 1, column - 1);
  }

  /** What is to be run now. @returns {import('./answer/view.js').Asked} @throws If the variables cannot be read. */
  question() {
    const { query } = this.asked();
    const document = readable(query) ?? parse('{ __typename }');
    const operation = this.operation(document);
    const operationName = operations(document).length > 1 ? operation.name?.value : undefined;
    return { query, variables: this.variables.used(), document, operation, operationName };
  }

  remember() {
    remember(this.asked());
    this.drawer.refresh('history');
  }
}

const operations = (document) => document.definitions.filter((node) => node.kind === 'OperationDefinition');

new Console().start();
