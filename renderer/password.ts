import type { AskedComputer, PasswordAnswer, PasswordQuestion } from '../shared/password-question.ts';
import { plainText } from '../shared/plain-text.ts';
import { isComposing } from './composing.ts';
import { passwordText } from './password-text.ts';

interface PasswordBridge {
  question(): Promise<PasswordQuestion>;
  answer(answer: PasswordAnswer | undefined): Promise<void>;
}

const { password: bridge } = window as unknown as { password: PasswordBridge };
const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const form = element<HTMLFormElement>('form');
const username = element<HTMLInputElement>('username');
const password = element<HTMLInputElement>('password');
const remember = element<HTMLInputElement>('remember');

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void bridge.answer({
    username: username.value.trim(),
    password: password.value,
    remember: remember.checked,
  });
});
element('cancel').addEventListener('click', () => void bridge.answer(undefined));
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !isComposing(event)) void bridge.answer(undefined);
});

/** What it says may hold names of a shared profile. */
const say = (id: string, text: string) => (element(id).textContent = plainText(text));

/** All of them: a strange one must not hide behind a count. */
function list(computers: readonly AskedComputer[]): void {
  const revealed = computers.some((one) => one.revealed !== undefined);
  if (computers.length < 2 && !revealed) return;
  const items = computers.map(({ name, revealed: how }) => {
    const item = document.createElement('li');
    item.append(plainText(name));
    if (how !== undefined) {
      const warning = document.createElement('span');
      warning.className = 'warning';
      warning.textContent = how;
      item.append(warning);
    }
    return item;
  });
  element('computers').replaceChildren(...items);
  element('computers').hidden = false;
}

void bridge.question().then((question) => {
  const text = passwordText(question);
  document.title = text.title;
  say('title', text.title);
  say('where', text.where);
  element('why').hidden = text.why === undefined;
  say('why', text.why ?? '');
  say('note', text.note);
  say('submit', text.submit);
  list(question.computers);
  if (text.remember !== undefined) {
    say('remember-text', text.remember);
    remember.addEventListener('change', () =>
      say('note', remember.checked ? (text.remembered ?? text.note) : text.note),
    );
    element('offer').hidden = false;
  }
  username.value = question.username;
  username.readOnly = question.mode === 'newPassword';
  if (question.mode === 'passphrase') {
    element('username-label').remove();
    username.remove();
    element('password-label').textContent = 'Passphrase';
    password.focus();
  } else if (question.mode === 'send' || question.mode === 'export') {
    element('fields').remove();
    element('cancel').focus(); // either takes a decision
  } else (question.username ? password : username).focus();
});
