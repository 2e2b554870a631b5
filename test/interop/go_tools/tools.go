//go:build tools

// Package tools names a command that `go install` cannot make by its version: the module proxy has the version, but not
// the list of versions that `go install` asks for first.
package tools

import _ "github.com/fullstorydev/grpcui/cmd/grpcui"
