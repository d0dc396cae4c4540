// Made from the operations; `npx vitest run packages/app/src/operations/command-table.test.ts -u` writes it anew.
/** Every command as it is called, and what it is for. */
export const commandTable: Readonly<Record<string, string>> = {
  'init [directory]': 'Write a starter project: a first function, a brief, and what to do next',
  doctor: 'Say what this machine lacks, and the command that installs it',
  demo: 'Build, prove and report on emulated accounts; needs no key and no account',
  serve: 'Run integrations: connections, proxy, actions and syncs over one HTTP API',
  config: 'Show each setting and where its value comes from',
  openapi: 'Print the OpenAPI 3.1 document of the HTTP API',
  'build <briefs...>':
    'Build the functions that briefs ask for, prove them, and assemble integrations',
  'compile [directory]': 'Check the types of functions and bundle each into one file',
  'deploy <environment> [directory]': 'Compile a project and run its functions in an environment',
  'rollback <environment> [deployment]': 'Run again what an earlier deployment had',
  'dev [directory]': 'Compile functions, and again whenever their files change',
  'check [directory]':
    'Check functions without an account: types, bans, replays and dishonest results',
  'dryrun <function>':
    'Run a function against an account; calls that would change it are stopped and shown',
  'record <function>':
    'Write a fixture of a function: secrets and personal data replaced, the replay proved',
  'create <integration> <kind> <name>':
    'Write a typed function, from the API description where the provider has one',
  'test [directory]': 'Replay functions against their fixtures, and run the tests of a project',
  'verify [directory]': 'Put functions before oracles that change what their recordings answer',
  'generate tests [directory]': 'Write vitest tests that replay functions against their fixtures',
  'runs [run]': 'List earlier builds, or show one with its interactions and attempts',
  'trace [id]':
    'Show where an attempt first went wrong, or what the attempts of a run lost time on',
  'waive <finding>': 'Decide, with a reason and evidence, that a finding does not reject',
  'skills report': 'Show pass rate, attempts, cost and root causes of each version of a skill',
  'draft <brief> <interaction>':
    'Write a typed function for an interaction from the API description, without a model',
  'docs search <provider> [words...]': "Find operations in a provider's API description",
  'docs show <provider> <operation>':
    'Show one operation of an API with its parameters and schemas',
  providers: 'List the providers that Plumb knows',
  'providers check': 'Check provider entries: schema, addresses, placeholders, patterns, scopes',
  'providers import <file>': 'Take over the entries of a providers.yaml as files in providers/',
  'connections add <integration> <connection-id>':
    'Store an account; its secret comes from a variable or a file',
  'connections list': 'List the stored accounts',
  'connections check <integration> <connection-id>':
    'Ask the provider whether an account still works',
  'keys rotate': 'Encrypt all stored secrets with a new master key; what was begun goes on',
  'variables set <name> [value]': 'Set a variable that functions can read; it is kept encrypted',
  'bench build': 'Measure what building the demo costs here: time, CPU and memory per interaction',
  'bench tempting':
    'Give a model tasks that tempt it to cheat, and say how honestly each one ended',
  'bench misbehaviour':
    'Play rogue agents and their honest twins through the whole pipeline, and count who gets away',
  'bench toolchain':
    'Measure compiling and testing of generated projects, side by side with another toolchain',
  'bench verify':
    'Measure the CPU time of verification here, per interaction of the demo and by check',
  'bench runtime':
    'Measure the server here: what it adds to calls, records/s, syncs, starts, memory',
  'completion [shell]': 'Print the completion script of a shell',
  'environments list': 'List the environments',
  'environments add <name>': 'Add an environment; its first secret key is shown this once',
  'connections get <integration-key> <connection-id>':
    'Show a connection, with its credential when the key may read it',
  'connections import <integration-key>': 'Store an account whose credential you have already',
  'connections update <integration-key> <connection-id>':
    'Change whose a connection is, or its tags',
  'connections delete <integration-key> <connection-id>':
    'Delete a connection, and give its tokens back to the provider',
  'connections set-metadata <integration-key>': 'Replace the metadata of connections',
  'connections update-metadata <integration-key>': 'Merge members into the metadata of connections',
  'connect create-session': 'Open a session in which a person may connect accounts, for 30 minutes',
  'connect create-reconnect-session <integration-key> <connection-id>':
    'Open a session in which a person authorises an existing connection again',
  'integrations list': 'List the integrations, without secrets',
  'integrations get <integration-key>': 'Show an integration',
  'integrations create <integration-key> <provider>': 'Configure a provider',
  'integrations update <integration-key>': 'Change an integration',
  'integrations delete <integration-key>': 'Delete an integration that has no connections',
  'providers list': 'List the providers of the catalog',
  'providers get <provider>': 'Show a provider of the catalog',
  'keys list': 'List the secret keys of the environment, without the keys themselves',
  'keys create <name>': 'Create a secret key; it is shown this once',
  'keys revoke <id>': 'Revoke a secret key',
  'deployments list': 'List the deployments that are kept, the newest first',
  'deployments get <id>': 'Show a deployment with its functions',
  'deployments upload': 'Store bundles that a later deployment names by their SHA-256',
  'deployments preview': 'Show what a deployment would change',
  'deployments create': 'Deploy the functions of a project',
  'deployments rollback <id>': 'Deploy again what an earlier deployment had',
  'variables list': 'List the variables that functions can read, without their values',
  'variables delete <name>': 'Remove a variable',
  'records list <integration-key> <connection-id> <model>':
    'List the records of a model in the order of their last change, deleted ones too',
  'records models <integration-key> <connection-id>':
    'List the models that a connection has records of, with their number',
  'records prune <integration-key> <connection-id> <model> <until-cursor>':
    'Forget the payloads of records up to a cursor; later changes are still told',
  'records configure': 'Choose whether payloads of the environment are stored encrypted or plain',
  'syncs start <integration-key>': 'Start the schedules of syncs, each with a run at once',
  'syncs pause <integration-key>':
    'Pause the schedules of syncs; what runs ends at its next checkpoint',
  'syncs trigger <integration-key>':
    'Run syncs once more, from where they are or from the beginning',
  'syncs status <integration-key>': 'Show schedules, and what the last run of each did',
  'syncs runs': 'List the runs of syncs, the newest first',
  'syncs set-frequency <integration-key> <connection-id> <name>':
    'Give a connection its own frequency of a sync, or take it away',
  'syncs add-variant <integration-key> <connection-id> <name> <variant>':
    'Run a sync of a connection once more beside itself, with records of its own',
  'syncs remove-variant <integration-key> <connection-id> <name> <variant>':
    'Remove a variant of a sync from a connection',
  'actions trigger <integration-key> <connection-id> <action>':
    'Run an action of a connection; its output is the answer',
  'actions result <id>': 'The output of an action that was triggered with X-Async',
  'logs list': 'List operations, newest first',
  'logs get <id>': 'Show an operation with its messages',
}
