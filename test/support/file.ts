/** A file model of a text, with the one expression that a test is about: the value of `it = …` in the text. */
import { modelOf, type FileModel } from '../../analysis';
import { buildSource, type Node } from '../../analysis/source';
import type { Value } from '../../analysis/values';
import { dedent } from './cases';

export function fileOf(text: string, path = 'file.js'): { file: FileModel; it: Node } {
  const file = modelOf(buildSource(path, dedent(text)));
  const assignments = file.all('AssignmentExpression').filter(({ left }) => left.type === 'Identifier' && left.name === 'it');
  if (assignments.length !== 1) throw new Error(`The text needs one assignment to "it", and has ${assignments.length}`);
  return { file, it: assignments[0]!.right };
}

/** Values in a line each: `"text"`, `env.NAME`, `module/path`, `new …`, `…()`, `parameter name`. */
function show(value: Value): string {
  switch (value.kind) {
    case 'literal':
      return typeof value.value === 'string' ? JSON.stringify(value.value) : String(value.value);
    case 'text':
      return `text(${value.parts.map((part) => (typeof part === 'string' ? JSON.stringify(part) : show(part))).join(' + ')})`;
    case 'env':
      return `env.${value.name ?? '*'}`;
    case 'module':
      return [value.module, ...value.path].join('#');
    case 'global':
      return `global ${value.path.join('.')}`;
    case 'instance':
      return `new ${show(value.of)}`;
    case 'result':
      return `${show(value.of)}()`;
    case 'member':
      return `${show(value.of)}.${value.name}`;
    case 'this':
      return 'this';
    case 'parameter':
      return `parameter ${value.name}`;
    default:
      return value.kind;
  }
}

/** Everything that `it` can be worth in a text. */
export function valuesIn(text: string, path?: string): string[] {
  const { file, it } = fileOf(text, path);
  return [...new Set(file.values.of(it).map(show))];
}
