// The sign that the server is ready: a kubeconfig with a context for everybody.
package main

import (
	"context"
	"net/http"
	"os"
	"slices"
	"time"

	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

const pause = 20 * time.Millisecond

// announce writes the file at once as a whole when /readyz says so: whoever sees it can use it.
func announce(ctx context.Context, path string, server rest.Config, authority []byte, people []person) error {
	client, err := rest.HTTPClientFor(&server)
	if err != nil {
		return err
	}
	for !ready(client, server.Host) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
	config := api.NewConfig()
	config.Clusters["tests"] = &api.Cluster{Server: server.Host, CertificateAuthorityData: authority}
	for _, one := range people {
		config.AuthInfos[one.Name] = &api.AuthInfo{Token: one.Token}
		config.Contexts[one.Name] = &api.Context{Cluster: "tests", AuthInfo: one.Name}
		if slices.Contains(one.Groups, user.SystemPrivilegedGroup) {
			config.CurrentContext = one.Name
		}
	}
	if err := clientcmd.WriteToFile(*config, path+".partial"); err != nil {
		return err
	}
	return os.Rename(path+".partial", path)
}

func ready(client *http.Client, host string) bool {
	answer, err := client.Get(host + "/readyz")
	return err == nil && answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
}
