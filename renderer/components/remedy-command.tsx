import { Copy } from 'lucide-react';
import { plainText } from '../../shared/plain-text.ts';
import { useApp } from '../app-context.ts';

const COMMANDS_SHOWN = 3;

/** What can be run to mend it, wherever a failure is told: one line, or one for each computer; all are copied. */
export function RemedyCommand({ command }: { command: string | undefined }) {
  const ask = useApp((state) => state.ask);
  if (!command) return null;
  const lines = command.split('\n');
  const rest = lines.length - COMMANDS_SHOWN;
  return (
    <div className="remedy">
      <div className="commands">
        {lines.slice(0, COMMANDS_SHOWN).map((line) => (
          <code key={line} className="cut" title={plainText(line)}>
            {plainText(line)}
          </code>
        ))}
        {rest > 0 && <span className="muted small">and {rest} more, which are copied, too</span>}
      </div>
      <button type="button" className="tool" onClick={() => void ask('clipboard.copy', { text: command })}>
        <Copy className="i" aria-hidden="true" />
        Copy
      </button>
    </div>
  );
}
