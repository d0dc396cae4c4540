import tseslint from 'typescript-eslint'

const remedy = (selector, message) => ({ selector, message })

const bans = [
  remedy(
    'ExportDefaultDeclaration',
    'Default exports hide the name. Export the thing by its name instead.',
  ),
  remedy(
    "CallExpression[callee.object.name='vi'][callee.property.name=/^(mock|doMock)$/]",
    'Module mocks test nothing real. Use the real part, or a second implementation that passes the same contract tests.',
  ),
  remedy(
    "MemberExpression[object.name='process'][property.name='env']",
    'Only config.ts reads the environment. Pass what you need as a parameter.',
  ),
]

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.plumb/**',
      '**/test/honest/**',
      '**/test/forms*/**',
      'packages/testbed/collection*/**',
    ],
  },
  {
    files: ['packages/**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['packages/*/test/*.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 10],
      'max-depth': ['error', 3],
      'max-params': ['error', 3],
      'no-restricted-syntax': ['error', ...bans],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      eqeqeq: ['error', 'always'],
      'prefer-const': 'error',
    },
  },
  {
    files: ['packages/**/*.test.ts', 'packages/*/test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-syntax': ['error', ...bans.slice(0, 2)],
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    files: ['packages/*/src/config.ts'],
    rules: { 'no-restricted-syntax': ['error', ...bans.slice(0, 2)] },
  },
)
