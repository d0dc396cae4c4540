type FileTool = {
  readonly description: string
  readonly schema: {
    readonly type: 'object'
    readonly properties: Readonly<Record<string, { type: string; description: string }>>
    readonly required: readonly string[]
  }
}

const path = { type: 'string', description: 'Path, absolute or relative to the workspace' }
const folder = { type: 'string', description: 'Folder to look in; default: the workspace' }

const object = (
  properties: FileTool['schema']['properties'],
  required: readonly string[],
): FileTool['schema'] => ({ type: 'object', properties, required })

/** The harness's own file tools under their own names, so that no unboxed one is left. */
export const fileTools: Readonly<Record<string, FileTool>> = {
  read: {
    description: 'Reads a file of the workspace, with line numbers, or lists a folder.',
    schema: object(
      {
        filePath: path,
        offset: { type: 'integer', description: 'First line, from 1' },
        limit: { type: 'integer', description: 'Number of lines, at most 2000' },
      },
      ['filePath'],
    ),
  },
  write: {
    description: 'Writes a file of the workspace, replacing what it held.',
    schema: object(
      { filePath: path, content: { type: 'string', description: 'The whole new content' } },
      ['filePath', 'content'],
    ),
  },
  edit: {
    description: 'Replaces one piece of text in a file. The text must stand there exactly once.',
    schema: object(
      {
        filePath: path,
        oldString: { type: 'string', description: 'The text to replace, exactly as it stands' },
        newString: { type: 'string', description: 'What takes its place' },
        replaceAll: { type: 'boolean', description: 'Replace every place; default false' },
      },
      ['filePath', 'oldString', 'newString'],
    ),
  },
  apply_patch: {
    description:
      'Applies a patch: `*** Begin Patch`, `*** Update File: path` or `*** Add File: path`, `@@`, lines with " ", "-", "+", `*** End Patch`.',
    schema: object({ patchText: { type: 'string', description: 'The patch' } }, ['patchText']),
  },
  glob: {
    description: 'Finds files of the workspace by a pattern such as **/*.ts.',
    schema: object({ pattern: { type: 'string', description: 'Glob' }, path: folder }, ['pattern']),
  },
  grep: {
    description: 'Finds lines in files of the workspace by a regular expression.',
    schema: object(
      {
        pattern: { type: 'string', description: 'Regular expression' },
        path: folder,
        include: { type: 'string', description: 'Glob of the files to look in' },
      },
      ['pattern'],
    ),
  },
  list: {
    description: 'Lists the files of the workspace.',
    schema: object({ path: folder }, []),
  },
}
