import type { CompiledFunction } from '@plumb/protocol'

/** Whole numbers that stand in the source of a function, the bundler's own left out; from the smallest. */
export function numbersIn({ code }: CompiledFunction): number[] {
  const found = [...ownCode(code).matchAll(/(?<![\w.$"'`-])\d[\d_]{0,8}(?:e\d)?(?![\w.])/g)]
  const numbers = found.map(([text]) => Number(text.replaceAll('_', '')))
  return [...new Set(numbers)].sort((a, b) => a - b)
}

/** Texts that stand in the source and look like a value: no address, no sentence, no module. */
export function textsIn({ code }: CompiledFunction): string[] {
  const quoted = [...ownCode(code).matchAll(/(["'])((?:(?!\1)[^\\\n])*)\1/g)]
  const keys = [...ownCode(code).matchAll(/[{,]\s*([A-Za-z_$][\w$]*|\d+):/g)]
  const texts = [...quoted.map(([, , text = '']) => text), ...keys.map(([, key = '']) => key)]
  return [...new Set(texts)].filter((text) => text !== '' && /^[^\s/{}]{1,40}$/.test(text))
}

/** Whole numbers that something is compared with, or that a name stands for. */
export function boundsIn({ code }: CompiledFunction): number[] {
  const own = ownCode(code)
  const compared = [
    ...own.matchAll(/[<>]=?\s*(\d{1,6}(?:e\d)?)\b/g),
    ...own.matchAll(/\b(\d{1,6}(?:e\d)?)\s*[<>]/g),
  ]
  const named = [...own.matchAll(/\b(?:var|let|const)\s+\w+\s*=\s*(\d{1,6}(?:e\d)?)\s*;/g)]
  return [...new Set([...compared, ...named].map(([, digits]) => Number(digits)))]
}

/** What follows on the lines that the bundler writes before every function. */
export function ownCode(code: string): string {
  const at = code.indexOf('module.exports')
  return at === -1 ? code : code.slice(at)
}
