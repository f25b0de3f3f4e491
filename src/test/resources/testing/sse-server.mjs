// An event server as a user of Node's http module writes one: /sse and /sse/finite by the original's
// queries, and /feed, whose ids are no numbers. Prints its port.
import http from 'node:http';
import { once } from 'node:events';

async function events(response, count, delayMs, event) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  for (let n = 1; n <= count && !response.destroyed; n++) {
    if (!response.write(event(n))) {
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    if (delayMs > 0) {
      await new Promise((go) => setTimeout(go, delayMs));
    } else if (n % 100 === 0) {
      await new Promise(setImmediate);
    }
  }
  response.end();
}

const numbered = (n) => `id: ${n}\ndata: event-${n}\n\n`;
const named = (n) => `event: tick\nid: ${Date.now()}-${n}\ndata: {"price": ${n}}\n\n`;

const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://server');
  const delayMs = 1000 * Number(url.searchParams.get('delay') || 0);
  const paths = {
    '/sse': () => events(response, Infinity, delayMs, numbered),
    '/sse/slow': () => events(response, Infinity, delayMs, (n) => `data: ${'x'.repeat(4096)}\n\n`),
    '/sse/finite': () => events(response, Number(url.searchParams.get('count')), delayMs, numbered),
    '/feed': () => events(response, Infinity, 20, named),
  };
  (paths[url.pathname] || (() => response.writeHead(404).end()))();
});

server.listen(0, '127.0.0.1', () => console.log(server.address().port));
