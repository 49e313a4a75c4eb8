import { expect, test } from 'vitest';
import { helpText } from './help.ts';

test('the help of New-PSSession says what is refused though its syntax shows it, and its own differences', () => {
  const [, text = ''] = helpText('New-PSSession')?.split('Of a group that the app saved:') ?? [];
  expect(text).toMatch(/-EnableNetworkAccess is refused/);
  const [, differences = ''] = text.split('What is not as in PowerShell:');
  for (const word of ['-EnableNetworkAccess', 'order asked', 'Identify', 'no host', 'ApplicationArguments'])
    expect(differences).toContain(word);
  expect(helpText('Get-PSSession')).not.toContain('EnableNetworkAccess');
});
