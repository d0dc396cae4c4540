/** A value of unknown kind as text, for comparing and quoting: strings as they are, the rest as JSON. */
export function textOf(value) {
    return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
//# sourceMappingURL=text-of.js.map