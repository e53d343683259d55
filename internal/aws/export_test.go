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
