// Command interop calls a service through the stubs that protoc-gen-go-grpc generated: interop SERVICE TARGET.
// It reads one request in ProtoJSON per line and prints one line of ProtoJSON for each answer.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	card "interop/gen/card_assistant/v1"
	credit "interop/gen/credit_decision/v1"
	risk "interop/gen/default_risk/v1"
	echo "interop/gen/exact_echo/v1"
)

const timeout = time.Minute

// call reads a request and answers it.
type call func(ctx context.Context, text []byte) (proto.Message, error)

// through is a call by a generated method, whose types the compiler checks.
func through[Request any, Response proto.Message, P interface {
	*Request
	proto.Message
}](method func(context.Context, P, ...grpc.CallOption) (Response, error)) call {
	return func(ctx context.Context, text []byte) (proto.Message, error) {
		request := P(new(Request))
		if err := protojson.Unmarshal(text, request); err != nil {
			return nil, err
		}
		return method(ctx, request)
	}
}

func serviceOf(name string, connection *grpc.ClientConn) (call, error) {
	switch name {
	case "card_assistant":
		return through(card.NewCardAssistantServiceClient(connection).Evaluate), nil
	case "credit_decision":
		return through(credit.NewCreditDecisionServiceClient(connection).Evaluate), nil
	case "default_risk":
		return through(risk.NewDefaultRiskServiceClient(connection).Evaluate), nil
	case "exact_echo":
		return through(echo.NewExactEchoServiceClient(connection).Evaluate), nil
	}
	return nil, fmt.Errorf("no service is called %s", name)
}

func run(name, target string) error {
	connection, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	evaluate, err := serviceOf(name, connection)
	if err != nil {
		return err
	}
	requests := bufio.NewReader(os.Stdin)
	for {
		line, err := requests.ReadBytes('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := answer(evaluate, line); err != nil {
			return err
		}
	}
}

func answer(evaluate call, line []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	message, err := evaluate(ctx, line)
	if err != nil {
		return err
	}
	text, err := protojson.Marshal(message)
	if err != nil {
		return err
	}
	_, err = fmt.Println(string(text))
	return err
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: interop SERVICE TARGET")
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}
