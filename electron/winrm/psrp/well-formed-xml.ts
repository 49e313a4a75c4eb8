const NAME = '[^\\s<>&/=!?"\'#]+';
const TOKEN = new RegExp(
  [
    '<!--[^]*?-->',
    '<!\\[CDATA\\[[^]*?\\]\\]>',
    '<\\?[^]*?\\?>',
    '<!DOCTYPE\\s[^<>[\\]]*(?:\\[[^\\]]*\\]\\s*)?>',
    `<(/?)(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`,
    '[^<]+',
  ].join('|'),
  'y',
);

/** Whether the text is one element with all its tags in pairs. It resolves nothing: the text stays a text. */
export function isWellFormedXml(text: string): boolean {
  const open: string[] = [];
  let roots = 0;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) return false;
    const [token, slash, name, , empty] = match;
    if (name === undefined) {
      const isText = !token.startsWith('<') || token.startsWith('<![CDATA[');
      if (isText && open.length === 0 && token.trim() !== '') return false;
      continue;
    }
    if (slash) {
      if (empty || open.pop() !== name) return false;
      continue;
    }
    if (open.length === 0 && ++roots > 1) return false;
    if (!empty) open.push(name);
  }
  return roots === 1 && open.length === 0;
}
