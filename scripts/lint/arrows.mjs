import { posix, relative, sep } from 'node:path';
import { ANY, covers, roomOf } from './rooms.mjs';

const SEE = 'The import arrows stand in docs/architecture.md, as data in scripts/lint/rooms.mjs.';

/** Holds the import arrows: every way to name another module is checked against the room's own list. */
const arrows = {
  meta: { type: 'problem', schema: [], messages: { refused: `{{why}} ${SEE}` } },
  create(context) {
    const path = relative(context.cwd, context.filename).split(sep).join('/');
    const room = roomOf(path);
    const refuse = (node, why) => why && context.report({ node, messageId: 'refused', data: { why } });
    if (!room) return { Program: (node) => refuse(node, `${path} stands in no room.`) };

    const check = (node, source, names = []) =>
      refuse(node, whyNot(room, path, literal(source)) ?? whyNotNames(room, literal(source), names));
    return {
      ImportDeclaration: (node) => check(node, node.source, node.specifiers.map(importedName)),
      ExportNamedDeclaration: (node) =>
        node.source && check(node, node.source, node.specifiers.map(exportedName)),
      ExportAllDeclaration: (node) => check(node, node.source, ['*']),
      ImportExpression: (node) => check(node, node.source, ['*']),
      TSImportType: (node) => check(node, node.source),
      TSImportEqualsDeclaration: (node) =>
        node.moduleReference.type === 'TSExternalModuleReference' &&
        check(node, node.moduleReference.expression, ['*']),
      CallExpression: (node) => node.callee.name === 'require' && check(node, node.arguments[0], ['*']),
    };
  },
};

/** @returns a sentence when `room` may not import `source`; a path is resolved, so no spelling gets by. */
function whyNot(room, path, source) {
  if (source === undefined) return `${room.name} imports something that is not written out.`;
  if (source.startsWith('.')) {
    const target = posix.join(posix.dirname(path), source.replace(/\?.*$/, ''));
    if (/\.test\.\w+$/.test(target)) return 'A test is not imported.';
    if (!posix.extname(target)) return `"${source}" has no extension.`;
    return covers(room.may, target) ? undefined : `${room.name} may not import ${target}.`;
  }
  const [list, name] = source.startsWith('node:')
    ? [room.node, source]
    : [room.packages, packageName(source)];
  return list === ANY || list?.includes(name) ? undefined : `${room.name} may not import ${source}.`;
}

function whyNotNames(room, source, names) {
  const allowed = room.names?.[source];
  const name = allowed && names.find((name) => !allowed.includes(name));
  return name && `${room.name} may not take ${name} from ${source}.`;
}

/** A default import is the whole module, as is a namespace. */
const importedName = ({ type, imported }) =>
  type === 'ImportSpecifier' ? (imported.name ?? imported.value) : '*';
const exportedName = ({ local }) => local.name ?? local.value;

/** `@scope/name/file` and `name/file` belong to the package. */
const packageName = (source) => source.split('/', source.startsWith('@') ? 2 : 1).join('/');

function literal(node) {
  if (node?.type === 'Literal') return String(node.value);
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0].value.cooked;
  return undefined;
}

/** A file is named after what it exports, in kebab case; the names below say nothing. */
const fileName = {
  meta: { type: 'suggestion', schema: [], messages: { refused: '{{name}}: {{why}}' } },
  create(context) {
    const name = posix.basename(context.filename.split(sep).join('/'));
    const refuse = (node, why) => context.report({ node, messageId: 'refused', data: { name, why } });
    return {
      Program(node) {
        if (/^(utils?|helpers?|types?|common|misc)\./.test(name))
          refuse(node, 'name it after what it exports.');
        else if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/.test(name))
          refuse(node, 'file names are kebab-case.');
      },
    };
  },
};

/** The project's own rules, as an ESLint plugin. */
export const house = { rules: { arrows, 'file-name': fileName } };
