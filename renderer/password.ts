import type { PasswordAnswer, PasswordQuestion } from '../shared/password-question.ts';

interface PasswordBridge {
  question(): Promise<PasswordQuestion>;
  answer(answer: PasswordAnswer | undefined): Promise<void>;
}

const { password: bridge } = window as unknown as { password: PasswordBridge };
const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const form = element<HTMLFormElement>('form');
const username = element<HTMLInputElement>('username');
const password = element<HTMLInputElement>('password');

const SHOWN = 3;

function whereText({ computers, reason }: PasswordQuestion): string {
  const more = computers.length - SHOWN;
  const names = computers.slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return `${reason ? `${reason} ` : ''}To ask ${names}.`;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void bridge.answer({ username: username.value.trim(), password: password.value });
});
element('cancel').addEventListener('click', () => void bridge.answer(undefined));
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') void bridge.answer(undefined);
});

void bridge.question().then((question) => {
  element('where').textContent = whereText(question);
  username.value = question.username;
  (question.username ? password : username).focus();
});
