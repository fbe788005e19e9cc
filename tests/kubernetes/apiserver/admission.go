// The chain that every write passes: whether its namespace is there, then the webhooks that were registered.
package main

import (
	"k8s.io/apiserver/pkg/admission/plugin/policy/mutating"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/initializer"
	genericapiserver "k8s.io/apiserver/pkg/server"
	genericoptions "k8s.io/apiserver/pkg/server/options"
	"k8s.io/apiserver/pkg/util/feature"
	"k8s.io/apiserver/pkg/util/webhook"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
)

// admit sets up Kubernetes' own plug-ins, which learn of namespaces and webhooks from this server itself.
func admit(config *genericapiserver.RecommendedConfig, callers webhook.AuthenticationInfoResolverWrapper) error {
	client, err := kubernetes.NewForConfig(config.LoopbackClientConfig)
	if err != nil {
		return err
	}
	loose, err := dynamic.NewForConfig(config.LoopbackClientConfig)
	if err != nil {
		return err
	}
	config.ClientConfig = config.LoopbackClientConfig
	config.SharedInformerFactory = informers.NewSharedInformerFactory(client, 0)
	options := genericoptions.NewAdmissionOptions()
	// Policies in CEL would want objects and a compiler of types that are not served here.
	options.DisablePlugins = []string{mutating.PluginName, validating.PluginName}
	hooks := initializer.NewPluginInitializer(callers, webhook.NewDefaultServiceResolver())
	return options.ApplyTo(&config.Config, config.SharedInformerFactory, client, loose, feature.DefaultFeatureGate, hooks)
}
