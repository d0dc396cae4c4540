/** A value of unknown kind as text, for comparing and quoting: strings as they are, the rest as JSON. */
export declare function textOf(value: unknown): string;
//# sourceMappingURL=text-of.d.ts.map