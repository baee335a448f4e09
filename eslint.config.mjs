import angular from '@angular-eslint/eslint-plugin';
import angularTemplate from '@angular-eslint/eslint-plugin-template';
import * as angularTemplateParser from '@angular-eslint/template-parser';
import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * What each project may import (ARCHITECTURE.md has the same table). Everything of @pycell that is not listed is
 * refused, and so is every way around: deep paths and relative paths into another project.
 */
const BOUNDARIES = [
  { project: 'libs/contracts', mayImport: [], node: 'none', others: [] },
  { project: 'libs/api-client', mayImport: [], node: 'none', others: [] },
  { project: 'libs/script-policy', mayImport: ['contracts'], node: 'none', others: ['web-tree-sitter'] },
  { project: 'libs/sandbox', mayImport: ['contracts', 'script-policy'], node: 'all' },
  { project: 'apps/api', mayImport: ['contracts', 'script-policy', 'sandbox'], node: 'no-processes' },
  { project: 'apps/api-e2e', mayImport: ['contracts', 'api-client'], node: 'all', tools: true },
  { project: 'apps/console', mayImport: ['contracts', 'script-policy', 'api-client'], node: 'none' },
  { project: 'apps/console-e2e', mayImport: ['contracts'], node: 'all', tools: true },
];
const ALL_LIBS = ['contracts', 'script-policy', 'sandbox', 'api-client'];

const PROCESSES = [
  'child_process',
  'node:child_process',
  'cluster',
  'node:cluster',
  'worker_threads',
  'node:worker_threads',
];

function boundary({ project, mayImport, node, others, tools }) {
  const forbiddenLibs = ALL_LIBS.filter((lib) => !mayImport.includes(lib)).map((lib) => `@pycell/${lib}`);
  const patterns = [
    { group: ['@pycell/*/*'], message: 'Enter a library by its door, the package name.' },
    {
      // The black-box suites start servers as the tools do, by tools/services.
      group: ['**/apps/**', '**/libs/**', tools ? '../../../../!(tools)/**' : '../../../../*'],
      message: 'Import other projects by package name.',
    },
  ];
  if (node === 'none') {
    patterns.push({
      group: ['node:*', 'fs', 'path', 'os', 'buffer'],
      message: 'This code runs in browsers.',
    });
  }
  if (others) {
    const allowed = [...mayImport.map((lib) => `@pycell/${lib}`), ...others]
      .map((name) => `(?!${name}$)`)
      .join('');
    patterns.push({ regex: `^${allowed}[^.]`, message: 'This library has no other dependencies.' });
  }
  const paths = forbiddenLibs.map((name) => ({ name, message: `${project} may not depend on it.` }));
  if (node === 'no-processes') {
    paths.push(...PROCESSES.map((name) => ({ name, message: 'Only libs/sandbox starts processes.' })));
  }
  const tests = node === 'none' ? { ignores: [`${project}/src/**/*.{spec,contract}.ts`] } : {};
  return {
    files: [`${project}/src/**/*.ts`],
    ...tests,
    rules: { 'no-restricted-imports': ['error', { paths, patterns }] },
  };
}

export default tseslint.config(
  {
    ignores: ['**/dist/**', '**/node_modules/**', '.angular/**', '.nx/**', '.pycell/**', '.reports/**'],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // Numbers in messages are fine.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Modules of Nest are classes without members, and so are tokens.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Unsafe only where two unrelated classes look alike; Nest's options are such a class.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // A walk from a scope to the scopes around it begins at itself.
      '@typescript-eslint/no-this-alias': ['error', { allowedNames: ['scope'] }],
      // `_name` says that a parameter is there for the signature only.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
    },
  },
  {
    // Their parameters' types are read at run time.
    files: ['apps/api/src/**/*.ts', 'libs/sandbox/src/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  ...BOUNDARIES.map(boundary),
  {
    // Translation only: whatever an interface of others has executed goes through the door, on the terms of interfaces.
    files: ['apps/api/src/interfaces/!(door)/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: PROCESSES.map((name) => ({ name, message: 'Only libs/sandbox starts processes.' })),
          patterns: [
            {
              group: ['@pycell/*', '!@pycell/contracts'],
              message: 'An interface has scripts executed by its door.',
            },
            { group: ['@pycell/*/*'], message: 'Enter a library by its door, the package name.' },
            {
              regex: '^\\.\\./(?!door/)|^\\./.*\\.\\./',
              message: 'An interface imports what is its own, and the door.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['apps/console/src/**/*.ts'],
    plugins: { '@angular-eslint': angular, '@angular-eslint/template': angularTemplate },
    // Templates that stand in their component are checked like those in files.
    processor: angularTemplate.processors['extract-inline-html'],
    rules: {
      ...angular.configs.recommended.rules,
      '@angular-eslint/use-lifecycle-interface': 'error',
      '@angular-eslint/component-selector': [
        'error',
        { type: 'element', prefix: 'app', style: 'kebab-case' },
      ],
      '@angular-eslint/prefer-on-push-component-change-detection': 'error',
      '@angular-eslint/prefer-output-readonly': 'error',
      '@angular-eslint/prefer-signals': 'error',
      '@angular-eslint/no-uncalled-signals': 'error',
    },
  },
  {
    files: ['apps/console/src/**/*.html'],
    languageOptions: { parser: angularTemplateParser },
    plugins: { '@angular-eslint/template': angularTemplate },
    rules: {
      ...angularTemplate.configs.recommended.rules,
      ...angularTemplate.configs.accessibility.rules,
      '@angular-eslint/template/button-has-type': 'error',
      '@angular-eslint/template/no-duplicate-attributes': 'error',
      '@angular-eslint/template/prefer-control-flow': 'error',
      '@angular-eslint/template/prefer-self-closing-tags': 'error',
    },
  },
  {
    // It runs in the page, before everything else.
    files: ['apps/console/public/**/*.js'],
    languageOptions: {
      sourceType: 'script',
      globals: { document: 'readonly', localStorage: 'readonly' },
    },
  },
  {
    // jest's asymmetric matchers are of type any.
    files: ['**/*.spec.ts', '**/*.e2e-spec.ts', '**/*.contract.ts'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    // Written by npm run generate; unions and index signatures are those of the schema.
    files: ['**/*.generated.ts'],
    rules: {
      'max-lines': 'off',
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/no-duplicate-type-constituents': 'off',
      '@typescript-eslint/no-redundant-type-constituents': 'off',
    },
  },
  {
    // The environment is read in one place and handed out as typed slices. main.ts hands it to the configuration, and so does
    // register.ts, which runs before main.ts.
    files: ['apps/api/src/**/*.ts', 'libs/**/*.ts'],
    ignores: ['apps/api/src/{main,traces/register}.ts', '**/*.{spec,contract}.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only the configuration reads the environment.' },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        performance: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        module: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
        AbortSignal: 'readonly',
        structuredClone: 'readonly',
      },
    },
  },
);
