import { bearerToken } from '../server/account-request.js';
/** A refusal in the shape of Google's JSON APIs. */
export function googleError(failure) {
    const { code, reason, message, status, domain = 'global', location, details } = failure;
    const error = { message, domain, reason, ...location };
    return {
        status: code,
        ...(failure.headers ? { headers: failure.headers } : {}),
        body: {
            error: {
                code,
                message,
                errors: [error],
                ...(status ? { status } : {}),
                ...(details ? { details } : {}),
            },
        },
    };
}
const authorizationHeader = { locationType: 'header', location: 'Authorization' };
function unauthenticated(message, invalid) {
    const challenge = 'Bearer realm="https://accounts.google.com/"';
    return googleError({
        code: 401,
        reason: invalid ? 'authError' : 'required',
        message,
        status: 'UNAUTHENTICATED',
        location: authorizationHeader,
        headers: { 'www-authenticate': invalid ? `${challenge}, error="invalid_token"` : challenge },
    });
}
const invalidToken = 'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.';
function grantOf(request, tokens) {
    const presented = bearerToken(request);
    if (presented === null)
        return unauthenticated('Login Required.', false);
    const grant = tokens.look(presented);
    return typeof grant === 'string' ? unauthenticated(invalidToken, true) : grant;
}
/** 401 for a request without a valid access token, null for one with. */
export function googleTokenRefusal(request, tokens) {
    const grant = grantOf(request, tokens);
    return 'scopes' in grant ? null : grant;
}
/** 401 as above, or 403 when the token was granted none of the operation's scopes. */
export function googleAccessRefusal(request, tokens, operation) {
    const grant = grantOf(request, tokens);
    if (!('scopes' in grant))
        return grant;
    if (grant.scopes.some((scope) => operation.scopes.includes(scope)))
        return null;
    const scope = operation.scopes.join(' ');
    const challenge = `Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="${scope}"`;
    return googleError({
        code: 403,
        reason: 'insufficientPermissions',
        message: 'Request had insufficient authentication scopes.',
        status: 'PERMISSION_DENIED',
        headers: { 'www-authenticate': challenge },
        details: [
            {
                '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
                reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
                domain: 'googleapis.com',
                metadata: { service: operation.service, method: operation.rpc },
            },
        ],
    });
}
//# sourceMappingURL=google-error.js.map