/**
 * A site whose pages may do nothing but run its own scripts, with Trusted Types demanded, and which hears of everything
 * that violates that.
 */
import { createServer } from 'node:http'

const policy = trustedTypes =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "require-trusted-types-for 'script'",
    `trusted-types ${trustedTypes}`,
    'report-uri /reports',
  ].join('; ')

/** No script of ours may make a trusted type; only the page that starts a worker may name its script. */
const strictest = policy("'none'")
const forStarting = policy('start-worker')

/**
 * Serves `/page/NAME`, which runs the script of that name, and `/worker/NAME`, which starts it as a worker.
 * @param {Record<string, string>} scripts by name
 */
export async function openSite(scripts) {
  const reports = []
  const server = createServer(async (request, response) => {
    if (request.url === '/reports') {
      let body = ''
      for await (const chunk of request) body += chunk
      reports.push(JSON.parse(body)['csp-report'])
      return response.writeHead(204).end()
    }
    const [status, type, content, csp] = answer(request.url, scripts)
    response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': csp })
    response.end(content)
  })
  await new Promise(resolve => server.listen(0, 'localhost', resolve))
  return {
    address: `http://localhost:${server.address().port}`,
    /** What was reported since reports were last taken, as CSP level 3 §5.3 has it. */
    reports,
    takeReports: () => reports.splice(0),
    close: () => server.close(),
  }
}

function answer(url, scripts) {
  const [, kind, name] = /^\/(page|worker|script)\/([\w-]+)$/.exec(url) ?? []
  if (kind === undefined || scripts[name] === undefined) return [404, 'text/plain', '', strictest]
  if (kind === 'script') return [200, 'text/javascript', scripts[name], strictest]
  if (kind === 'page') return [200, 'text/html', page('', name), strictest]
  return [200, 'text/html', page(` data-worker="/script/${name}"`, 'start-worker'), forStarting]
}

const page = (attribute, script) =>
  `<!doctype html><html${attribute}><title>portable</title><script type="module" src="/script/${script}"></script>`
