import { googleError } from '../google/google-error.js';
/** Ends an operation with one of Google's error answers. */
export class Refusal extends Error {
    answer;
    constructor(failure) {
        super(failure.message);
        this.answer = googleError(failure);
    }
}
export const notFound = () => new Refusal({ code: 404, reason: 'notFound', message: 'Not Found' });
export const invalid = (message, parameter) => new Refusal({
    code: 400,
    reason: 'invalid',
    message,
    ...(parameter ? { location: { locationType: 'parameter', location: parameter } } : {}),
});
export const missing = (message) => new Refusal({ code: 400, reason: 'required', message });
export const badRequest = (message) => new Refusal({ code: 400, reason: 'badRequest', message });
export const gone = (reason, message) => new Refusal({ code: 410, reason, message });
export const forbidden = (message) => new Refusal({ code: 403, reason: 'forbidden', message });
//# sourceMappingURL=refusal.js.map