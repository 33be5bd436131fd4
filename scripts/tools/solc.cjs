#!/usr/bin/env node
'use strict'
/*
 * Answers like the native `solc` command, on top of the npm package of the same version.
 *
 * Every tool of the project (py-solc-x, ape, forge, slither) wants a native binary, and where only npm and PyPI can be
 * reached there is none. `make setup` links this file as build/solc/solc-v<version>, unless a native solc of the pinned
 * version is installed: then it links that one. The bytecode is the same either way.
 *
 * Understood: --version, --standard-json [FILE | -], --combined-json LIST, --bin, --bin-runtime, --abi, --hashes,
 * --storage-layout, --base-path, --include-path, --allow-paths, --optimize, --optimize-runs, --evm-version, --via-ir,
 * --metadata-hash, --no-cbor-metadata and remappings (prefix=target). What is not understood is refused by name.
 * `solc.cjs --find-native` prints the path of an installed native solc of the pinned version, or nothing.
 */

const fs = require('fs')
const path = require('path')
const { spawnSync } = require('child_process')

const ROOT = path.resolve(__dirname, '..', '..')
const BANNER = 'solc, the solidity compiler commandline interface'

// What --combined-json calls a thing, and where the standard JSON output keeps it.
const COMBINED = {
  abi: 'abi',
  asm: 'evm.assembly',
  bin: 'evm.bytecode.object',
  'bin-runtime': 'evm.deployedBytecode.object',
  devdoc: 'devdoc',
  'function-debug': 'evm.bytecode.functionDebugData',
  'function-debug-runtime': 'evm.deployedBytecode.functionDebugData',
  'generated-sources': 'evm.bytecode.generatedSources',
  'generated-sources-runtime': 'evm.deployedBytecode.generatedSources',
  hashes: 'evm.methodIdentifiers',
  metadata: 'metadata',
  opcodes: 'evm.bytecode.opcodes',
  srcmap: 'evm.bytecode.sourceMap',
  'srcmap-runtime': 'evm.deployedBytecode.sourceMap',
  'storage-layout': 'storageLayout',
  userdoc: 'userdoc',
}

const TEXT = {
  bin: 'Binary:',
  'bin-runtime': 'Binary of the runtime part:',
  hashes: 'Function signatures:',
  abi: 'Contract JSON ABI',
  'storage-layout': 'Contract Storage Layout:',
}

/* FILES AND STREAMS */

function fail (message) {
  write(2, `Error: ${message}\n`)
  process.exit(1)
}

/** Writes everything: a pipe takes 64 KB at a time, and says EAGAIN when it is full. */
function write (fd, text) {
  const data = Buffer.from(text)
  for (let at = 0; at < data.length;) {
    try {
      at += fs.writeSync(fd, data, at)
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

/** Reads a source unit from the base path or an include path, as native solc resolves it; null when absent. */
function readUnit (options, name) {
  const wanted = name.replace(/^file:\/\//, '')
  for (const root of [options.basePath, ...options.includePaths]) {
    const file = path.resolve(root, wanted)
    if (fs.existsSync(file) && fs.statSync(file).isFile()) return fs.readFileSync(file, 'utf8')
  }
  return null
}

/* VERSION */

function pinnedVersion () {
  return JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')).devDependencies.solc
}

/** The full version, cached: the callers ask before each compilation, and starting the compiler takes seconds. */
function fullVersion () {
  const installed = require('solc/package.json').version
  const cache = path.join(ROOT, 'build', 'solc', `version-${installed}.txt`)
  try {
    return fs.readFileSync(cache, 'utf8').trim()
  } catch {
    // py-solc-x and forge only know the names of native builds.
    const version = require('solc').version().replace('Emscripten.clang', 'Linux.g++')
    try {
      fs.mkdirSync(path.dirname(cache), { recursive: true })
      fs.writeFileSync(`${cache}.${process.pid}`, version + '\n')
      fs.renameSync(`${cache}.${process.pid}`, cache)
    } catch {} // a read-only tree only costs time
    return version
  }
}

function findNative () {
  const pinned = pinnedVersion()
  const home = process.env.HOME || ''
  const candidates = (process.env.PATH || '').split(path.delimiter).filter(Boolean)
    .flatMap(folder => [path.join(folder, 'solc'), path.join(folder, `solc-${pinned}`)])
  candidates.push(
    path.join(home, '.solcx', `solc-v${pinned}`),
    path.join(home, '.svm', pinned, `solc-${pinned}`),
    path.join(home, '.local', 'share', 'svm', pinned, `solc-${pinned}`),
    path.join(home, '.solc-select', 'artifacts', `solc-${pinned}`, `solc-${pinned}`),
  )
  return candidates.find(file => isNative(file, pinned))
}

function isNative (file, pinned) {
  try {
    const head = Buffer.alloc(2)
    const fd = fs.openSync(file, 'r')
    fs.readSync(fd, head, 0, 2, 0)
    fs.closeSync(fd)
    if (head.toString() === '#!') return false // a script: this one, or a version manager's shim
  } catch {
    return false
  }
  const answer = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 10_000 })
  return answer.status === 0 && answer.stdout.includes(`Version: ${pinned}+`)
}

/* COMMAND LINE */

function parse (argv) {
  const options = { basePath: process.cwd(), includePaths: [], remappings: [], files: [], print: [], settings: {} }
  const { settings } = options
  const metadata = () => (settings.metadata ??= {})
  const optimizer = () => (settings.optimizer ??= { enabled: false, runs: 200 })
  const flags = {
    '--version': () => { options.mode = 'version' },
    '--find-native': () => { options.mode = 'find-native' },
    '--standard-json': () => { options.mode = 'standard' },
    '--optimize': () => { optimizer().enabled = true },
    '--via-ir': () => { settings.viaIR = true },
    '--no-cbor-metadata': () => { metadata().appendCBOR = false },
    '--pretty-json': () => { options.pretty = true },
    '--overwrite': () => {},
  }
  for (const name of Object.keys(TEXT)) flags[`--${name}`] = () => { options.print.push(name) }
  const valued = {
    '--base-path': value => { options.basePath = path.resolve(value) },
    '--include-path': value => { options.includePaths.push(path.resolve(value)) },
    '--allow-paths': () => {}, // this process reads what its user can read
    '--combined-json': value => { options.combined = value.split(',') },
    '--optimize-runs': value => { optimizer().runs = Number(value) },
    '--evm-version': value => { settings.evmVersion = value },
    '--metadata-hash': value => { metadata().bytecodeHash = value },
  }

  const rest = [...argv]
  while (rest.length > 0) {
    const [word, inline] = splitOption(rest.shift())
    if (flags[word]) flags[word]()
    else if (valued[word]) valued[word](inline ?? rest.shift() ?? fail(`option ${word} wants a value`))
    else if (word === '-' || !word.startsWith('-')) (word.includes('=') ? options.remappings : options.files).push(word)
    else fail(`unrecognised option '${word}' (this is the project's solc on npm, see scripts/tools/solc.cjs)`)
  }
  return options
}

/** `--name=value` is one word for the shell and two for us; a remapping `a=b` stays whole. */
function splitOption (word) {
  const at = word.startsWith('--') ? word.indexOf('=') : -1
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}

/* COMPILATION */

function compile (options, input) {
  const solc = require('solc')
  const load = name => {
    const contents = readUnit(options, name)
    return contents === null ? { error: `File not found: ${name}` } : { contents }
  }
  return solc.compile(JSON.stringify(input), { import: load })
}

function standardJson (options) {
  const [file = '-'] = options.files
  const input = JSON.parse(fs.readFileSync(file === '-' ? 0 : file, 'utf8'))
  for (const source of Object.values(input.sources ?? {})) {
    if (source.content !== undefined || !source.urls) continue
    const found = source.urls.map(url => readUnit(options, url)).find(text => text !== null)
    if (found === undefined) continue // the compiler itself names the file that is missing
    source.content = found
    delete source.urls
  }
  write(1, compile(options, input) + '\n')
}

function fileMode (options) {
  const wanted = options.combined ?? options.print
  if (wanted.length === 0) fail('nothing to do: name --standard-json, --combined-json, --bin or --abi')
  if (options.files.length === 0) fail('no source file given')

  const input = { language: 'Solidity', sources: {}, settings: { ...options.settings, remappings: options.remappings } }
  for (const name of options.files) {
    const content = readUnit(options, name) ?? fail(`File not found: ${name}`)
    const inside = path.relative(options.basePath, path.resolve(options.basePath, name))
    input.sources[inside.startsWith('..') ? path.resolve(name) : inside] = { content }
  }
  const fields = wanted.map(name => COMBINED[name]).filter(Boolean)
  input.settings.outputSelection = { '*': { '*': fields, '': wanted.includes('ast') ? ['ast'] : [] } }

  const output = JSON.parse(compile(options, input))
  const problems = output.errors ?? []
  for (const problem of problems) write(2, problem.formattedMessage + '\n')
  if (problems.some(problem => problem.severity === 'error')) process.exit(1)
  write(1, options.combined ? combinedJson(options, output) : plainText(options, output))
}

function pick (contract, dotted) {
  return dotted.split('.').reduce((value, key) => value?.[key], contract)
}

function contractsOf (output) {
  return Object.entries(output.contracts ?? {}).flatMap(([file, contracts]) =>
    Object.entries(contracts).map(([name, contract]) => [`${file}:${name}`, contract]))
}

function combinedJson (options, output) {
  const result = { contracts: {}, sourceList: [], version: fullVersion() }
  for (const [key, contract] of contractsOf(output)) {
    const entry = result.contracts[key] = {}
    for (const name of options.combined) if (COMBINED[name]) entry[name] = pick(contract, COMBINED[name])
  }
  const sources = Object.entries(output.sources ?? {}).sort(([, a], [, b]) => a.id - b.id)
  result.sourceList = sources.map(([file]) => file)
  if (options.combined.includes('ast')) {
    result.sources = Object.fromEntries(sources.map(([file, { ast, id }]) => [file, { AST: ast, id }]))
  }
  return JSON.stringify(result, null, options.pretty ? 2 : 0) + '\n'
}

function plainText (options, output) {
  const lines = []
  for (const [key, contract] of contractsOf(output)) {
    lines.push('', `======= ${key} =======`)
    for (const [name, title] of Object.entries(TEXT)) {
      if (!options.print.includes(name)) continue
      const value = pick(contract, COMBINED[name])
      lines.push(title, ...(name === 'hashes'
        ? Object.entries(value).map(([signature, selector]) => `${selector}: ${signature}`)
        : [typeof value === 'string' ? value : JSON.stringify(value)]))
    }
  }
  return lines.join('\n') + '\n'
}

function main () {
  const options = parse(process.argv.slice(2))
  if (options.mode === 'find-native') write(1, (findNative() ?? '') + '\n')
  else if (options.mode === 'version') write(1, `${BANNER}\nVersion: ${fullVersion()}\n`)
  else if (options.mode === 'standard') standardJson(options)
  else fileMode(options)
}

main()
