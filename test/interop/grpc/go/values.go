package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/genproto/googleapis/type/decimal"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"google.golang.org/genproto/googleapis/rpc/status"
)

type object = map[string]json.RawMessage

// fillFrom sets the fields that are there. Values have the tags of test/interop/soap/tagged-values.ts.
func fillFrom(message protoreflect.Message, text json.RawMessage) error {
	var members object
	if err := json.Unmarshal(text, &members); err != nil {
		return err
	}
	if known, err := taggedMessage(members); known != nil || err != nil {
		if err == nil {
			proto.Merge(message.Interface(), known)
		}
		return err
	}
	for name, member := range members {
		field := message.Descriptor().Fields().ByName(protoreflect.Name(name))
		if field == nil {
			return fmt.Errorf("%s has no %s", message.Descriptor().FullName(), name)
		}
		if err := fillField(message, field, member); err != nil {
			return err
		}
	}
	return nil
}

// taggedMessage is a value that protobuf has a message for, made by the library's own helper; nil: it is none.
func taggedMessage(members object) (proto.Message, error) {
	if text, ok := tagOf(members, "$decimal"); ok {
		return &decimal.Decimal{Value: text}, nil
	}
	if text, ok := tagOf(members, "$dateTime"); ok {
		moment, err := time.Parse(time.RFC3339Nano, text)
		return timestamppb.New(moment), err
	}
	if text, ok := tagOf(members, "$date"); ok {
		day, err := time.Parse(time.DateOnly, text)
		return &date.Date{Year: int32(day.Year()), Month: int32(day.Month()), Day: int32(day.Day())}, err
	}
	return nil, nil
}

func tagOf(members object, tag string) (text string, ok bool) {
	raw, ok := members[tag]
	return text, ok && json.Unmarshal(raw, &text) == nil
}

func fillField(message protoreflect.Message, field protoreflect.FieldDescriptor, text json.RawMessage) error {
	switch {
	case field.IsMap():
		var entries object
		if err := json.Unmarshal(text, &entries); err != nil {
			return err
		}
		target := message.Mutable(field).Map()
		for key, entry := range entries {
			value, err := valueOf(field.MapValue(), target.NewValue, entry)
			if err != nil {
				return err
			}
			target.Set(protoreflect.ValueOfString(key).MapKey(), value)
		}
	case field.IsList():
		var items []json.RawMessage
		if err := json.Unmarshal(text, &items); err != nil {
			return err
		}
		target := message.Mutable(field).List()
		for _, item := range items {
			value, err := valueOf(field, target.NewElement, item)
			if err != nil {
				return err
			}
			target.Append(value)
		}
	default:
		value, err := valueOf(field, func() protoreflect.Value { return message.NewField(field) }, text)
		if err != nil {
			return err
		}
		message.Set(field, value)
	}
	return nil
}

func valueOf(field protoreflect.FieldDescriptor, empty func() protoreflect.Value, text json.RawMessage) (protoreflect.Value, error) {
	if field.Message() != nil {
		value := empty()
		return value, fillFrom(value.Message(), text)
	}
	var members object
	switch field.Kind() {
	case protoreflect.StringKind:
		var value string
		err := json.Unmarshal(text, &value)
		return protoreflect.ValueOfString(value), err
	case protoreflect.BoolKind:
		var value bool
		err := json.Unmarshal(text, &value)
		return protoreflect.ValueOfBool(value), err
	case protoreflect.Int64Kind, protoreflect.Int32Kind, protoreflect.DoubleKind:
		if err := json.Unmarshal(text, &members); err != nil {
			return protoreflect.Value{}, err
		}
	default:
		return protoreflect.Value{}, fmt.Errorf("%s is of no type that a contract has", field.FullName())
	}
	if bits, ok := tagOf(members, "$double"); ok {
		value, err := strconv.ParseUint(bits, 16, 64)
		return protoreflect.ValueOfFloat64(math.Float64frombits(value)), err
	}
	digits, _ := tagOf(members, "$long")
	whole, err := strconv.ParseInt(digits, 10, 64)
	if field.Kind() == protoreflect.Int32Kind {
		return protoreflect.ValueOfInt32(int32(whole)), err
	}
	return protoreflect.ValueOfInt64(whole), err
}

// read is every field that is set, by name.
func read(message protoreflect.Message) any {
	switch known := message.Interface().(type) {
	case *decimal.Decimal:
		return map[string]string{"$decimal": known.Value}
	case *timestamppb.Timestamp:
		return map[string]string{"$dateTime": known.AsTime().Format(time.RFC3339Nano)}
	case *date.Date:
		return map[string]string{"$date": fmt.Sprintf("%04d-%02d-%02d", known.Year, known.Month, known.Day)}
	case *status.Status:
		text, err := protojson.Marshal(known)
		if err != nil {
			return err.Error()
		}
		return json.RawMessage(text)
	}
	members := map[string]any{}
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		members[string(field.Name())] = readField(field, value)
		return true
	})
	return members
}

func readField(field protoreflect.FieldDescriptor, value protoreflect.Value) any {
	switch {
	case field.IsMap():
		entries := map[string]any{}
		value.Map().Range(func(key protoreflect.MapKey, entry protoreflect.Value) bool {
			entries[key.String()] = readOne(field.MapValue(), entry)
			return true
		})
		return entries
	case field.IsList():
		items := make([]any, value.List().Len())
		for index := range items {
			items[index] = readOne(field, value.List().Get(index))
		}
		return items
	}
	return readOne(field, value)
}

func readOne(field protoreflect.FieldDescriptor, value protoreflect.Value) any {
	switch field.Kind() {
	case protoreflect.MessageKind:
		return read(value.Message())
	case protoreflect.Int64Kind, protoreflect.Int32Kind:
		return map[string]string{"$long": value.String()}
	case protoreflect.DoubleKind:
		return map[string]string{"$double": fmt.Sprintf("%016x", math.Float64bits(value.Float()))}
	}
	return value.Interface()
}
