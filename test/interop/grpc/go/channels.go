package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

// channelOptions says where to and how; the files are PEM.
type channelOptions struct {
	Target      string `json:"target"`
	Authority   string `json:"authority"`
	Ca          string `json:"ca"`
	Certificate string `json:"certificate"`
	Key         string `json:"key"`
	KeepaliveMs int64  `json:"keepaliveMs"`
	// WithoutRetries turns off what can be: calls that were refused unread are sent again all the same.
	WithoutRetries bool `json:"withoutRetries"`
	// Separate keeps channels apart that are alike otherwise: each has connections of its own.
	Separate int `json:"separate"`
}

type channels map[channelOptions]*grpc.ClientConn

func (c channels) open(options channelOptions) (*grpc.ClientConn, error) {
	if found, ok := c[options]; ok {
		return found, nil
	}
	transport, err := options.credentials()
	if err != nil {
		return nil, err
	}
	dial := []grpc.DialOption{grpc.WithTransportCredentials(transport)}
	if options.KeepaliveMs > 0 {
		every := time.Duration(options.KeepaliveMs) * time.Millisecond
		dial = append(dial, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: every}))
	}
	if options.WithoutRetries {
		dial = append(dial, grpc.WithDisableRetry())
	}
	opened, err := grpc.NewClient(options.Target, dial...)
	if err != nil {
		return nil, err
	}
	c[options] = opened
	return opened, nil
}

func (o channelOptions) credentials() (credentials.TransportCredentials, error) {
	if o.Ca == "" {
		return insecure.NewCredentials(), nil
	}
	authorities, err := os.ReadFile(o.Ca)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authorities) {
		return nil, fmt.Errorf("%s has no certificate", o.Ca)
	}
	config := &tls.Config{RootCAs: roots, ServerName: o.Authority}
	if o.Certificate != "" {
		pair, err := tls.LoadX509KeyPair(o.Certificate, o.Key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return credentials.NewTLS(config), nil
}
