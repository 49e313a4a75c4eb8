import { Check, FlaskConical, Lock, Server } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useAppStore } from '../app-context.ts';
import { runCommand } from '../commands.ts';
import type { CommandId } from '../commands.ts';

interface CardProps {
  readonly id: CommandId;
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  readonly foot: string;
  readonly keys: string;
}

function StartCard({ id, icon: Icon, title, text, foot, keys }: CardProps) {
  const store = useAppStore();
  return (
    <button
      type="button"
      className="start"
      aria-label={title}
      onClick={() => runCommand(id, store.getState())}
    >
      <Icon className="i" aria-hidden="true" />
      <strong>{title}</strong>
      <p>{text}</p>
      <span className="foot">
        {foot}
        <kbd className="key">{keys}</kbd>
      </span>
    </button>
  );
}

/** Nothing to show yet: where to begin. */
export const FirstRun = () => (
  <section className="panel" aria-label="First run">
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
          keys="Ctrl+N"
        />
        <StartCard
          id="sample.open"
          icon={FlaskConical}
          title="Try with a sample fleet"
          text="40 simulated computers with sessions of every kind. Works offline and touches nothing."
          foot="Leave it in one step"
          keys="Ctrl+T"
        />
      </div>
      <ul className="notes">
        <li>
          <Check className="i" aria-hidden="true" />
          PowerShell is not needed on this computer.
        </li>
        <li>
          <Lock className="i" aria-hidden="true" />
          Passwords are kept in memory until the app ends, never in files.
        </li>
      </ul>
    </div>
  </section>
);
