/** How a model is named to people. */
export function modelLabel(model: string): string {
  return /^(plumb-)?offline\//.test(model) ? 'offline model: rules, no LLM' : model
}
