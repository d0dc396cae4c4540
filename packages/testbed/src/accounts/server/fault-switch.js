/** A switch without faults. */
export function createFaultSwitch() {
    let rules = [];
    return {
        add(rule) {
            rules.push({ rule, left: rule.times ?? 1 });
        },
        clear() {
            rules = [];
        },
        take(request) {
            const found = rules.find(({ rule, left }) => left > 0 && (rule.when?.(request) ?? true));
            if (!found)
                return null;
            found.left -= 1;
            return found.rule.fault;
        },
    };
}
//# sourceMappingURL=fault-switch.js.map