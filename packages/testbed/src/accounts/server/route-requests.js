/** Finds the first route that a request fits, or null. */
export function createRouter(routes, prefix = '') {
    const compiled = routes.map((route) => {
        const pattern = route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
        return { route, pattern: new RegExp(`^${prefix}${pattern}$`) };
    });
    return (request) => {
        for (const { route, pattern } of compiled) {
            const found = route.method === request.method ? pattern.exec(request.path) : null;
            if (!found)
                continue;
            const decoded = Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
            return { route, params: Object.fromEntries(decoded) };
        }
        return null;
    };
}
/** Answers with the first route that fits, or null where none does. */
export function routeRequests(routes) {
    const find = createRouter(routes);
    return (request) => {
        const match = find(request);
        return match ? match.route.handle({ ...request, params: match.params }) : null;
    };
}
//# sourceMappingURL=route-requests.js.map