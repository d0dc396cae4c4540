import { createFaultSwitch } from '../server/fault-switch.js';
import { startAccountServer } from '../server/start-account-server.js';
import { createTokenDesk } from '../server/token-desk.js';
import { createCalendarState } from './calendar-state.js';
import { handleCalendarRequest } from './handle-calendar-request.js';
import { grantedScopes } from './scopes.js';
import { seedCalendar } from './seed-calendar.js';
const owner = 'demo@plumb.example';
/** Our own strict account of Google Calendar, with everything in memory. */
export async function startGoogleCalendarAccount(options) {
    const { seed, clock, extraScopes } = options;
    const tokens = createTokenDesk({
        seed: `calendar-${seed}`,
        clock,
        scopes: [...grantedScopes, ...extraScopes],
        lifetimeSeconds: 3600,
    });
    const freshState = () => {
        const state = createCalendarState(owner, options);
        seedCalendar(state);
        return state;
    };
    let state = freshState();
    const faults = createFaultSwitch();
    const server = await startAccountServer((request) => handleCalendarRequest(request, { state, tokens }), faults);
    return {
        account: {
            provider: 'google-calendar',
            integrationKey: 'google-calendar',
            connectionId: 'test-account',
            baseUrl: server.url,
            tokenUrl: `${server.url}/token`,
            credential: { kind: 'oauth2', ...tokens.first() },
            oauthClient: tokens.client,
            note: `Google Calendar of ${owner}. It was not granted the scope that sharing a calendar needs (https://www.googleapis.com/auth/calendar.acls).`,
        },
        controls: {
            faults,
            tokens,
            requests: server.requests,
            expireSyncTokens() {
                state.syncHorizon = clock().getTime() + 1;
            },
        },
        async reset() {
            state = freshState();
            tokens.reset();
            faults.clear();
            server.forgetRequests();
        },
        close: () => server.close(),
    };
}
//# sourceMappingURL=google-calendar-account.js.map