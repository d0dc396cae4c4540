/** Packages that functions may import where they are deployed, and that a project need not install to be tested. */
const allowed = new Set(['soap', 'unzipper', 'botbuilder'])

/**
 * What stands for a package that is not installed: every member is a function that a test can spy on, and that
 * throws when it is called. Undefined for packages that a project has to bring.
 */
export function missingPackage(name: string): object | undefined {
  if (!allowed.has(name)) return undefined
  const inside = new Proxy<Record<PropertyKey, unknown>>(
    {},
    {
      get: (target, key): unknown =>
        typeof key === 'string' && isMember(key)
          ? (target[key] ??= absentMember(`${name}.${key}`, name))
          : target[key],
      has: (target, key) => (typeof key === 'string' && isMember(key)) || Reflect.has(target, key),
    },
  )
  return new Proxy(inside, {
    get: (target, key): unknown => (key === 'default' ? inside : target[key]),
    has: (target, key) => key === 'default' || Reflect.has(target, key),
  })
}

/** A promise is told by its `then`, a module by its marks. */
function isMember(key: string): boolean {
  return key !== 'then' && key !== 'default' && !key.startsWith('__')
}

function absentMember(name: string, inPackage: string): unknown {
  return function absent(): never {
    throw new Error(
      `${name} was called, and the package "${inPackage}" is not installed. Install it, or let the test stand in for it: vi.spyOn(${name.replace('.', ", '")}').`,
    )
  }
}
