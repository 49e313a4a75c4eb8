import { Check, FlaskConical, Lock, Server } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useId } from 'react';
import { useApp, useAppStore } from '../app-context.ts';
import { commandOf, runCommand } from '../commands.ts';
import type { CommandId } from '../commands.ts';
import { shownKeys } from '../keys.ts';
import { isMac } from '../platform.ts';

interface CardProps {
  readonly id: CommandId;
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  readonly foot: string;
}

function StartCard({ id, icon: Icon, title, text, foot }: CardProps) {
  const store = useAppStore();
  const describedBy = useId();
  return (
    // Called by its title; the rest describes it, and is no part of its name.
    <button
      type="button"
      className="start"
      aria-describedby={describedBy}
      onClick={() => runCommand(id, store.getState())}
    >
      <Icon className="i" aria-hidden="true" />
      <strong>{title}</strong>
      <p id={describedBy} aria-hidden="true">
        {text}
      </p>
      <span className="foot" aria-hidden="true">
        {foot}
        <kbd className="key">{shownKeys(commandOf(id).keys, isMac())}</kbd>
      </span>
    </button>
  );
}

/** Nothing to show yet: where to begin. */
export function FirstRun() {
  const vault = useApp(({ credentials }) => credentials?.vault);
  return (
    <section className="panel" aria-label="First run" id="pane-table" tabIndex={-1} data-pane>
      <div className="firstrun">
        <div>
          <h1>Which computers do you look after?</h1>
          <p className="lead">Nothing is asked of a computer until you add it.</p>
        </div>
        <div className="cards">
          <StartCard
            id="computer.add"
            icon={Server}
            title="Add computers"
            text="Type or paste names, addresses or connection URIs. One field takes them all."
            foot="About a minute"
          />
          <StartCard
            id="sample.open"
            icon={FlaskConical}
            title="Try with a sample fleet"
            text="40 simulated computers with sessions of every kind. Works offline and touches nothing."
            foot="Leave it in one step"
          />
        </div>
        <ul className="first-notes">
          <li>
            <Check className="i" aria-hidden="true" />
            PowerShell is not needed on this computer.
          </li>
          <li>
            <Lock className="i" aria-hidden="true" />
            {!vault || vault.kind === 'memory'
              ? 'Passwords are kept in memory until the app ends, never in files.'
              : `Passwords are kept in ${vault.name}, if you want them kept.`}
          </li>
        </ul>
      </div>
    </section>
  );
}
