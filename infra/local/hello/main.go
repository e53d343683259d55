// Command hello is the least that a function on AWS in Go can be with the SDK
// clients that the responder's functions have: what their cold starts are
// measured against.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"webcare.example/responder/internal/aws"
)

func main() {
	cfg := aws.SDKFromEnv()
	tables, queues, mails := dynamodb.NewFromConfig(cfg), sqs.NewFromConfig(cfg), sesv2.NewFromConfig(cfg)
	lambda.Start(func(ctx context.Context, what string) (string, error) {
		var err error
		switch what { // each client is used, or the linker would leave it out
		case "table":
			_, err = tables.GetItem(ctx, &dynamodb.GetItemInput{TableName: &what})
		case "queue":
			_, err = queues.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &what, MessageBody: &what})
		case "mail":
			_, err = mails.SendEmail(ctx, &sesv2.SendEmailInput{})
		}
		return "hello", err
	})
}
