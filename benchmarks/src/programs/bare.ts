/** The least that a program with a database does: a file, a table, a row. */
import Database from 'better-sqlite3'

const db = new Database(process.argv[2])
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')
db.exec('CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL)')
db.prepare('INSERT INTO rows (text) VALUES (?)').run('one')
db.prepare('SELECT text FROM rows').all()
db.close()
