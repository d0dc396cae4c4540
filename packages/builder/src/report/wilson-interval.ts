/** A share with the bounds between which it lies with 95 % confidence. */
export type Share = { readonly share: number; readonly low: number; readonly high: number }

/** The 0.975 quantile of the normal distribution. */
const z = 1.959963984540054

/** Share of `hits` in `all` with its Wilson 95 % interval; of nothing, anything between 0 and 1 is possible. */
export function wilsonInterval(hits: number, all: number): Share {
  if (all === 0) return { share: 0, low: 0, high: 1 }
  const share = hits / all
  const spread = z * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all))
  const scale = 1 + (z * z) / all
  const centre = share + (z * z) / (2 * all)
  // At the ends the bound is exact; rounding would put it a hair outside.
  return {
    share,
    low: hits === 0 ? 0 : (centre - spread) / scale,
    high: hits === all ? 1 : (centre + spread) / scale,
  }
}
