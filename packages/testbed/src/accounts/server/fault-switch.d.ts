import type { AccountAnswer, AccountRequest } from './account-request.js';
/** What can go wrong between an account and its caller. */
export type Fault = {
    readonly kind: 'latency';
    readonly milliseconds: number;
} | {
    readonly kind: 'answer';
    readonly answer: AccountAnswer;
}
/** The headers promise the whole body, half of it is sent, then the connection closes. */
 | {
    readonly kind: 'truncated-body';
}
/** The connection closes without an answer; the account has done what was asked. */
 | {
    readonly kind: 'dropped-connection';
};
export type FaultRule = {
    readonly fault: Fault;
    /** How many matching requests it hits; the default is 1. */
    readonly times?: number;
    readonly when?: (request: AccountRequest) => boolean;
};
/** Lets a test, and only a test in the same process, make an account misbehave. */
export type FaultSwitch = {
    add(rule: FaultRule): void;
    clear(): void;
    /** The fault for this request, which uses up one of its times. */
    take(request: AccountRequest): Fault | null;
};
/** A switch without faults. */
export declare function createFaultSwitch(): FaultSwitch;
//# sourceMappingURL=fault-switch.d.ts.map