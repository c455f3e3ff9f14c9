/**
 * The tables of a store, the same in SQLite and PostgreSQL but for the names of types. Instants are milliseconds since the
 * epoch.
 *
 * A passport's id may be longer than an index of PostgreSQL takes, so that one indexes its hash. A subject of the log is
 * kept as a digest alone.
 */
import type { Migration } from './database.js'

/** The version of the tables that this version of the library needs. */
export const schemaVersion = 1

/** `serial` numbers rows in the order they are inserted; `bytes` and `long` are what either database calls them. */
const tables: readonly string[] = [
  `CREATE TABLE vidimus_status_list (
    id serial, uri text NOT NULL UNIQUE, registry text NOT NULL, format text NOT NULL, bits integer NOT NULL,
    size integer NOT NULL, cohort text NOT NULL, shard integer NOT NULL, list_key bytes NOT NULL,
    capacity integer NOT NULL, leased long NOT NULL, created long NOT NULL, expires long)`,
  `CREATE UNIQUE INDEX vidimus_status_list_open ON vidimus_status_list (registry, format, bits, size, cohort, shard)
    WHERE leased < capacity`,
  `CREATE TABLE vidimus_status_entry (
    list integer NOT NULL, place integer NOT NULL, value integer NOT NULL, passport text NOT NULL,
    PRIMARY KEY (list, place))`,
  `CREATE INDEX vidimus_status_entry_passport ON vidimus_status_entry hashed (passport)`,
  `CREATE TABLE vidimus_status_change (
    id serial, list integer NOT NULL, place integer NOT NULL, value_before integer NOT NULL,
    value_after integer NOT NULL, version integer)`,
  `CREATE INDEX vidimus_status_change_new ON vidimus_status_change (list) WHERE version IS NULL`,
  `CREATE INDEX vidimus_status_change_version ON vidimus_status_change (list, version) WHERE version IS NOT NULL`,
  `CREATE TABLE vidimus_status_published (
    list integer NOT NULL PRIMARY KEY, version integer NOT NULL, issued long NOT NULL, expires long NOT NULL,
    compressed bytes NOT NULL)`,
  `CREATE TABLE vidimus_status_publication (
    list integer NOT NULL, version integer NOT NULL, issued long NOT NULL, expires long NOT NULL,
    PRIMARY KEY (list, version))`,
  `CREATE TABLE vidimus_status_file (
    uri text NOT NULL PRIMARY KEY, version integer NOT NULL, media_type text NOT NULL, body bytes NOT NULL,
    issued long NOT NULL)`,
  `CREATE TABLE vidimus_log_head (one integer NOT NULL PRIMARY KEY CHECK (one = 1), size long NOT NULL, checkpoint text)`,
  `INSERT INTO vidimus_log_head (one, size) VALUES (1, 0)`,
  `CREATE TABLE vidimus_log_act (id serial, act text NOT NULL UNIQUE, entry text NOT NULL, subject bytes)`,
  `CREATE INDEX vidimus_log_act_subject ON vidimus_log_act (subject) WHERE subject IS NOT NULL`,
  `CREATE TABLE vidimus_log_entry (place long NOT NULL PRIMARY KEY, act text NOT NULL UNIQUE, entry text NOT NULL)`,
  `CREATE TABLE vidimus_log_subject (subject bytes NOT NULL PRIMARY KEY, subject_key bytes NOT NULL)`,
  `CREATE TABLE vidimus_log_about (subject bytes NOT NULL, place long NOT NULL, PRIMARY KEY (subject, place))`,
  `CREATE TABLE vidimus_witness (origin text NOT NULL PRIMARY KEY, checkpoint text NOT NULL)`,
  `CREATE TABLE vidimus_answer (
    name text NOT NULL PRIMARY KEY, request text NOT NULL, answer text, expires long NOT NULL)`,
  `CREATE INDEX vidimus_answer_expires ON vidimus_answer (expires)`,
  `CREATE TABLE vidimus_outbox (
    id serial, message text NOT NULL UNIQUE, topic text NOT NULL, body text NOT NULL, leased_until long NOT NULL)`,
  `CREATE INDEX vidimus_outbox_leased ON vidimus_outbox (leased_until, id)`,
]

const sqliteWords = {
  serial: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  bytes: 'BLOB',
  long: 'INTEGER',
  hashed: '',
}

const postgresWords = {
  serial: 'bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
  bytes: 'bytea',
  long: 'bigint',
  hashed: 'USING hash',
}

const inWords = (statement: string, words: Readonly<Record<string, string>>): string =>
  statement.replace(/\b(serial|bytes|long|hashed)\b/g, word => words[word]!)

/** Every value has its type, and every table whose key is no rowid is its own index. */
const sqlite = (statement: string): string => {
  const written = inWords(statement, sqliteWords)
  if (!written.startsWith('CREATE TABLE')) return written
  return written.includes('AUTOINCREMENT') ? `${written} STRICT` : `${written} STRICT, WITHOUT ROWID`
}

const postgres = (statement: string): string => inWords(statement, postgresWords)

export const migrations: readonly Migration[] = [
  { version: schemaVersion, statements: { sqlite: tables.map(sqlite), postgres: tables.map(postgres) } },
]
