// Package sqlite keeps the ports of package webcare in one SQLite file inside
// one locked data folder: everything that a machine of its own needs.
//
// Writes go through one goroutine that commits whatever has queued up while
// the disk was busy in one transaction (group commit), with WAL and
// synchronous=FULL: when a call returns nil, its change survives a power cut.
// Each change stands in a savepoint of its own, so a conflict rolls back that
// change alone. Reads run beside it on connections of their own.
//
// The package stores and returns. Rules live in package webcare; porttest
// holds this adapter to the contracts there.
//
// Start reading at Open, then writer.go (group commit), cases.go and tasks.go.
// Tables are in schema.go: rows hold the nouns as JSON, beside the few columns
// that queries ask for.
package sqlite
