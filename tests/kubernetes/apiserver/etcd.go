// The store: an etcd inside this process, which is reached by a unix socket alone.
package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path/filepath"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
	"go.etcd.io/etcd/server/v3/embed"
	"go.etcd.io/etcd/server/v3/storage/mvcc"
)

type store struct {
	*embed.Etcd
	address string
}

// openStore opens what was kept in the folder, or begins anew there. What a killed process had written is
// kept by the kernel, so nothing waits for the disk.
func openStore(folder string) (*store, error) {
	socket := func(name string) url.URL { return url.URL{Scheme: "unix", Path: filepath.Join(folder, name)} }
	config := embed.NewConfig()
	config.Dir, config.LogLevel, config.UnsafeNoFsync = filepath.Join(folder, "etcd"), "error", true
	config.ListenClientUrls, config.ListenPeerUrls = []url.URL{socket("client")}, []url.URL{socket("peer")}
	// An advertised address must name a host and a port; there is no peer who would call it.
	nobody := []url.URL{{Scheme: "http", Host: "localhost:1"}}
	config.AdvertiseClientUrls, config.AdvertisePeerUrls = nobody, nobody
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	opened, err := embed.StartEtcd(config)
	if err != nil {
		return nil, err
	}
	select {
	case <-opened.Server.ReadyNotify():
		address := socket("client")
		return &store{opened, address.String()}, nil
	case err := <-opened.Err():
		return nil, err
	}
}

// compact forgets all history, as a real cluster does every five minutes: what is older answers 410 Gone.
func (s *store) compact(answer http.ResponseWriter, asked *http.Request) {
	request := &pb.CompactionRequest{Revision: s.Server.KV().Rev(), Physical: true}
	if _, err := s.Server.Compact(context.WithoutCancel(asked.Context()), request); err != nil && !errors.Is(err, mvcc.ErrCompacted) {
		http.Error(answer, err.Error(), http.StatusInternalServerError)
	}
}
