/** What a run prints once for each built-in member that is not what it was. */
export const changedMark = 'plumb-changed '

/** Objects that belong to the language, and to everybody in the process. */
const shared =
  'Object Function Array String Number Boolean Symbol BigInt Date RegExp Promise Map Set WeakMap WeakSet Error TypeError RangeError JSON Math Reflect Intl URL URLSearchParams Uint8Array ArrayBuffer Buffer console TextEncoder TextDecoder'

/**
 * JavaScript that compares the built-in objects after the function's module was loaded, and again after its run, with
 * what they were before. Everything that it needs is taken at the beginning, so that no change reaches it.
 */
export function probeBuiltins(code: string): string {
  return `var __compareBuiltins = ${comparer};
${code}
;(${watchRuns})(module, __compareBuiltins);`
}

const comparer = `(() => {
  const { ownKeys, getOwnPropertyDescriptor: describe, getPrototypeOf } = Reflect, say = console.log;
  const entries = [];
  const isObject = (value) => value !== null && (typeof value === 'object' || typeof value === 'function');
  const note = (object, path) => {
    if (!isObject(object)) return;
    const keys = ownKeys(object);
    entries[entries.length] = { object, path, keys, members: keys.map((key) => describe(object, key)) };
  };
  for (const name of '${shared}'.split(' ')) {
    const object = globalThis[name];
    if (!isObject(object)) continue;
    note({ __proto__: null, [name]: object }, 'globalThis');
    note(object, name);
    note(object.prototype, name + '.prototype');
  }
  for (const [object, name] of [[[][Symbol.iterator](), 'an iterator'], [async () => {}, 'a function'], [(async function* () {})(), 'a generator']])
    note(getPrototypeOf(object), 'the prototype of ' + name);
  for (const name of ['zod', '@plumb/sdk']) {
    const module = require(name);
    note(module, name);
    note(module.z, name + '.z');
    for (const key of ownKeys(module)) if (typeof module[key] === 'function') note(module[key].prototype, name + '.' + String(key) + '.prototype');
  }
  const text = String, same = Object.is, told = { __proto__: null };
  const differs = (a, b) => a === undefined || b === undefined || !same(a.value, b.value) || a.get !== b.get || a.set !== b.set;
  const tell = (path, key) => {
    const name = path + '.' + text(key);
    if (told[name]) return;
    told[name] = true;
    say('${changedMark}' + name);
  };
  return () => {
    for (let at = 0; at < entries.length; at++) {
      const { object, path, keys, members } = entries[at];
      const isGlobal = path === 'globalThis';
      for (let one = 0; one < keys.length; one++) {
        const now = describe(isGlobal ? globalThis : object, keys[one]);
        if (differs(members[one], isGlobal && now !== undefined ? { value: globalThis[keys[one]] } : now)) tell(path, keys[one]);
      }
      if (isGlobal) continue;
      const after = ownKeys(object);
      for (let one = 0; one < after.length; one++) {
        let known = false;
        for (let other = 0; other < keys.length && !known; other++) known = keys[other] === after[one];
        if (!known) tell(path, after[one]);
      }
    }
  };
})()`

const watchRuns = `(module, compare) => {
  compare();
  const { apply } = Reflect;
  const found = module.exports && (module.exports.default || module.exports);
  const run = found && found.exec;
  if (typeof run !== 'function') return;
  try {
    found.exec = async function () {
      try {
        return await apply(run, this, arguments);
      } finally {
        compare();
      }
    };
  } catch {}
}`
