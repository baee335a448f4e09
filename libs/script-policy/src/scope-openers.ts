import type { Scope } from './scope';
import type { Place, ScopeWalk, Visit } from './scope-walk';
import { childOf, type SyntaxNode } from './syntax-node';
import { bindTarget } from './targets';

export const visitFunction: Visit = (walk, node, place) => {
  bindDefinition(walk, node, place);
  const around = openTypeParameters(walk, node, place);
  const inner = walk.open('function', around.scope);
  bindParameters(walk, childOf(node, 'parameters'), inner, around);
  walk.evaluate(childOf(node, 'return_type'), around);
  walk.evaluate(childOf(node, 'body'), { scope: inner, boundFrom: node.end });
};

export const visitLambda: Visit = (walk, node, place) => {
  const inner = walk.open('function', place.scope);
  bindParameters(walk, childOf(node, 'parameters'), inner, place);
  walk.evaluate(childOf(node, 'body'), { scope: inner, boundFrom: place.boundFrom });
};

export const visitClass: Visit = (walk, node, place) => {
  bindDefinition(walk, node, place);
  const around = openTypeParameters(walk, node, place);
  walk.evaluate(childOf(node, 'superclasses'), around);
  const inner = walk.open('class', around.scope);
  walk.evaluate(childOf(node, 'body'), { scope: inner, boundFrom: node.end });
};

/** The first iterable is evaluated outside; everything else has the comprehension's own scope. */
export const visitComprehension: Visit = (walk, node, place) => {
  const inner = { scope: walk.open('inline', place.scope), boundFrom: place.boundFrom };
  let isFirst = true;
  for (const child of node.children) {
    if (child.type !== 'for_in_clause') {
      walk.evaluate(child, inner);
      continue;
    }
    for (const part of child.children) {
      if (part.field === 'left') walk.later(bindTarget, part, inner);
      else walk.evaluate(part, isFirst ? place : inner);
    }
    isFirst = false;
  }
};

/** `type A[T] = ...`: the right side is evaluated when somebody asks for it. */
export const visitTypeAlias: Visit = (walk, node, place) => {
  const left = childOf(node, 'left')?.children[0];
  const inner = walk.open('function', place.scope);
  const isGeneric = left?.type === 'generic_type';
  walk.later(bindTarget, isGeneric ? left.children[0] : left, { scope: place.scope, boundFrom: node.end });
  if (isGeneric) bindTypeParameters(walk, left.children[1], { scope: inner, boundFrom: node.end });
  walk.evaluate(childOf(node, 'right'), { scope: inner, boundFrom: node.end });
};

function bindDefinition(walk: ScopeWalk, node: SyntaxNode, { scope }: Place): void {
  walk.later(bindTarget, childOf(node, 'name'), { scope, boundFrom: node.end });
}

/** Where parameters, bases and annotations of a definition are evaluated. */
function openTypeParameters(walk: ScopeWalk, node: SyntaxNode, { scope }: Place): Place {
  const boundFrom = childOf(node, 'body')?.start ?? node.end;
  const parameters = childOf(node, 'type_parameters');
  if (!parameters) return { scope, boundFrom };
  const place = { scope: walk.open('inline', scope), boundFrom };
  bindTypeParameters(walk, parameters, place);
  return place;
}

function bindTypeParameters(walk: ScopeWalk, parameters: SyntaxNode | undefined, place: Place): void {
  for (const { children } of parameters?.children ?? []) {
    const parameter = children[0];
    if (parameter?.type === 'constrained_type') {
      walk.later(bindTarget, parameter.children[0]?.children[0], place);
      walk.evaluate(parameter.children[1], place);
    } else {
      walk.later(bindTarget, parameter?.type === 'splat_type' ? parameter.children[0] : parameter, place);
    }
  }
}

/** Parameters belong to the function; their defaults and annotations are evaluated around it. */
function bindParameters(walk: ScopeWalk, list: SyntaxNode | undefined, inner: Scope, around: Place): void {
  const own = { scope: inner, boundFrom: around.boundFrom };
  for (const parameter of list?.children ?? []) {
    switch (parameter.type) {
      case 'typed_parameter':
      case 'default_parameter':
      case 'typed_default_parameter':
        for (const part of parameter.children) {
          if (part.field === 'type' || part.field === 'value') walk.evaluate(part, around);
          else walk.later(bindTarget, part, own);
        }
        recordDefault(walk, parameter, inner, around);
        break;
      default:
        walk.later(bindTarget, parameter, own);
    }
  }
}

function recordDefault(walk: ScopeWalk, parameter: SyntaxNode, scope: Scope, around: Place): void {
  const name = childOf(parameter, 'name');
  const value = childOf(parameter, 'value');
  if (name?.type !== 'identifier' || !value) return;
  walk.aliases.push({ name: walk.nameOf(name), scope, value, valueScope: around.scope });
}
