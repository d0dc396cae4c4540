import { createEmulator } from 'emulate';
import { createFaultSwitch } from '../server/fault-switch.js';
import { startAccountServer } from '../server/start-account-server.js';
/** Headers of the hop to the emulator, which say nothing about the account. */
const hopHeaders = 'connection keep-alive transfer-encoding content-length content-encoding host date';
const skippedHeaders = new Set(hopHeaders.split(' '));
/** The emulator names itself in links; callers must be sent to the front. */
async function bodyOf(response, emulatorUrl, frontUrl) {
    const body = Buffer.from(await response.arrayBuffer());
    if (!/json|text/.test(response.headers.get('content-type') ?? ''))
        return body;
    return Buffer.from(body.toString().replaceAll(emulatorUrl, frontUrl));
}
function forwarder(emulatorUrl, frontUrl) {
    return async (request) => {
        const search = String(request.query);
        const response = await fetch(`${emulatorUrl}${request.path}${search ? `?${search}` : ''}`, {
            method: request.method,
            headers: Object.entries(request.headers).filter(([name]) => !skippedHeaders.has(name)),
            redirect: 'manual',
            ...(request.body.length > 0 ? { body: new Uint8Array(request.body) } : {}),
        });
        const body = await bodyOf(response, emulatorUrl, frontUrl);
        const headers = [...response.headers]
            .filter(([name]) => !skippedHeaders.has(name) && !name.startsWith('access-control-'))
            .map(([name, value]) => [name, value.replaceAll(emulatorUrl, frontUrl)]);
        return { status: response.status, headers: Object.fromEntries(headers), body };
    };
}
/** Starts an account of `emulate` behind a server that adds what makes it behave like the provider. */
export async function startEmulatedAccount(options) {
    const faults = createFaultSwitch();
    let handle = () => ({ status: 503, body: null });
    const server = await startAccountServer((request) => handle(request), faults);
    const { service, seed } = options;
    const emulator = await createEmulator({ service, seed, port: 0 });
    const forward = forwarder(emulator.url, server.url);
    handle = (request) => options.handle(request, forward);
    const fill = async () => {
        await options.fill?.(server.url);
        server.forgetRequests();
    };
    await fill();
    return {
        account: options.describe(server.url),
        controls: { faults, tokens: options.tokens, requests: server.requests },
        async reset() {
            emulator.reset();
            options.tokens?.reset();
            faults.clear();
            await fill();
        },
        async close() {
            await server.close();
            await emulator.close();
        },
    };
}
//# sourceMappingURL=start-emulated-account.js.map