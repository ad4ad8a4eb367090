/** What TypeScript knows of an expression's type, where the host offers a program. Never loads TypeScript itself. */
import type { Node, Source } from './source';

interface TypeSymbol {
  name: string;
  declarations?: readonly { getSourceFile(): { fileName: string } }[];
}
interface TypeLike {
  getSymbol?(): TypeSymbol | undefined;
  getBaseTypes?(): readonly TypeLike[] | undefined;
  /** What a type parameter is bound by. */
  getConstraint?(): TypeLike | undefined;
  /** The members of a union or an intersection. */
  types?: readonly TypeLike[];
}

/** The name of an expression's type and the files that declare it, base classes, bounds and members of a union included; empty without a program. */
export function typesOf(source: Source, node: Node): { name: string; files: readonly string[] }[] {
  const services = source.parserServices as { program?: object | null; getTypeAtLocation?(node: Node): TypeLike } | undefined;
  if (!services?.program || !services.getTypeAtLocation) return [];
  const found: { name: string; files: readonly string[] }[] = [];
  const visit = (type: TypeLike, depth: number) => {
    const symbol = type.getSymbol?.();
    if (symbol) found.push({ name: symbol.name, files: (symbol.declarations ?? []).map((one) => one.getSourceFile().fileName) });
    if (depth >= 5) return;
    const constraint = type.getConstraint?.();
    for (const other of [...(type.types ?? []), ...(type.getBaseTypes?.() ?? []), ...(constraint ? [constraint] : [])]) if (other !== type) visit(other, depth + 1);
  };
  visit(services.getTypeAtLocation(node), 0);
  return found;
}
