// Package aws keeps the ports of package webcare in one DynamoDB table and one
// S3 bucket, for whoever outgrows one machine.
//
// A Save is one TransactWriteItems: head, children, tasks and claims are
// stored together or not at all. The head is written on the condition that
// it still stands at the version that was read, a claim on the condition that
// nobody else holds it, and the finished task is deleted on the condition that
// it was there. Each call carries a token, so a repeat after a lost answer is
// the same call to DynamoDB, and no false conflict.
//
// Nothing scans. Lists are queries on two sparse indexes: "list" holds the
// queues of cases, due tasks, dead letters and the log of events; "assignee"
// the cases of one person. What all customers together write is spread over
// Shards partitions by a hash of the case id, and read back as one ordered
// list, so no partition grows hot with the number of cases. Indexes of DynamoDB
// follow the table within moments: a list may be a moment old, a head, a
// claim, a task and a record never are.
//
// The package stores and returns. Rules live in package webcare; porttest
// holds this adapter to the contracts there, on DynamoDB Local and an S3
// emulator (infra/emulators starts both).
//
// Start reading at Open, then schema.go (what stands where), save.go, list.go
// and tasks.go. Packages beneath this one hold what single functions need:
// queues, secrets, outgoing mail, and running under Lambda.
package aws
