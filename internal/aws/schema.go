package aws

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
)

// What stands where. Every item has pk and sk; those of an index also its
// partition and sort attribute. Compatibility: attributes may be added and are
// then absent in older items; none is renamed, none changes its meaning.
//
//	pk                          sk              list: lp, ls                     assignee: ap, as
//	case#ID                     head            queue#BRAND#STATUS#SHARD, key    BRAND#ASSIGNEE#STATUS, key
//	case#ID                     child#SEQ       log#DAY#SHARD, stamp (events)
//	claim#SPACE:NAME            -
//	task#ID                     -               due#STAGE#SHARD, time and id
//	                                            dead, id
//	record#KIND#SHARD           KEY
//	posting#BRAND#SET#TERM      CASE
//	indexed#BRAND#SET           CASE
//	tallied#EVENT               -
//	tally#BRAND#DAY#SHARD       METRICS/#HOUR
//	log                         first
const (
	attrPK, attrSK        = "pk", "sk"
	indexList             = "list"
	attrListP, attrListS  = "lp", "ls"
	indexAssignee         = "assignee"
	attrAssignP, attrAssS = "ap", "as"
	attrTTL               = "ttl" // seconds since 1970; only ever tidies up
	attrType              = "t"   // what the item is: the stream is filtered by it
	noSort                = "-"
)

// Item types, as the stream's filters name them.
const (
	TypeHead  = "head"
	TypeChild = "child"
	TypeEvent = "event"
	TypeTask  = "task"
)

// Shards is over how many partitions a list of all customers is spread. One
// DynamoDB partition takes 1,000 writes a second; a queue whose cases all pass
// through it moves each case in and out. Changing it needs a copy of the table.
const Shards = 8

// shard is the partition of a case, or of anything else with an id.
func shard(id string) int {
	h := fnv.New32a()
	h.Write([]byte(id)) // never fails
	return int(h.Sum32() % Shards)
}

var escape = strings.NewReplacer("%", "%25", "#", "%23")

// join makes a key of parts that may hold anything.
func join(parts ...string) string {
	for i, p := range parts {
		parts[i] = escape.Replace(p)
	}
	return strings.Join(parts, "#")
}

// sharded returns the keys of all partitions of a list.
func sharded(parts ...string) []string {
	base := join(parts...)
	out := make([]string, Shards)
	for i := range out {
		out[i] = fmt.Sprintf("%s#%d", base, i)
	}
	return out
}

func inShard(id string, parts ...string) string {
	return fmt.Sprintf("%s#%d", join(parts...), shard(id))
}

// maxKey is how long a partition key may be in bytes (2,048 in DynamoDB).
const maxKey = 1900

func childKey(seq int64) string { return fmt.Sprintf("child#%019d", seq) }

// millis is how times are stored; fromMillis reads them back, 0 as the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// stamp makes a time sortable as text.
func stamp(ms int64) string { return fmt.Sprintf("%013d", max(ms, 0)) }

// until is the upper bound of everything stamped at ms or before: '$' is the
// character after '#', which follows a stamp.
func until(ms int64) string { return stamp(ms) + "$" }

// TableInput describes the table, for emulators and for the test that holds
// template.yaml to it.
func TableInput(name string) *dynamodb.CreateTableInput {
	str := func(n string) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: awssdk.String(n), AttributeType: types.ScalarAttributeTypeS}
	}
	keys := func(p, s string) []types.KeySchemaElement {
		return []types.KeySchemaElement{{AttributeName: awssdk.String(p), KeyType: types.KeyTypeHash},
			{AttributeName: awssdk.String(s), KeyType: types.KeyTypeRange}}
	}
	index := func(n, p, s string) types.GlobalSecondaryIndex {
		return types.GlobalSecondaryIndex{IndexName: awssdk.String(n), KeySchema: keys(p, s),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll}}
	}
	return &dynamodb.CreateTableInput{
		TableName: awssdk.String(name), BillingMode: types.BillingModePayPerRequest, KeySchema: keys(attrPK, attrSK),
		AttributeDefinitions: []types.AttributeDefinition{str(attrPK), str(attrSK), str(attrListP), str(attrListS), str(attrAssignP), str(attrAssS)},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{index(indexList, attrListP, attrListS),
			index(indexAssignee, attrAssignP, attrAssS)},
		StreamSpecification: &types.StreamSpecification{StreamEnabled: awssdk.Bool(true), StreamViewType: types.StreamViewTypeNewImage},
	}
}
