import { expect, test } from 'vitest';
import type { Endpoint } from '../../shared/computer.ts';
import { followingTo } from './following-to.ts';

const at = (hostname: string, port = 5985): Endpoint => ({ scheme: 'http', hostname, port, path: '/wsman' });

test('a computer may move, and the account goes to another only where that was named', () => {
  const may = followingTo(['MAIL.example', '[::1]']);
  expect(may(at('web01'), at('WEB01', 80))).toBe(true);
  expect(may(at('web01'), at('mail.example'))).toBe(true);
  expect(may(at('web01'), at('::1'))).toBe(true);
  expect(() => may(at('web01'), at('evil.example'))).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('http://evil.example:5985/wsman') as string,
      info: expect.objectContaining({
        remedy: { text: expect.stringContaining('--redirect-to evil.example') as string },
      }) as object,
    }),
  );
});

test.each(['evil;reboot', '$(id)', '`id`', "it's", '-rf'])(
  'a name that a shell reads as more than that is not offered to be typed: %s',
  (hostname) => {
    expect(() => followingTo([])(at('web01'), at(hostname))).toThrow(
      expect.objectContaining({
        info: expect.objectContaining({
          remedy: { text: 'If the account may go there, name it: --redirect-to NAME' },
        }) as object,
      }),
    );
  },
);
