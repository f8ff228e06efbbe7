import { confirmed } from './page/dialog.js';
import { toast } from './page/dom.js';
import { post } from './request/client.js';

/** Runs what is asked, one thing at a time; its button stops what runs. */
export class Runner {
  /**
   * @param {HTMLElement} button
   * @param {import('./answer/panel.js').AnswerPanel} answer
   * @param {{question: () => import('./answer/view.js').Asked, remember: () => void}} owner `question` throws if it cannot be asked.
   */
  constructor(button, answer, owner) {
    this.button = button;
    this.answer = answer;
    this.owner = owner;
    /** @type {AbortController|null} */
    this.running = null;
  }

  runOrStop() {
    if (this.running) this.running.abort();
    else this.run();
  }

  async run() {
    if (this.running) return;
    let asked;
    try {
      asked = this.owner.question();
    } catch (error) {
      return toast(error.message);
    }
    const kind = asked.operation?.operation;
    if (kind === 'mutation' && !await confirmed('Run the mutation?', 'It changes what the server has stored.', 'Run it')) return;
    const isStream = kind === 'subscription';
    const controller = new AbortController();
    this.show(controller, !isStream);
    try {
      await (isStream ? this.follow(asked, controller.signal) : this.ask(asked, controller.signal));
    } catch (error) {
      this.answer.showNothing(error, controller.signal.aborted);
    } finally {
      this.show(null, false);
    }
  }

  async ask(asked, signal) {
    const { query, variables, operationName } = asked;
    const reply = await post({ query, variables, operationName, extensions: { cost: true, cache: true } }, { signal });
    this.owner.remember();
    this.answer.show(asked, reply);
    this.answer.scrollTo();
  }

  /** Runs until somebody stops it, or the server ends it. */
  async follow(asked, signal) {
    const { query, variables, operationName } = asked;
    this.owner.remember();
    await this.answer.follow(asked, { query, variables, operationName }, signal);
  }

  /** @param {AbortController|null} running @param {boolean} isAwaited Whether nothing is there to be looked at until then. */
  show(running, isAwaited) {
    this.running = running;
    this.button.textContent = running ? 'Stop' : 'Run';
    this.button.classList.toggle('running', Boolean(running));
    this.answer.setBusy(isAwaited);
  }
}
