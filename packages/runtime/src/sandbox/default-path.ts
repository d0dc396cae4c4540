/** Where a box looks for programs unless its policy says otherwise. */
export const defaultPath = '/usr/local/bin:/usr/bin:/bin'
