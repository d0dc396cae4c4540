import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
async function readRequest(incoming) {
    const chunks = [];
    for await (const chunk of incoming)
        chunks.push(chunk);
    const [path = '/', search = ''] = (incoming.url ?? '/').split(/\?(.*)/s, 2);
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    return {
        method: incoming.method ?? 'GET',
        path,
        query: new URLSearchParams(search),
        headers,
        body: Buffer.concat(chunks),
    };
}
function rendered(answer) {
    if (answer.body === null || answer.body === undefined)
        return { headers: { ...answer.headers }, body: Buffer.alloc(0) };
    if (Buffer.isBuffer(answer.body))
        return { headers: { ...answer.headers }, body: answer.body };
    return {
        headers: { 'content-type': 'application/json; charset=utf-8', ...answer.headers },
        body: Buffer.from(JSON.stringify(answer.body)),
    };
}
function send(response, answer, truncated) {
    const { headers, body } = rendered(answer);
    const empty = answer.status === 204 || answer.status === 304;
    response.writeHead(answer.status, empty ? headers : { ...headers, 'content-length': body.length });
    if (!truncated) {
        response.end(body);
        return;
    }
    response.write(body.subarray(0, body.length >> 1), () => response.destroy());
}
async function answerWith(handle, request, fault) {
    if (fault?.kind === 'latency')
        await sleep(fault.milliseconds);
    if (fault?.kind === 'answer')
        return fault.answer;
    try {
        return await handle(request);
    }
    catch (error) {
        return { status: error instanceof URIError ? 400 : 500, body: { message: String(error) } };
    }
}
function listen(server) {
    return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', () => {
            resolve(`http://127.0.0.1:${server.address().port}`);
        });
    });
}
/** Serves `handle` on an ephemeral loopback port, with the faults of `faults`, and logs every request. */
export async function startAccountServer(handle, faults) {
    const requests = [];
    const serve = async (incoming, response) => {
        const request = await readRequest(incoming);
        const fault = faults.take(request);
        const answer = await answerWith(handle, request, fault);
        const dropped = fault?.kind === 'dropped-connection';
        const { method, path, query } = request;
        requests.push({ method, path, query: String(query), status: dropped ? null : answer.status });
        if (dropped)
            response.destroy();
        else
            send(response, answer, fault?.kind === 'truncated-body');
    };
    const server = createServer((incoming, response) => {
        serve(incoming, response).catch((error) => response.destroy(error));
    });
    const url = await listen(server);
    return {
        url,
        requests,
        forgetRequests: () => void requests.splice(0),
        close: () => new Promise((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
        }),
    };
}
//# sourceMappingURL=start-account-server.js.map