package aws

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// item is a row by attribute name. Attributes are written and read by hand:
// no reflection runs at a cold start, and what is stored shows in the code.
type item map[string]types.AttributeValue

func key(pk, sk string) item { return item{attrPK: str(pk), attrSK: str(sk)} }

func str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
func bin(b []byte) types.AttributeValue { return &types.AttributeValueMemberB{Value: b} }
func yes() types.AttributeValue         { return &types.AttributeValueMemberBOOL{Value: true} }
func num(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}
func (it item) has(name string) bool        { _, ok := it[name]; return ok }
func (it item) set(name, s string)          { it[name] = str(s) }
func (it item) setNum(name string, n int64) { it[name] = num(n) }

// str, bytes and num return the zero value where the attribute is absent.
func (it item) str(name string) string {
	if v, ok := it[name].(*types.AttributeValueMemberS); ok {
		return v.Value
	}
	return ""
}

func (it item) bytes(name string) []byte {
	if v, ok := it[name].(*types.AttributeValueMemberB); ok {
		return v.Value
	}
	return nil
}

func (it item) num(name string) int64 {
	if v, ok := it[name].(*types.AttributeValueMemberN); ok {
		n, _ := strconv.ParseInt(v.Value, 10, 64) // only num writes these
		return n
	}
	return 0
}
