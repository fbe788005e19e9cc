// An API server for tests: the real one for custom resources (k8s.io/apiextensions-apiserver) with an etcd
// inside, and beside them the few built-in kinds that a program such as ours has to do with.
//
// Of a cluster it has no controllers: children outlive their owner, and a deleted namespace leaves behind
// what was in it. What else is not the real thing says so where it is: permission.go, schema.go, registry.go.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"

	core "k8s.io/api/core/v1"
	crds "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	crdserver "k8s.io/apiextensions-apiserver/pkg/apiserver"
	crdoptions "k8s.io/apiextensions-apiserver/pkg/cmd/server/options"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/authorization/union"
	"k8s.io/apiserver/pkg/endpoints/openapi"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	genericapiserver "k8s.io/apiserver/pkg/server"
	genericoptions "k8s.io/apiserver/pkg/server/options"
	"k8s.io/apiserver/pkg/util/compatibility"
	"k8s.io/apiserver/pkg/util/webhook"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
)

var (
	folder = flag.String("folder", "", "where everything is kept; its path must be shorter than 90 characters, for there is a socket in it")
	port   = flag.Int("port", 0, "where to listen on 127.0.0.1; 0 takes a free one")
	people = flag.String("people", "", `JSON: [{"name": "ada", "token": "…", "groups": ["authors"]}]; the group system:masters may do everything`)
	reads  = flag.Int("reads", 400, "how many may read at once before 429 is answered; 0: all")
	writes = flag.Int("writes", 200, "how many may write at once before 429 is answered; 0: all")
	leash  = flag.Bool("leash", false, "end when the standard input does, as it does with whoever started this")
	cached = flag.Bool("watch-cache", true, "without it, watches read etcd, so that /compact makes old ones answer 410")
)

func main() {
	flag.Parse()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "apiserver:", err)
		os.Exit(1)
	}
}

func run() error {
	known, err := readPeople(*people)
	if err != nil {
		return err
	}
	etcd, err := openStore(*folder)
	if err != nil {
		return err
	}
	defer etcd.Close()
	ctx, end := context.WithCancel(genericapiserver.SetupSignalContext())
	defer end()
	if *leash {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			end()
		}()
	}
	server, serving, err := newServer(etcd, known)
	if err != nil {
		return err
	}
	authority, err := os.ReadFile(serving.ServerCert.CertKey.CertFile)
	if err != nil {
		return err
	}
	loopback := *server.LoopbackClientConfig
	public := loopback
	public.Host = "https://" + serving.Listener.Addr().String()
	go func() {
		if err := announce(ctx, filepath.Join(*folder, "kubeconfig"), public, authority, known); err != nil {
			fmt.Fprintln(os.Stderr, "apiserver:", err)
		}
	}()
	return server.PrepareRun().RunWithContext(ctx)
}

// newServer puts the server together, which does not listen yet.
func newServer(etcd *store, known []person) (*genericapiserver.GenericAPIServer, *genericoptions.SecureServingOptionsWithLoopback, error) {
	coder := newCodecs()
	config := genericapiserver.NewRecommendedConfig(crdserver.Codecs)
	config.EffectiveVersion = compatibility.DefaultBuildEffectiveVersion()
	config.MergedResourceConfig = crdserver.DefaultAPIResourceConfigSource()
	config.MaxRequestsInFlight, config.MaxMutatingRequestsInFlight = *reads, *writes
	namer := openapi.NewDefinitionNamer(crdserver.Scheme, clientgoscheme.Scheme)
	config.OpenAPIConfig = genericapiserver.DefaultOpenAPIConfig(definitions, namer)
	config.OpenAPIV3Config = genericapiserver.DefaultOpenAPIV3Config(definitions, namer)

	keeping := kept(etcd.address, crdserver.Codecs.LegacyCodec(crds.SchemeGroupVersion))
	keeping.EnableWatchCache = *cached
	if err := keeping.ApplyTo(&config.Config); err != nil {
		return nil, nil, err
	}
	serving, err := listen(config)
	if err != nil {
		return nil, nil, err
	}
	shelves, err := openShelves(*keeping, coder)
	if err != nil {
		return nil, nil, err
	}
	config.Authentication.Authenticator = authentication(known)
	config.Authorization.Authorizer = union.New(authorizerfactory.NewPrivilegedGroups(user.SystemPrivilegedGroup), permissions{shelves})
	callers := webhook.NewDefaultAuthenticationInfoResolverWrapper(nil, nil, config.LoopbackClientConfig, config.TracerProvider)
	if err := admit(config, callers); err != nil {
		return nil, nil, err
	}
	if err := audit(config, *folder); err != nil {
		return nil, nil, err
	}
	completed := (&crdserver.Config{GenericConfig: config, ExtraConfig: crdserver.ExtraConfig{
		CRDRESTOptionsGetter: crdoptions.NewCRDRESTOptionsGetter(*keeping, nil, config.StorageObjectCountTracker),
		ServiceResolver:      webhook.NewDefaultServiceResolver(),
		AuthResolverWrapper:  callers,
		MasterCount:          1,
	}}).Complete()
	completed.GenericConfig.EnableDiscovery = true // it was turned off for an aggregator, which is not here
	server, err := completed.New(genericapiserver.NewEmptyDelegate())
	if err != nil {
		return nil, nil, err
	}
	generic := server.GenericAPIServer
	if err := shelves.install(generic, coder, newReviews(config.Authorization.Authorizer)); err != nil {
		return nil, nil, err
	}
	generic.Handler.NonGoRestfulMux.Handle("/compact", http.HandlerFunc(etcd.compact))
	generic.AddPostStartHookOrDie("default-namespace", func(hook genericapiserver.PostStartHookContext) error {
		return shelves.found(hook.Context, meta.NamespaceDefault)
	})
	return generic, serving, publishGroups(server)
}

// listen opens the port; the certificate is made once, and taken again after a restart.
func listen(config *genericapiserver.RecommendedConfig) (*genericoptions.SecureServingOptionsWithLoopback, error) {
	serving := genericoptions.NewSecureServingOptions()
	serving.ServerCert.CertDirectory, serving.ServerCert.PairName = *folder, "server"
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		return nil, err
	}
	serving.Listener = listener
	if err := serving.MaybeDefaultWithSelfSignedCerts("localhost", nil, []net.IP{net.IPv4(127, 0, 0, 1)}); err != nil {
		return nil, err
	}
	with := serving.WithLoopback()
	return with, with.ApplyTo(&config.SecureServing, &config.LoopbackClientConfig)
}

// found makes a namespace unless it is there.
func (s shelves) found(ctx context.Context, name string) error {
	made := &core.Namespace{ObjectMeta: meta.ObjectMeta{Name: name}}
	_, err := s[namespaces.plural].Create(request.WithNamespace(ctx, ""), made, rest.ValidateAllObjectFunc, &meta.CreateOptions{})
	if errors.IsAlreadyExists(err) {
		return nil
	}
	return err
}
