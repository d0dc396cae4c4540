/** The bearer token of a request, or null where there is none. */
export function bearerToken(request) {
    return /^Bearer (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1]?.trim() ?? null;
}
//# sourceMappingURL=account-request.js.map