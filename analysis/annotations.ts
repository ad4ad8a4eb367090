/** The types that a declaration is annotated with, in TypeScript or in Flow. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Node } from './source';

/** A type by name: `Connection`, or `jsforce.Connection` with the rest of its path. */
export interface NamedType {
  name: TSESTree.Identifier;
  path: readonly string[];
}

/** As much of a type node as both languages share. */
interface TypeNode {
  type: string;
  typeAnnotation?: TypeNode;
  types?: readonly TypeNode[];
  /** What a reference is to: `typeName` in TypeScript, `id` in Flow. */
  typeName?: Node;
  id?: Node;
  typeArguments?: { params: readonly TypeNode[] };
  typeParameters?: { params: readonly TypeNode[] };
}

/** The named types in the annotation of a declaration, members of a union included. */
export function annotatedTypes(declared: Node): NamedType[] {
  return 'typeAnnotation' in declared && declared.typeAnnotation ? namesIn(declared.typeAnnotation as unknown as TypeNode) : [];
}

function namesIn(type: TypeNode): NamedType[] {
  switch (type.type) {
    case 'TSTypeAnnotation':
    case 'TypeAnnotation':
    case 'NullableTypeAnnotation':
      return type.typeAnnotation ? namesIn(type.typeAnnotation) : [];
    case 'TSUnionType':
    case 'UnionTypeAnnotation':
      return (type.types ?? []).flatMap(namesIn);
    case 'TSTypeReference':
    case 'GenericTypeAnnotation': {
      const types = named(type.typeName ?? type.id);
      // A promise stands for what it resolves to, as it does in the values.
      const isPromise = types[0]?.name.name === 'Promise';
      return isPromise ? ((type.typeArguments ?? type.typeParameters)?.params ?? []).flatMap(namesIn) : types;
    }
    default:
      return [];
  }
}

/** Flow's `a.C` is left out: Babel's tree for ESLint does not hold its last name. */
function named(reference: Node | undefined): NamedType[] {
  const path: string[] = [];
  let current = reference;
  while (current?.type === 'TSQualifiedName') {
    path.unshift(current.right.name);
    current = current.left;
  }
  return current?.type === 'Identifier' ? [{ name: current, path }] : [];
}
