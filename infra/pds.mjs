// Starts a real PDS (@atproto/dev-env) and the directory of identities it needs,
// on the loopback address alone; their data lies in memory and in a temporary
// folder. infra/emulators installs what it takes and calls this:
//
//   node infra/pds.mjs FOLDER-OF-NODE_MODULES PORT PORT-OF-DIRECTORY
import { createRequire } from 'node:module'
import net from 'node:net'
import path from 'node:path'

const [folder, port, directory] = process.argv.slice(2)

// dev-env listens on every address; this machine is enough.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (at, ...rest) {
  if (typeof at === 'number' && typeof rest[0] !== 'string') rest.unshift('127.0.0.1')
  return listen.call(this, at, ...rest)
}

const require = createRequire(path.join(path.resolve(folder), 'from.js'))
const { TestNetworkNoAppView } = require('@atproto/dev-env')

const network = await TestNetworkNoAppView.create({ pds: { port: Number(port) }, plc: { port: Number(directory) } })
console.log(`${network.pds.url} with the directory ${network.plc.url}`)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0))
