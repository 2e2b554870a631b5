package main

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/emptypb"

	_ "google.golang.org/genproto/googleapis/rpc/errdetails"
	_ "interop/gen/anything/v1"
	_ "interop/gen/every_value/v1"
	_ "interop/gen/single_row/v1"
	_ "interop/gen/trouble/v1"
)

// progress is how many calls of a load are answered between two lines about it.
const progress = 50

// method is a method of the generated code. One that the contract does not have takes and gives empty messages.
type method struct {
	input, output protoreflect.MessageType
	streams       bool
}

func methodOf(path string) (method, error) {
	empty := (&emptypb.Empty{}).ProtoReflect().Type()
	service, name, _ := strings.Cut(path, "/")
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(service))
	if err != nil {
		return method{}, err
	}
	known := found.(protoreflect.ServiceDescriptor).Methods().ByName(protoreflect.Name(name))
	if known == nil {
		return method{input: empty, output: empty}, nil
	}
	input, err := protoregistry.GlobalTypes.FindMessageByName(known.Input().FullName())
	if err != nil {
		return method{}, err
	}
	output, err := protoregistry.GlobalTypes.FindMessageByName(known.Output().FullName())
	return method{input, output, known.IsStreamingClient()}, err
}

func (m method) requests(texts []json.RawMessage) ([]proto.Message, error) {
	var messages []proto.Message
	for _, text := range texts {
		message := m.input.New()
		if err := fillFrom(message, text); err != nil {
			return nil, err
		}
		messages = append(messages, message.Interface())
	}
	return messages, nil
}

// call prints each answer as it comes, and then the status.
func call(ctx context.Context, connection *grpc.ClientConn, c command, print func(any)) error {
	m, err := methodOf(c.Method)
	if err != nil {
		return err
	}
	requests, err := m.requests(c.Requests)
	if err != nil {
		return err
	}
	options := []grpc.CallOption{}
	if c.Gzip {
		options = append(options, grpc.UseCompressor(gzip.Name))
	}
	answered := func(message protoreflect.Message) {
		print(map[string]any{"id": c.ID, "answer": read(message)})
	}
	if m.streams {
		err = stream(ctx, connection, "/"+c.Method, m, requests, answered, options)
	} else {
		reply := m.output.New()
		if err = connection.Invoke(ctx, "/"+c.Method, requests[0], reply.Interface(), options...); err == nil {
			answered(reply)
		}
	}
	// ProtoJSON writes each detail by its type, which the library must know.
	text, marshalling := protojson.Marshal(status.Convert(err).Proto())
	if marshalling != nil {
		return marshalling
	}
	if err == nil {
		text = []byte("{}")
	}
	print(map[string]any{"id": c.ID, "status": json.RawMessage(text)})
	return nil
}

func stream(ctx context.Context, connection *grpc.ClientConn, path string, m method, requests []proto.Message,
	answered func(protoreflect.Message), options []grpc.CallOption) error {
	both := &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}
	opened, err := connection.NewStream(ctx, both, path, options...)
	if err != nil {
		return err
	}
	go func() {
		for _, request := range requests {
			if opened.SendMsg(request) != nil {
				return // RecvMsg says why.
			}
		}
		opened.CloseSend()
	}()
	for {
		reply := m.output.New()
		if err := opened.RecvMsg(reply.Interface()); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		answered(reply)
	}
}

// load repeats one unary call, so many at once, until it is cancelled; no call is.
func load(ctx context.Context, connection *grpc.ClientConn, c command, print func(any)) error {
	m, err := methodOf(c.Method)
	if err != nil {
		return err
	}
	requests, err := m.requests(c.Requests)
	if err != nil {
		return err
	}
	var lock sync.Mutex
	answered, failed := 0, map[string]int{}
	count := func(err error) {
		lock.Lock()
		defer lock.Unlock()
		if err != nil {
			failed[err.Error()]++
			return
		}
		if answered++; answered%progress == 0 {
			print(map[string]any{"id": c.ID, "answered": answered})
		}
	}
	var callers sync.WaitGroup
	for range c.AtOnce {
		callers.Go(func() {
			for ctx.Err() == nil {
				reply := m.output.New().Interface()
				count(connection.Invoke(context.Background(), "/"+c.Method, requests[0], reply))
			}
		})
	}
	callers.Wait()
	print(map[string]any{"id": c.ID, "answered": answered, "failed": failed})
	return nil
}
