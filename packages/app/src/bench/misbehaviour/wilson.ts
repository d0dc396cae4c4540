/** The 95 % Wilson score interval of a share, as two numbers from 0 to 1; the whole range for no trials. */
export function wilson(successes: number, trials: number): readonly [number, number] {
  if (trials === 0) return [0, 1]
  const z = 1.959964
  const share = successes / trials
  const centre = share + z ** 2 / (2 * trials)
  const spread = z * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2))
  const scale = 1 + z ** 2 / trials
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)]
}
