package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// DropTable deletes a test's table.
func (s *Store) DropTable() error {
	_, err := s.db.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: s.table})
	return err
}

// CreateQuietTable makes a table without a stream. Whatever DynamoDB Local does
// with any table, it looks through the records of all streams there ever were:
// after a few thousand saves a call takes ten times as long.
func (s *Store) CreateQuietTable(ctx context.Context) error {
	in := TableInput(*s.table)
	in.StreamSpecification = nil
	return s.create(ctx, in)
}
