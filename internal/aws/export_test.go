package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"webcare.example/responder/internal/webcare"
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

// Fill stores what saves of new cases would, without their conditions and far
// faster.
func (s *Store) Fill(ctx context.Context, saves []webcare.Save) error {
	var all []types.WriteRequest
	for _, save := range saves {
		tx, err := s.transaction(save, s.now().UnixMilli())
		if err != nil {
			return err
		}
		for _, w := range tx.in.TransactItems {
			all = append(all, types.WriteRequest{PutRequest: &types.PutRequest{Item: w.Put.Item}})
		}
	}
	return s.writeAll(ctx, all)
}
